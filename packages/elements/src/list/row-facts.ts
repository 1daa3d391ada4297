/** The line of facts below a file's name: what the upload is doing, how far it is, how fast, and what to know about it. */

import type { Entry } from "../desk/entries.js";
import { element, setAttribute, setText } from "../dom/element.js";
import type { Words } from "../words/en.js";
import { formatAgo, formatBytes, formatRate, formatTimeLeft } from "../words/format.js";
import { elapsedWords, phaseWords, resumedWords, storedWords, warningWords } from "../words/upload-words.js";

export interface RowFacts {
  readonly element: HTMLElement;
  draw(said: Words, entry: Entry): void;
}

export function createRowFacts(): RowFacts {
  const text = (part: string) => element("span", { "data-testid": `upload-${part}` });
  const phase = text("phase");
  const trouble = text("trouble");
  const stored = text("stored");
  const rate = text("rate");
  const timeLeft = text("time-left");
  const elapsed = text("elapsed");
  const resumed = text("resumed");
  const warning = text("warning");
  const line = element("p", { class: "facts" }, phase, trouble, stored, rate, timeLeft, elapsed, resumed, warning);

  return {
    element: line,
    draw(said, { upload: { state, file }, stopwatch, cancelling, isKept }) {
      const { progress } = state;
      const isLeaving = cancelling !== null;
      // Without a rate nothing moves, whatever the phase is.
      const moving = state.phase === "uploading" && state.waiting === null && progress.bytesPerSecond > 0;
      const result = state.phase === "completed" ? state.result : null;
      const now = Date.now();
      setText(phase, isLeaving ? said.phase.cancelling : phaseWords(said, state, now));
      setText(trouble, state.phase === "failed" ? said.errors[state.error.code].todo : "");
      const isCounted = !isLeaving && state.phase !== "cancelled" && state.phase !== "failed";
      const howFar = result === null ? storedWords(said, progress) : said.upload.stored(formatBytes(result.size));
      setText(stored, isCounted ? howFar : "");
      setText(rate, moving ? formatRate(progress.bytesPerSecond) : "");
      setText(timeLeft, moving ? formatTimeLeft(progress.secondsLeft, said.time) : "");
      const keptWords = isKept ? formatAgo(now - (file?.lastModified ?? now), said) : "";
      setText(elapsed, result === null || isKept ? keptWords : elapsedWords(said, result, stopwatch.seconds()));
      setText(resumed, isCounted ? resumedWords(said, result ?? progress) : "");
      setText(warning, warningWords(said, state));
      // The line may be cut, and its sentences be the reason why nothing moves.
      const isLong = state.phase === "failed" || warning.textContent !== "";
      setAttribute(
        line,
        "title",
        isLong
          ? [...line.children]
              .map((node) => node.textContent)
              .filter(Boolean)
              .join(" · ")
          : null,
      );
    },
  };
}
