/** Counts what the visitor has thrown at the uploads of this tab, what they have survived, and the bytes that went twice because of it. */
import type { RequestTrace, Upload } from "@ossicle/core";

export interface Survival {
  /** Call it for every request that ended. */
  note(trace: Pick<RequestTrace, "upload" | "error">): void;
  /** Call it when the visitor breaks something, or reloads the page by its button. */
  thrown(): void;
  /** Call it after every change of the uploads. @returns the counts of now */
  count(uploads: readonly Pick<Upload, "id" | "state">[]): Counts;
}

export interface Counts {
  /** What the visitor did, and not how many requests failed of it. */
  readonly thrown: number;
  /** Those that no upload has failed of, as far as there was an upload to fail. */
  readonly survived: number;
  readonly bytesTwice: number;
}

const storageKey = "ossicle-demo-survived";

/** @param storage sessionStorage: the counts go on after a reload, and belong to this tab */
export function createSurvival(storage: Pick<Storage, "getItem" | "setItem">): Survival {
  const before = read(storage.getItem(storageKey));
  let { thrown, survived } = before;
  /** Number of failed requests, by upload id. */
  const met = new Map<string, number>();
  const twice = new Map<string, { sent: number; faults: number; bytes: number }>();

  function keep(counts: Counts): Counts {
    storage.setItem(storageKey, JSON.stringify(counts));
    return counts;
  }

  function noteTwice({ id, state }: Pick<Upload, "id" | "state">): void {
    const known = twice.get(id) ?? { sent: 0, faults: 0, bytes: 0 };
    const faults = met.get(id) ?? 0;
    // `sentBytes` falls when a part is sent again, but also for other reasons: count it only after a fault. A completed
    // upload says exactly how much it sent.
    if (faults > known.faults) known.bytes += Math.max(0, known.sent - state.progress.sentBytes);
    known.sent = state.progress.sentBytes;
    known.faults = faults;
    if (state.phase === "completed" && !state.result.alreadyStored) {
      known.bytes = Math.max(0, state.result.sentBytes - (state.result.size - state.result.resumedBytes));
    }
    twice.set(id, known);
  }

  function bytesTwice(): number {
    return [...twice.values()].reduce((sum, { bytes }) => sum + bytes, before.bytesTwice);
  }

  return {
    note({ upload, error }) {
      if (error !== null) met.set(upload, (met.get(upload) ?? 0) + 1);
    },
    thrown() {
      thrown += 1;
      keep({ thrown, survived, bytesTwice: bytesTwice() });
    },
    count(uploads) {
      for (const upload of uploads) noteTwice(upload);
      const failed = uploads.filter(({ state }) => state.phase === "failed").length;
      if (uploads.length > 0) survived = Math.max(0, thrown - failed);
      return keep({ thrown, survived, bytesTwice: bytesTwice() });
    },
  };
}

function read(text: string | null): Counts {
  const { thrown = 0, survived = 0, bytesTwice = 0 } = JSON.parse(text ?? "{}") as Partial<Counts>;
  return { thrown, survived, bytesTwice };
}
