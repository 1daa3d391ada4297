/** What stands above the list of uploads: their sum in figures, a figure beside it, the buttons for all, the filter. */
import { element, setText, setVisible, worded } from "../../elements/element.js";
import { formatBytes, formatTimeLeft, percent } from "../../words/format.js";
import { type WordKey, words } from "../../words/language.js";
import { resumedWords, storedWords } from "../upload-words.js";
import type { Filter, Sum } from "./entries.js";
import { createListFilter } from "./list-filter.js";
import { createProgressBar } from "./progress-bar.js";

export interface ListHead {
  readonly element: HTMLElement;
  readonly filter: Filter;
  /** @param secondsLeft of all that goes on by itself; null where nobody knows */
  draw(sum: Sum, secondsLeft: number | null, atMs: number): void;
  /** Writes the sum into the page's title. Separate, because a hidden tab has a title but draws no frames. */
  drawTitle(sum: Sum): void;
}

/** Stands beside the sum and is drawn with it, e.g. a graph of the throughput. */
export interface Figure {
  readonly element: HTMLElement;
  /** @param atMs as of performance.now() */
  draw(atMs: number): void;
}

export interface ListHeadOptions {
  readonly figure: Figure;
  readonly onFilter: () => void;
  readonly onPauseAll: () => void;
  readonly onResumeAll: () => void;
  readonly onClear: () => void;
}

/**
 * For tests: [data-testid=uploads-sum]; the buttons "Pause all", "Resume all", "Clear ended"; [data-testid=awake], shown while
 * the page keeps the screen on; [data-testid=leaving], shown while the browser would ask before the page is left.
 */
export function createListHead({ figure, onFilter, ...acts }: ListHeadOptions): ListHead {
  const title = worded("h2", "list.title", { tabindex: "-1" });
  const sumLine = element("p", { class: "sum-words", "data-testid": "uploads-sum" });
  const big = element("p", { class: "sum-percent", "aria-hidden": "true" });
  const bar = createProgressBar(null);
  const filter = createListFilter(onFilter);
  const resumeAll = button("list.resumeAll", acts.onResumeAll);
  const pauseAll = button("list.pauseAll", acts.onPauseAll);
  const clear = button("list.clear", acts.onClear);
  const awake = worded("span", "list.awake", { class: "sign", "data-testid": "awake", hidden: "" });
  const leaving = worded("span", "list.leaving", { class: "sign sign-warn", "data-testid": "leaving", hidden: "" });
  const signs = element("div", { class: "signs" }, awake, leaving);
  const actions = element("div", { class: "head-actions" }, resumeAll, pauseAll, clear);

  return {
    element: element(
      "div",
      { class: "list-head" },
      element("div", { class: "section-head" }, title, signs, actions),
      element("div", { class: "sum" }, element("div", { class: "sum-figures" }, big, sumLine), figure.element),
      bar.element,
      filter.element,
    ),
    get filter() {
      return filter.chosen;
    },
    draw(sum, secondsLeft, atMs) {
      const { counts } = sum;
      setText(big, `${percent(sum.fraction)} %`);
      setText(sumLine, sumWords(sum, secondsLeft));
      bar.draw(words(), sum);
      figure.draw(atMs);
      filter.draw(counts);
      pauseAll.disabled = !sum.canPause;
      resumeAll.disabled = !sum.canResume;
      clear.disabled = !sum.canClear;
      const running = counts.all - counts.done - counts.failed;
      setVisible(awake, running > 0 && sum.isMoving && "wakeLock" in navigator);
      setVisible(leaving, sum.isLosable);
    },
    drawTitle(sum) {
      const { title: pageTitle } = words().page;
      const text = sum.canPause ? `${percent(sum.fraction)} % · ${pageTitle}` : pageTitle;
      if (document.title !== text) document.title = text;
    },
  };
}

/** "126 MB of 300 MB stored · 2 of 5 files · 2 min 05 s left · 1.20 GB were already there". */
function sumWords(sum: Sum, secondsLeft: number | null): string {
  const said = words();
  const { counts } = sum;
  const files = counts.all === 1 ? "" : said.list.storedOf(counts.done, counts.all);
  const over = counts.done === counts.all;
  const finishing = sum.finishing > 0 && sum.storedBytes === sum.totalBytes;
  const facts = over
    ? [said.list.allStored(counts.done), formatBytes(sum.totalBytes)]
    : [
        storedWords(said, sum),
        files,
        finishing || !sum.isMoving ? "" : formatTimeLeft(secondsLeft, said.time),
        finishing ? said.list.finishing : "",
      ];
  return [...facts, resumedWords(said, sum)].filter((fact) => fact !== "").join(" · ");
}

function button(key: WordKey, onClick: () => void): HTMLButtonElement {
  const node = worded("button", key, { type: "button", class: "button button-quiet" });
  node.addEventListener("click", onClick);
  return node;
}
