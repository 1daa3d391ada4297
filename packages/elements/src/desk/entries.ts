/** What the list remembers of an upload beside its state. Knows no DOM. */
import type { PickedFile, Upload, UploadState } from "@ossicle/core";
import { createStopwatch, type Stopwatch } from "./stopwatch.js";

type Phase = UploadState["phase"];

/** The groups that the list can be narrowed to. */
export type Filter = "all" | "moving" | "waiting" | "done" | "failed";
export const filters: readonly Filter[] = ["all", "moving", "waiting", "done", "failed"];

export interface Entry {
  /** Replaced by another handle when it is sent to the front, or goes up under another name. */
  upload: Upload;
  readonly name: string;
  /** "holiday/day 1/", or "" for a file on its own. */
  folder: string;
  /** Milliseconds since the epoch: the order of the list, after a reload, too. */
  begunAt: number;
  /** What this page was given; undefined for an upload that goes on without its file being picked again. */
  picked: PickedFile | undefined;
  /** It was finished by an earlier page: what is known of it was kept. */
  readonly isKept: boolean;
  readonly stopwatch: Stopwatch;
  /** Numbers of the parts that needed more than one attempt. */
  readonly retried: Set<number>;
  /** Its map of parts when that was last looked at. A completed upload has no map any more. */
  cells: Uint8Array;
  /** Where each of them begins, in bytes. */
  starts: Float64Array;
  /** The phase when it was last looked at. */
  phase: Phase;
  /** A cancel that can still be undone. */
  cancelling: { readonly timer: ReturnType<typeof setTimeout>; readonly wasHeld: boolean } | null;
  /** The person was asked what shall become of it, because there is an object of its name. */
  wasAsked: boolean;
}

export interface EntryFacts {
  readonly picked?: PickedFile | undefined;
}

export function newEntry(upload: Upload, begunAt: number, { picked }: EntryFacts = {}, isKept = false): Entry {
  return {
    upload,
    name: upload.file?.name || upload.key.slice(upload.key.lastIndexOf("/") + 1),
    folder: folderOf(picked),
    begunAt,
    picked,
    isKept,
    stopwatch: createStopwatch(),
    retried: new Set(),
    cells: new Uint8Array(),
    starts: new Float64Array(),
    phase: isKept ? "completed" : "queued",
    cancelling: null,
    wasAsked: false,
  };
}

export function folderOf(picked: PickedFile | undefined): string {
  const path = picked?.path ?? "";
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Completed or cancelled: nothing more happens to it. */
export function isOver(phase: Phase): boolean {
  return phase === "completed" || phase === "cancelled";
}

/** Paused, stopped or failed: it goes on only when the person resumes it. */
export function isHeld(phase: Phase): boolean {
  return phase === "paused" || phase === "stopped" || phase === "failed";
}

/** Cancelled, or about to be: it counts nowhere. */
export function isGone({ upload, cancelling }: Pick<Entry, "upload" | "cancelling">): boolean {
  return cancelling !== null || upload.state.phase === "cancelled";
}

/** The group in which the list shows it; "all" if it belongs to no group. */
export function filterOf(entry: Pick<Entry, "upload" | "cancelling">): Filter {
  if (isGone(entry)) return "all";
  const { state } = entry.upload;
  switch (state.phase) {
    case "preparing":
    case "uploading":
    case "completing":
      return isDoing(state) ? "moving" : "waiting";
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

/** Nothing keeps it waiting: "verifying" is work as well. */
export function isDoing({ phase, waiting }: UploadState): boolean {
  if (phase !== "preparing" && phase !== "uploading" && phase !== "completing") return false;
  return waiting === null || waiting.reason === "verifying";
}
