/** Measures how long this page has worked on an upload. Pauses and failures do not count. */
import type { UploadState } from "@ossicle/core";

export interface Stopwatch {
  /** Call it with every phase, in order. */
  note(phase: UploadState["phase"]): void;
  /** Seconds until now, or until the work stopped. */
  seconds(): number;
}

const working: ReadonlySet<UploadState["phase"]> = new Set(["queued", "preparing", "uploading", "completing"]);

export function createStopwatch(): Stopwatch {
  let workedMs = 0;
  let since: number | null = null;

  return {
    note(phase) {
      const now = performance.now();
      if (working.has(phase)) since ??= now;
      else if (since !== null) {
        workedMs += now - since;
        since = null;
      }
    },
    seconds() {
      return (workedMs + (since === null ? 0 : performance.now() - since)) / 1000;
    },
  };
}
