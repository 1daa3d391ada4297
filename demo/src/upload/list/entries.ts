/** What the list remembers of an upload beside its state, and the sum of all uploads. Knows no DOM. */
import type { PickedFile, Upload, UploadState, Waiting } from "@ossicle/core";
import { createStopwatch, type Stopwatch } from "./stopwatch.js";

type Phase = UploadState["phase"];

/** The groups that the list can be narrowed to. */
export type Filter = "all" | "moving" | "waiting" | "done" | "failed";
export const filters: readonly Filter[] = ["all", "moving", "waiting", "done", "failed"];

export interface Entry {
  /** Replaced by another handle when it is sent to the front. */
  upload: Upload;
  readonly name: string;
  /** "holiday/day 1/", or "" for a file on its own. */
  readonly folder: string;
  readonly stopwatch: Stopwatch;
  /** Numbers of the parts that needed more than one attempt. */
  readonly retried: Set<number>;
  /** Its map of parts when that was last looked at. A completed upload has no map any more. */
  cells: Uint8Array;
  /** The phase when it was last looked at. */
  phase: Phase;
  /** Puts it before the waiting uploads; null if it is there already, or if its file is not known to this page. */
  toFront: (() => Promise<Upload>) | null;
}

/** @param picked undefined for an upload of an earlier page that goes on without picking its file again */
export function newEntry(upload: Upload, picked: PickedFile | undefined): Entry {
  const name = upload.file?.name ?? upload.key.slice(upload.key.lastIndexOf("/") + 1);
  const path = picked?.path ?? "";
  return {
    upload,
    name,
    folder: path.slice(0, path.lastIndexOf("/") + 1),
    stopwatch: createStopwatch(),
    retried: new Set(),
    cells: new Uint8Array(),
    phase: upload.state.phase,
    toFront: null,
  };
}

export interface Sum {
  /** Number of uploads in each group. */
  readonly counts: Readonly<Record<Filter, number>>;
  /** Size of all files; cancelled ones do not count, here and below. */
  readonly totalBytes: number;
  /** 0…1, each file by its size; 1 when all are completed. */
  readonly fraction: number;
  readonly storedBytes: number;
  readonly sentBytes: number;
  readonly resumedBytes: number;
  /** Handed to the network by this page: `sentBytes` without what was stored before. */
  readonly movedBytes: number;
  /** Number of uploads whose bytes are all stored, and which are being joined and checked. */
  readonly finishing: number;
  /** At least one upload is working, not waiting or paused. */
  readonly isMoving: boolean;
  /** At least one upload that is queued or working is not resumable: leaving the page would lose it. */
  readonly isLosable: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canClear: boolean;
}

export function sumUp(entries: readonly Entry[]): Sum {
  const counts = { all: entries.length, moving: 0, waiting: 0, done: 0, failed: 0 };
  const bytes = { totalBytes: 0, storedBytes: 0, sentBytes: 0, resumedBytes: 0 };
  let doneBytes = 0;
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
    doneBytes += progress.fraction * progress.totalBytes;
    bytes.storedBytes += progress.storedBytes;
    bytes.sentBytes += progress.sentBytes;
    bytes.resumedBytes += progress.resumedBytes;
    if (!("waiting" in state)) continue;
    flags.canPause = true;
    if (isFinishing(state)) finishing += 1;
    flags.isLosable ||= !state.resumable && !isSentByAnother(state.waiting);
    if (state.waiting === null && state.phase !== "queued") flags.isMoving = true;
  }
  // Of empty files alone there are no bytes to count.
  const fraction = bytes.totalBytes > 0 ? doneBytes / bytes.totalBytes : Number(counts.done > 0);
  return { counts, ...bytes, fraction, movedBytes: bytes.sentBytes - bytes.resumedBytes, finishing, ...flags };
}

/** Then nothing of it is lost with this page: what the other one stores stays. */
function isSentByAnother(waiting: Waiting | null): boolean {
  return waiting?.reason === "same-file" || waiting?.reason === "other-tab";
}

function isFinishing(state: UploadState): boolean {
  return state.phase === "completing" || ("waiting" in state && state.waiting?.reason === "verifying");
}

/** Completed or cancelled: nothing more happens to it. */
export function isOver(phase: Phase): boolean {
  return phase === "completed" || phase === "cancelled";
}

/** Paused, stopped or failed: it goes on only when the person resumes it. */
export function isHeld(phase: Phase): boolean {
  return phase === "paused" || phase === "stopped" || phase === "failed";
}

/** The group in which the list shows it; "all" if it belongs to no group. */
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
