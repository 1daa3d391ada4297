/** A progress bar: what is stored, and lighter, what is sent. Moves by transform alone, so that no layout is needed. */
import type { Progress } from "@ossicle/core";
import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";
import { progressWords } from "./words.js";

export interface ProgressBar {
  readonly element: HTMLElement;
  draw(progress: Progress): void;
}

export function createProgressBar(fileName: string): ProgressBar {
  const sent = element("span", { class: "bar-sent" });
  const stored = element("span", { class: "bar-stored" });
  const track = element(
    "div",
    {
      class: "bar-track",
      role: "progressbar",
      "aria-label": `Progress of ${fileName}`,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    },
    sent,
    stored,
  );
  const number = element("span", { class: "bar-percent", "data-testid": "upload-percent", "aria-hidden": "true" });

  return {
    element: element("div", { class: "bar" }, track, number),
    draw(progress) {
      const { storedBytes, sentBytes, totalBytes } = progress;
      const whole = percent(storedBytes, totalBytes);
      setAttribute(track, "aria-valuenow", String(whole));
      setAttribute(track, "aria-valuetext", progressWords(progress));
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
