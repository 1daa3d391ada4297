/** Computes the state that an upload shows from events. A run never reads the state, so the two cannot contradict. Pure. */

import type { Progress, UploadResult, UploadState, Waiting } from "../api/upload.js";
import type { UploadError } from "../errors.js";

export type UploadEvent =
  /** The upload waits for an upload slot: at the beginning, and whenever it is resumed. */
  | { readonly type: "queued"; readonly resumable: boolean }
  | { readonly type: "started" }
  /** It is known which parts are stored; the others, or the whole file in one request, are sent from now on. */
  | { readonly type: "prepared" }
  | { readonly type: "all-stored" }
  /** The server contradicts our record: the upload is gone, or it rejects parts. The run looks again. */
  | { readonly type: "contradicted" }
  | { readonly type: "progressed"; readonly progress: Progress }
  | { readonly type: "waiting"; readonly waiting: Waiting | null }
  /**
   * A later page could go on with it, or could not any more: a checkpoint was written, or the database failed a write, so that
   * what is stored from now on would not survive a reload.
   */
  | { readonly type: "resumable"; readonly resumable: boolean }
  | { readonly type: "paused" }
  | { readonly type: "stopped" }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly error: UploadError }
  | { readonly type: "finished"; readonly result: UploadResult };

type Phase = UploadState["phase"];
export type Working = Extract<UploadState, { readonly phase: "queued" | "preparing" | "uploading" | "completing" }>;

export const nothingYet: Progress = {
  fraction: 0,
  totalBytes: 0,
  storedBytes: 0,
  sentBytes: 0,
  resumedBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  parts: { total: 0, stored: 0, inFlight: 0 },
};

export function initialState(progress: Progress): UploadState {
  return { phase: "queued", progress, waiting: null, resumable: false };
}

/** Only `resume()` and `cancel()` lead out of these phases; nothing leads out of "completed" and "cancelled". */
const settled: ReadonlySet<Phase> = new Set<Phase>(["completed", "cancelled", "failed", "stopped"]);

/** True if `Upload.finished` has resolved or rejected. */
export function isSettled(state: UploadState): boolean {
  return settled.has(state.phase);
}

export function isWorking(state: UploadState): state is Working {
  return !settled.has(state.phase) && state.phase !== "paused";
}

const from: Readonly<Record<UploadEvent["type"], readonly Phase[]>> = {
  queued: ["queued", "preparing", "paused", "stopped", "failed"],
  started: ["queued"],
  prepared: ["preparing"],
  "all-stored": ["uploading"],
  contradicted: ["preparing", "uploading", "completing"],
  progressed: ["queued", "preparing", "uploading", "completing"],
  waiting: ["queued", "preparing", "uploading", "completing"],
  resumable: ["queued", "preparing", "uploading", "completing"],
  paused: ["queued", "preparing", "uploading", "completing"],
  stopped: ["queued", "preparing", "uploading", "completing", "paused"],
  cancelled: ["queued", "preparing", "uploading", "completing", "paused", "stopped", "failed"],
  failed: ["queued", "preparing", "uploading", "completing"],
  finished: ["preparing", "uploading", "completing"],
};

/** @throws Error for an event that cannot happen in this state, which is a bug of the run */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  if (!from[event.type].includes(state.phase)) throw new Error(`Event "${event.type}" in phase "${state.phase}"`);
  const { progress } = state;
  const working = (phase: Working["phase"], resumable = isWorking(state) && state.resumable): Working => ({
    phase,
    progress,
    waiting: null,
    resumable,
  });
  switch (event.type) {
    case "queued":
      return working("queued", event.resumable);
    case "started":
      return working("preparing");
    case "prepared":
      return working("uploading");
    case "all-stored":
      return working("completing");
    case "contradicted":
      return working("preparing");
    case "progressed":
      return { ...state, progress: event.progress };
    case "waiting":
      return { ...state, waiting: event.waiting } as Working;
    case "resumable":
      return { ...state, resumable: event.resumable } as Working;
    case "paused":
    case "stopped":
    case "cancelled":
      return { phase: event.type, progress: atRest(progress) };
    case "failed":
      return { phase: "failed", progress: atRest(progress), error: event.error };
    case "finished":
      return { phase: "completed", progress: { ...atRest(progress), fraction: 1 }, result: event.result };
  }
}

/** The same progress with nothing in flight and no speed. */
function atRest(progress: Progress): Progress {
  const parts = { ...progress.parts, inFlight: 0 };
  return { ...progress, sentBytes: progress.storedBytes, bytesPerSecond: 0, secondsLeft: null, parts };
}
