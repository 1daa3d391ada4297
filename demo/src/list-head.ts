/** What stands over the list of uploads: the sum in words, also in the tab's title, and the buttons for all of them. */
import type { Upload, Uploader, UploadState } from "@ossicle/core";
import { element, setText, setVisible } from "./element.js";
import { count, formatRate, formatTimeLeft, percent } from "./format.js";

type Phase = UploadState["phase"];

export interface ListHead {
  readonly element: HTMLElement;
  /** @param shown the uploads that have a row */
  draw(shown: readonly Upload[]): void;
  /** A hidden tab has no frames, but it has a title. */
  drawTitle(shown: readonly Upload[]): void;
}

export interface ListHeadOptions {
  readonly uploader: Uploader;
  readonly onClear: () => void;
  readonly onError: (error: unknown) => void;
}

/** For tests: [data-testid=uploads-sum] and the buttons "Pause all", "Resume all", "Clear ended". */
export function createListHead({ uploader, onClear, onError }: ListHeadOptions): ListHead {
  const pageTitle = document.title;
  const title = element("h2", { tabindex: "-1" }, "Uploads");
  const sum = element("p", { class: "section-sum", "data-testid": "uploads-sum" });
  const pauseAll = button("Pause all", () => {
    for (const upload of uploader.uploads) if (isRunning(upload.state.phase)) upload.pause().catch(onError);
  });
  const resumeAll = button("Resume all", () => {
    for (const upload of uploader.uploads) if (isHeld(upload.state.phase)) upload.resume();
  });
  const clear = button("Clear ended", onClear);

  return {
    element: element(
      "div",
      { class: "section-head" },
      title,
      sum,
      element("div", { class: "row-actions" }, resumeAll, pauseAll, clear),
    ),
    draw(shown) {
      const phases = shown.map(({ state }) => state.phase);
      setText(sum, sumWords(shown, uploader));
      setVisible(pauseAll, phases.filter(isRunning).length > 1, title);
      setVisible(resumeAll, phases.filter(isHeld).length > 1, title);
      setVisible(clear, phases.some(isOver), title);
    },
    drawTitle(shown) {
      const running = shown.some(({ state }) => isRunning(state.phase));
      const words = running ? `${percentOfAll(shown)} % · ${pageTitle}` : pageTitle;
      if (document.title !== words) document.title = words;
    },
  };
}

/** Completed or cancelled: nothing can be done with it any more. */
export function isOver(phase: Phase): boolean {
  return phase === "completed" || phase === "cancelled";
}

/** Goes on only when somebody says so. */
function isHeld(phase: Phase): boolean {
  return phase === "paused" || phase === "stopped" || phase === "failed";
}

function isRunning(phase: Phase): boolean {
  return !isOver(phase) && !isHeld(phase);
}

function sumWords(shown: readonly Upload[], uploader: Uploader): string {
  const phases = shown.map(({ state }) => state.phase);
  const running = phases.filter(isRunning).length;
  const stored = phases.filter((phase) => phase === "completed").length;
  const storedWords = stored === 0 ? "" : `${count(stored, "file")} stored`;
  if (running === 0) return storedWords;
  const { bytesPerSecond, secondsLeft } = uploader.progress;
  const rate = bytesPerSecond > 0 ? formatRate(bytesPerSecond) : "";
  const words = [`${running} running`, `${percentOfAll(shown)} %`, rate, formatTimeLeft(secondsLeft), storedWords];
  return words.filter((word) => word !== "").join(" · ");
}

/** Of all that is to be stored; `uploader.progress` leaves out what is completed, and would fall with every file that is. */
function percentOfAll(shown: readonly Upload[]): number {
  const wanted = shown.filter(({ state }) => state.phase !== "cancelled").map(({ state }) => state.progress);
  const total = wanted.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  return percent(
    wanted.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    total,
  );
}

function button(words: string, onClick: () => void): HTMLButtonElement {
  const node = element("button", { type: "button", class: "button button-quiet" }, words);
  node.addEventListener("click", onClick);
  return node;
}
