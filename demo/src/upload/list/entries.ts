/** The uploads that the list shows, what is remembered of each beside its state, and their sum. Knows no DOM. */
import type { PickedFile, Upload, UploadState } from "@ossicle/core";
import { createStopwatch, type Stopwatch } from "./stopwatch.js";

type Phase = UploadState["phase"];

/** What the list can be narrowed to. */
export type Filter = "all" | "moving" | "waiting" | "done" | "failed";
export const filters: readonly Filter[] = ["all", "moving", "waiting", "done", "failed"];

export interface Entry {
  /** Another handle once it was sent to the front. */
  upload: Upload;
  readonly name: string;
  /** "holiday/day 1/", or "" for a file on its own. */
  readonly folder: string;
  readonly stopwatch: Stopwatch;
  /** Numbers of the parts that needed more than one attempt. */
  readonly retried: Set<number>;
  /** As it was at the last look. */
  phase: Phase;
  /** Puts it in front of what waits; null where nothing is known that could begin it anew. */
  toFront: (() => Promise<Upload>) | null;
}

/** @param picked undefined for an upload of an earlier page whose handle was kept */
export function newEntry(upload: Upload, picked: PickedFile | undefined, toFront: Entry["toFront"]): Entry {
  const name = upload.file?.name ?? upload.key.slice(upload.key.lastIndexOf("/") + 1);
  const path = picked?.path ?? "";
  return {
    upload,
    name,
    folder: path.slice(0, path.lastIndexOf("/") + 1),
    stopwatch: createStopwatch(),
    retried: new Set(),
    phase: upload.state.phase,
    toFront,
  };
}

export interface Sum {
  readonly counts: Readonly<Record<Filter, number>>;
  /** Of all that is to be stored; what was cancelled is not. */
  readonly totalBytes: number;
  readonly storedBytes: number;
  readonly sentBytes: number;
  readonly resumedBytes: number;
  /** Handed to the network by this page. */
  readonly movedBytes: number;
  /** Of uploads that go on by themselves. */
  readonly leftBytes: number;
  /** Every byte of them is stored; they are being joined and checked. */
  readonly finishing: number;
  /** Some upload is doing something, rather than waiting or resting. */
  readonly isMoving: boolean;
  /** Some of what is moving would be lost with the page. */
  readonly isLosable: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canClear: boolean;
}

export function sumUp(entries: readonly Entry[]): Sum {
  const counts = { all: entries.length, moving: 0, waiting: 0, done: 0, failed: 0 };
  const bytes = { totalBytes: 0, storedBytes: 0, sentBytes: 0, resumedBytes: 0, leftBytes: 0 };
  const flags = { isMoving: false, isLosable: false, canPause: false, canResume: false, canClear: false };
  let finishing = 0;
  for (const { upload } of entries) {
    const { state } = upload;
    flags.canClear ||= isOver(state.phase);
    flags.canResume ||= isHeld(state.phase);
    if (state.phase === "cancelled") continue;
    const { progress } = state;
    const group = filterOf(state.phase);
    if (group !== "all") counts[group] += 1;
    bytes.totalBytes += progress.totalBytes;
    bytes.storedBytes += progress.storedBytes;
    bytes.sentBytes += progress.sentBytes;
    bytes.resumedBytes += progress.resumedBytes;
    if (!("waiting" in state)) continue;
    flags.canPause = true;
    // What is in flight may lie in the network's buffers: half of it is the better guess.
    bytes.leftBytes += progress.totalBytes - (progress.storedBytes + progress.sentBytes) / 2;
    if (isFinishing(state)) finishing += 1;
    if (state.waiting !== null || state.phase === "queued") continue;
    flags.isMoving = true;
    flags.isLosable ||= !state.resumable;
  }
  return { counts, ...bytes, movedBytes: bytes.sentBytes - bytes.resumedBytes, finishing, ...flags };
}

export function isFinishing(state: UploadState): boolean {
  return state.phase === "completing" || ("waiting" in state && state.waiting?.reason === "verifying");
}

/** Completed or cancelled: nothing can be done with it any more. */
export function isOver(phase: Phase): boolean {
  return phase === "completed" || phase === "cancelled";
}

/** Goes on only when somebody says so. */
export function isHeld(phase: Phase): boolean {
  return phase === "paused" || phase === "stopped" || phase === "failed";
}

/** In which group the list shows it; "all" for what is in none. */
export function filterOf(phase: Phase): Filter {
  switch (phase) {
    case "preparing":
    case "uploading":
    case "completing":
      return "moving";
    case "queued":
    case "paused":
    case "stopped":
      return "waiting";
    case "completed":
      return "done";
    case "failed":
      return "failed";
    case "cancelled":
      return "all";
  }
}
