/** A progress bar. It only changes a transform, which needs no layout. */
import type { Progress } from "@ossicle/core";
import { element, setAttribute, setText } from "../dom/element.js";
import type { Words } from "../words/en.js";
import { percent } from "../words/format.js";
import { progressWords } from "../words/upload-words.js";

export interface ProgressBar {
  readonly element: HTMLElement;
  /** @param fraction null where there is nothing to have a part of */
  draw(words: Words, fraction: number | null, bytes: Pick<Progress, "storedBytes" | "totalBytes">): void;
}

/** @param fileName null for the sum of all uploads @param map lies over the bar, in its place */
export function createProgressBar(fileName: string | null, map?: HTMLElement): ProgressBar {
  const done = element("span", { class: "bar-done" });
  const track = element(
    "div",
    { class: "bar-track", part: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" },
    ...(map === undefined ? [done] : []),
  );
  const number = element("span", {
    class: "bar-percent",
    "data-testid": fileName === null ? "total-percent" : "upload-percent",
    "aria-hidden": "true",
  });

  return {
    element: element("div", { class: "bar" }, track, ...(map === undefined ? [] : [map]), number),
    draw(words, fraction, bytes) {
      const whole = percent(fraction);
      setAttribute(track, "aria-label", fileName === null ? words.list.total : words.upload.progressOf(fileName));
      setAttribute(track, "aria-valuenow", fraction === null ? null : String(Number.parseInt(whole, 10)));
      setAttribute(track, "aria-valuetext", progressWords(words, whole, bytes));
      setText(number, whole);
      const transform = `scaleX(${(fraction ?? 0).toFixed(4)})`;
      if (done.style.transform !== transform) done.style.transform = transform;
    },
  };
}
