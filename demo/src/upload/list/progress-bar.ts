/** A progress bar: what is stored, and in a lighter colour what is sent. It only changes transforms, which needs no layout. */
import type { Progress } from "@ossicle/core";
import { element, setAttribute, setText } from "../../elements/element.js";
import { percent } from "../../words/format.js";
import type { Words } from "../../words/language.js";
import { progressWords } from "../upload-words.js";

type Shown = Pick<Progress, "storedBytes" | "sentBytes" | "totalBytes">;

export interface ProgressBar {
  readonly element: HTMLElement;
  draw(words: Words, progress: Shown): void;
}

/** @param fileName null for the sum of all uploads */
export function createProgressBar(fileName: string | null): ProgressBar {
  const sent = element("span", { class: "bar-sent" });
  const stored = element("span", { class: "bar-stored" });
  const track = element(
    "div",
    {
      class: "bar-track",
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    sent,
    stored,
  );
  const number = element("span", {
    class: "bar-percent",
    "data-testid": fileName === null ? "total-percent" : "upload-percent",
    "aria-hidden": "true",
  });

  return {
    element: element("div", { class: "bar" }, track, number),
    draw(words, progress) {
      const { storedBytes, sentBytes, totalBytes } = progress;
      const whole = percent(storedBytes, totalBytes);
      setAttribute(track, "aria-label", fileName === null ? words.list.total : words.upload.progressOf(fileName));
      setAttribute(track, "aria-valuenow", String(whole));
      setAttribute(track, "aria-valuetext", progressWords(words, progress));
      setText(number, `${whole} %`);
      scale(stored, storedBytes, totalBytes);
      scale(sent, sentBytes, totalBytes);
    },
  };
}

function scale(span: HTMLElement, bytes: number, total: number): void {
  const share = total > 0 ? Math.min(1, bytes / total) : 0;
  const transform = `scaleX(${share.toFixed(4)})`;
  if (span.style.transform !== transform) span.style.transform = transform;
}
