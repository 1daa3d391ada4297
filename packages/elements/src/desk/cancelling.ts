/** A cancel deletes what is stored, so it can be undone for some seconds: until then the upload is paused. A large one is asked about first. */
import { type Entry, isHeld, isOver } from "./entries.js";

export interface Cancelling {
  /** Much of it is stored: whether to cancel it is asked. */
  readonly doubtful: Entry | null;
  cancel(entry: Entry): void;
  /** Another file shall take its place: asks only where much is stored. Resolves when the person has decided. */
  mayCancel(entry: Entry): Promise<boolean>;
  confirm(cancels: boolean): void;
  undo(entry: Entry): void;
}

/** Milliseconds in which a cancel can be undone. A page that goes away meanwhile leaves the upload paused. */
export const undoMs = 6000;
/** Bytes: who has sent so much has waited long for it. */
const muchStored = 1e9;

export function createCancelling(changed: () => void): Cancelling {
  let doubtful: Entry | null = null;
  let decided: ((cancels: boolean) => void) | null = null;

  function begin(entry: Entry): void {
    const { upload } = entry;
    const timer = setTimeout(() => {
      entry.cancelling = null;
      // It may have been completed before it could be paused: then nothing is left to cancel.
      upload.cancel().then(changed, changed);
    }, undoMs);
    entry.cancelling = { timer, wasHeld: isHeld(upload.state.phase) };
    upload.pause().catch(() => {});
    changed();
  }

  function doubt(entry: Entry): void {
    decided?.(false);
    decided = null;
    doubtful = entry;
    changed();
  }

  return {
    get doubtful() {
      return doubtful;
    },
    cancel(entry) {
      const { state } = entry.upload;
      if (isOver(state.phase) || entry.cancelling !== null) return;
      if (state.progress.storedBytes < muchStored) begin(entry);
      else doubt(entry);
    },
    async mayCancel(entry) {
      if (entry.cancelling !== null || entry.upload.state.progress.storedBytes < muchStored) return true;
      doubt(entry);
      return await new Promise((resolve) => {
        decided = resolve;
      });
    },
    confirm(cancels) {
      if (decided !== null) decided(cancels);
      else if (cancels && doubtful !== null && !isOver(doubtful.upload.state.phase)) begin(doubtful);
      decided = null;
      doubtful = null;
      changed();
    },
    undo(entry) {
      if (entry.cancelling === null) return;
      clearTimeout(entry.cancelling.timer);
      if (!entry.cancelling.wasHeld) entry.upload.resume();
      entry.cancelling = null;
      changed();
    },
  };
}
