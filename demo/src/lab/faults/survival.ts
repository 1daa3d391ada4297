/** Counts the faults that the uploads of this tab have survived, and the bytes that were sent more than once because of them. */
import type { RequestTrace, Upload } from "@ossicle/core";

export interface Survival {
  /** Call it for every request that ended. */
  note(trace: Pick<RequestTrace, "upload" | "error">): void;
  /** Call it before "Reload now" reloads the page. */
  reloading(): void;
  /** Call it after every change of the uploads. @returns the counts of now */
  count(uploads: readonly Pick<Upload, "id" | "state">[]): Counts;
}

export interface Counts {
  /** Failed requests of uploads that have not failed, and reloads by "Reload now". */
  readonly survived: number;
  readonly bytesTwice: number;
}

const storageKey = "ossicle-demo-survived";

/** @param storage sessionStorage: the counts go on after a reload, and belong to this tab */
export function createSurvival(storage: Pick<Storage, "getItem" | "setItem">): Survival {
  const before = read(storage.getItem(storageKey));
  /** Number of failed requests, by upload id. */
  const met = new Map<string, number>();
  const twice = new Map<string, { sent: number; faults: number; bytes: number }>();
  let reloads = 0;

  function count(uploads: readonly Pick<Upload, "id" | "state">[]): Counts {
    const failed = new Set(uploads.filter(({ state }) => state.phase === "failed").map(({ id }) => id));
    let { survived, bytesTwice } = before;
    for (const [upload, faults] of met) if (!failed.has(upload)) survived += faults;
    for (const upload of uploads) {
      const { state } = upload;
      const known = twice.get(upload.id) ?? { sent: 0, faults: 0, bytes: 0 };
      const faults = met.get(upload.id) ?? 0;
      // `sentBytes` falls when a part is sent again, but also for other reasons: count it only after a fault. A completed
      // upload says exactly how much it sent.
      if (faults > known.faults) known.bytes += Math.max(0, known.sent - state.progress.sentBytes);
      known.sent = state.progress.sentBytes;
      known.faults = faults;
      if (state.phase === "completed" && !state.result.alreadyStored) {
        known.bytes = Math.max(0, state.result.sentBytes - (state.result.size - state.result.resumedBytes));
      }
      twice.set(upload.id, known);
    }
    for (const { bytes } of twice.values()) bytesTwice += bytes;
    return { survived: survived + reloads, bytesTwice };
  }

  let last: Counts = before;
  return {
    note({ upload, error }) {
      if (error !== null) met.set(upload, (met.get(upload) ?? 0) + 1);
    },
    reloading() {
      reloads += 1;
      storage.setItem(storageKey, JSON.stringify({ ...last, survived: last.survived + 1 }));
    },
    count(uploads) {
      last = count(uploads);
      return last;
    },
  };
}

function read(text: string | null): Counts {
  const { survived = 0, bytesTwice = 0 } = JSON.parse(text ?? "{}") as Partial<Counts>;
  return { survived, bytesTwice };
}
