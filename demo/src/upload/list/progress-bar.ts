/** A progress bar. It only changes a transform, which needs no layout. */
import type { Progress } from "@ossicle/core";
import { element, setAttribute, setText } from "../../elements/element.js";
import { percent } from "../../words/format.js";
import type { Words } from "../../words/language.js";
import { progressWords } from "../upload-words.js";

type Shown = Pick<Progress, "fraction" | "storedBytes" | "totalBytes">;

export interface ProgressBar {
  readonly element: HTMLElement;
  draw(words: Words, progress: Shown): void;
}

/** @param fileName null for the sum of all uploads */
export function createProgressBar(fileName: string | null): ProgressBar {
  const done = element("span", { class: "bar-done" });
  const track = element(
    "div",
    {
      class: "bar-track",
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    done,
  );
  const number = element("span", {
    class: "bar-percent",
    "data-testid": fileName === null ? "total-percent" : "upload-percent",
    "aria-hidden": "true",
  });

  return {
    element: element("div", { class: "bar" }, track, number),
    draw(words, progress) {
      const whole = percent(progress.fraction);
      setAttribute(track, "aria-label", fileName === null ? words.list.total : words.upload.progressOf(fileName));
      setAttribute(track, "aria-valuenow", String(whole));
      setAttribute(track, "aria-valuetext", progressWords(words, progress));
      setText(number, `${whole} %`);
      scale(done, progress.fraction);
    },
  };
}

function scale(span: HTMLElement, fraction: number): void {
  const transform = `scaleX(${fraction.toFixed(4)})`;
  if (span.style.transform !== transform) span.style.transform = transform;
}
