/** What stands over the list of uploads: the sum in figures, the graph, and the buttons for all of them. */

import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { grouped } from "../../words/count.js";
import { formatBytes, formatTimeLeft, percent } from "../../words/format.js";
import { type WordKey, words } from "../../words/language.js";
import { resumedWords, storedWords } from "../upload-words.js";
import { type Filter, filters, type Sum } from "./entries.js";
import { createProgressBar } from "./progress-bar.js";
import type { Throughput } from "./throughput.js";

export interface ListHead {
  readonly element: HTMLElement;
  readonly filter: Filter;
  draw(sum: Sum, atMs: number): void;
  /** A hidden tab has no frames, but it has a title. */
  drawTitle(sum: Sum): void;
}

/** Stands beside the sum and is drawn with it, e.g. a graph of the throughput. */
export interface Figure {
  readonly element: HTMLElement;
  /** @param atMs as of performance.now() */
  draw(atMs: number): void;
}

export interface ListHeadOptions {
  readonly throughput: Throughput;
  readonly figure: Figure;
  readonly onFilter: () => void;
  readonly onPauseAll: () => void;
  readonly onResumeAll: () => void;
  readonly onClear: () => void;
}

/**
 * For tests: [data-testid=uploads-sum]; radio buttons [data-testid=filter-<name>]; the buttons "Pause all", "Resume all",
 * "Clear ended"; [data-testid=awake] and [data-testid=leaving], shown while the page keeps the screen on, or would ask.
 */
export function createListHead({ throughput, figure, onFilter, ...acts }: ListHeadOptions): ListHead {
  let filter: Filter = "all";
  const title = worded("h2", "list.title", { tabindex: "-1" });
  const sumLine = element("p", { class: "sum-words", "data-testid": "uploads-sum" });
  const big = element("p", { class: "sum-percent", "aria-hidden": "true" });
  const bar = createProgressBar(null);
  const buttons = {
    resumeAll: button("list.resumeAll", acts.onResumeAll),
    pauseAll: button("list.pauseAll", acts.onPauseAll),
    clear: button("list.clear", acts.onClear),
  };
  const awake = worded("span", "list.awake", { class: "sign", "data-testid": "awake", hidden: "" });
  const leaving = worded("span", "list.leaving", { class: "sign sign-warn", "data-testid": "leaving", hidden: "" });
  const choices = filters.map((name) => filterChoice(name, () => filter));

  function filterChoice(name: Filter, current: () => Filter) {
    const input = element("input", {
      type: "radio",
      name: "filter",
      value: name,
      class: "visually-hidden",
      "data-testid": `filter-${name}`,
    });
    input.checked = current() === name;
    const amount = element("span", { class: "filter-count" });
    const label = element("span", {});
    input.addEventListener("change", () => {
      filter = name;
      onFilter();
    });
    return { name, input, label, amount, element: element("label", { class: "filter" }, input, label, " ", amount) };
  }

  const filterGroup = element(
    "div",
    { class: "filters", role: "radiogroup", "data-words-label": "list.show" },
    ...choices.map((choice) => choice.element),
  );

  return {
    element: element(
      "div",
      { class: "list-head" },
      element(
        "div",
        { class: "section-head" },
        title,
        element("div", { class: "signs" }, awake, leaving),
        element("div", { class: "head-actions" }, ...Object.values(buttons)),
      ),
      element("div", { class: "sum" }, element("div", { class: "sum-figures" }, big, sumLine), figure.element),
      bar.element,
      filterGroup,
    ),
    get filter() {
      return filter;
    },
    draw(sum, atMs) {
      const said = words();
      const { counts } = sum;
      setText(big, `${percent(sum.storedBytes, sum.totalBytes)} %`);
      setText(sumLine, sumWords(sum, throughput.rate(atMs)));
      bar.draw(said, sum);
      figure.draw(atMs);
      for (const { name, input, label, amount } of choices) {
        setText(label, said.list.filters[name]);
        setText(amount, grouped(counts[name]));
        setAttribute(input, "aria-label", `${said.list.filters[name]}: ${grouped(counts[name])}`);
      }
      const running = counts.all - counts.done - counts.failed;
      buttons.pauseAll.disabled = !sum.canPause;
      buttons.resumeAll.disabled = !sum.canResume;
      buttons.clear.disabled = !sum.canClear;
      setVisible(awake, running > 0 && sum.isMoving && "wakeLock" in navigator);
      setVisible(leaving, sum.isLosable);
    },
    drawTitle(sum) {
      const { title: pageTitle } = words().page;
      const running = sum.counts.moving + sum.counts.waiting > 0 && sum.leftBytes + sum.finishing > 0;
      const text = running ? `${percent(sum.storedBytes, sum.totalBytes)} % · ${pageTitle}` : pageTitle;
      if (document.title !== text) document.title = text;
    },
  };
}

/** "126 MB of 300 MB stored · 12.4 MB/s · 2 min 05 s left · 1.2 GB were already there". */
export function sumWords(sum: Sum, bytesPerSecond: number): string {
  const said = words();
  const { counts } = sum;
  const files = counts.all === 1 ? "" : said.list.storedOf(counts.done, counts.all);
  const over = counts.done === counts.all;
  const finishing = sum.finishing > 0 && sum.storedBytes === sum.totalBytes;
  const left = bytesPerSecond > 0 ? sum.leftBytes / bytesPerSecond : null;
  const facts = over
    ? [said.list.allStored(counts.done), formatBytes(sum.totalBytes)]
    : [
        storedWords(said, sum),
        files,
        finishing || !sum.isMoving ? "" : formatTimeLeft(left, said.time),
        finishing ? said.list.finishing : "",
      ];
  return [...facts, resumedWords(said, sum)].filter((fact) => fact !== "").join(" · ");
}

function button(key: WordKey, onClick: () => void): HTMLButtonElement {
  const node = worded("button", key, { type: "button", class: "button button-quiet" });
  node.addEventListener("click", onClick);
  return node;
}
