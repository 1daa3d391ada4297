/**
 * What the uploader's progress counts: every upload since last nothing was unsettled. A batch ends at 100 %: what was cancelled
 * counts nowhere, what failed or was stopped counts as much as it has stored.
 */
import type { Progress, UploadState } from "../api/upload.js";
import { isSettled, nothingYet } from "./state.js";
import { totalProgress } from "./total-progress.js";

interface Counted {
  readonly state: UploadState;
  /** The same for who does not look at the progress: nobody has to ask for the size of a file. */
  readonly withoutSize: UploadState;
}

export class Batch<T extends Counted> {
  readonly #uploads = new Set<T>();
  readonly #unsettled = new Set<T>();
  /** Of uploads that the page has let go. */
  #gone: Progress = nothingYet;

  get progress(): Progress {
    return totalProgress([this.#gone, ...[...this.#uploads].map(({ state }) => counted(state))]);
  }

  /** To be called after every change. */
  note(upload: T): void {
    if (isSettled(upload.withoutSize)) {
      this.#unsettled.delete(upload);
      return;
    }
    if (this.#unsettled.has(upload)) return;
    if (this.#unsettled.size === 0) {
      this.#uploads.clear();
      this.#gone = nothingYet;
    }
    this.#unsettled.add(upload);
    this.#uploads.add(upload);
  }

  /** The page keeps it no more. It still counts. */
  letGo(upload: T): void {
    if (!this.#uploads.delete(upload)) return;
    this.#gone = totalProgress([this.#gone, counted(upload.state)]);
  }
}

function counted({ phase, progress }: UploadState): Progress {
  switch (phase) {
    case "cancelled":
      return nothingYet;
    case "failed":
    case "stopped":
      return { ...progress, totalBytes: progress.storedBytes, sentBytes: progress.storedBytes };
    case "completed":
      return { ...progress, storedBytes: progress.totalBytes, sentBytes: progress.totalBytes };
    default:
      return progress;
  }
}
