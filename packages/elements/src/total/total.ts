/** The sum of all uploads in figures and sentences, and the buttons for all. */
import type { Desk } from "../desk/desk.js";
import { element, setText, setVisible } from "../dom/element.js";
import { worded, wordedButton } from "../dom/worded.js";
import { createProgressBar } from "../list/progress-bar.js";
import type { Words } from "../words/en.js";
import { percent } from "../words/format.js";
import { stillWords, sumWords } from "../words/sum-words.js";

export interface Total {
  readonly element: HTMLElement;
  draw(words: Words, desk: Desk): void;
}

/**
 * For tests: [data-testid=uploads-sum]; [data-testid=still], why nothing moves, with the button "Try now"; the buttons "Pause all",
 * "Resume all", "Clear finished"; [data-testid=awake], shown while the page keeps the screen on; [data-testid=leaving], shown while the
 * browser would ask before the page is left.
 */
export function createTotal(desk: Desk): Total {
  const title = worded("h2", "list.title", { tabindex: "-1" });
  const sumLine = element("p", { class: "sum-words", "data-testid": "uploads-sum" });
  const big = element("p", { class: "sum-percent", "aria-hidden": "true", "data-testid": "sum-percent" });
  const bar = createProgressBar(null);
  const resumeAll = wordedButton("list.resumeAll", "button-quiet", "resume-all", () => desk.resumeAll());
  const pauseAll = wordedButton("list.pauseAll", "button-quiet", "pause-all", () => desk.pauseAll());
  const clear = wordedButton("list.clear", "button-quiet", "clear", () => desk.clear());
  const awake = worded("span", "list.awake", { class: "sign", "data-testid": "awake", hidden: "" });
  const leaving = worded("span", "list.leaving", { class: "sign sign-warn", "data-testid": "leaving", hidden: "" });
  const why = element("span", { "data-testid": "still" });
  const tryNow = wordedButton("still.tryNow", "", "try-now", () => desk.retryNow());
  const still = element("p", { class: "still", hidden: "" }, why, tryNow);
  const signs = element("div", { class: "signs" }, awake, leaving);
  const actions = element("div", { class: "head-actions" }, resumeAll, pauseAll, clear);
  const figures = element("div", { class: "sum-figures" }, big, sumLine);

  return {
    element: element(
      "div",
      { class: "total", part: "total" },
      element("div", { class: "section-head" }, title, signs, actions),
      element("div", { class: "sum" }, figures, element("slot", { name: "figure" })),
      bar.element,
      still,
    ),
    draw(words, { sum }) {
      setText(big, percent(sum.fraction));
      setText(sumLine, sumWords(words, sum));
      bar.draw(words, sum.fraction, sum.progress);
      const reason = sum.still === null ? "" : stillWords(words, sum.still, Date.now());
      setText(why, reason);
      setVisible(tryNow, sum.still?.reason === "offline" || sum.still?.reason === "lost", title);
      setVisible(still, reason !== "");
      for (const [button, can] of [
        [pauseAll, sum.canPause],
        [resumeAll, sum.canResume],
        [clear, sum.canClear],
      ] as const) {
        // A button that is disabled while it has the focus takes the keyboard with it.
        if (!can && button.matches(":focus")) title.focus();
        button.disabled = !can;
      }
      setVisible(awake, sum.isMoving && "wakeLock" in navigator);
      setVisible(leaving, sum.isLosable);
    },
  };
}
