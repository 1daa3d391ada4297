/** The line of facts below a file's name: what the upload is doing, how far it is, how fast, and what to know about it. */
import type { UploadState } from "@ossicle/core";
import { element, setAttribute, setText } from "../../elements/element.js";
import { formatBytes, formatRate, formatTimeLeft } from "../../words/format.js";
import type { Words } from "../../words/language.js";
import { elapsedWords, phaseWords, resumedWords, storedWords, warningWords } from "../upload-words.js";

export interface RowFacts {
  readonly element: HTMLElement;
  /** @param workedSeconds how long the upload has been worked on in this page */
  draw(said: Words, state: UploadState, workedSeconds: number): void;
}

export function createRowFacts(): RowFacts {
  const text = (part: string) => element("span", { "data-testid": `upload-${part}` });
  const phase = text("phase");
  const stored = text("stored");
  const rate = text("rate");
  const timeLeft = text("time-left");
  const elapsed = text("elapsed");
  const resumed = text("resumed");
  const warning = text("warning");

  return {
    element: element("p", { class: "facts" }, phase, stored, rate, timeLeft, elapsed, resumed, warning),
    draw(said, state, workedSeconds) {
      const { progress } = state;
      const moving = state.phase === "uploading" && state.waiting === null;
      const result = state.phase === "completed" ? state.result : null;
      setText(phase, phaseWords(said, state, Date.now()));
      setText(stored, result === null ? storedWords(said, progress) : said.upload.stored(formatBytes(result.size)));
      setText(rate, moving && progress.bytesPerSecond > 0 ? formatRate(progress.bytesPerSecond) : "");
      setText(timeLeft, moving ? formatTimeLeft(progress.secondsLeft, said.time) : "");
      setText(elapsed, result === null ? "" : elapsedWords(said, result, workedSeconds));
      setText(resumed, resumedWords(said, result ?? progress));
      const warned = warningWords(said, state);
      setText(warning, warned);
      setAttribute(warning, "title", warned === "" ? null : warned);
    },
  };
}
