/** The sum of all uploads, for the total. Bytes, fraction, speed and time are the library's own. Pure. */
import type { Progress, UploadState, Waiting } from "@ossicle/core";
import { type Entry, type Filter, filterOf, isDoing, isGone, isHeld, isOver } from "./entries.js";

/** Why nothing moves, if so. */
export type Still =
  | { readonly reason: "offline" | "credentials" | "paused" }
  /** A request failed. @see Waiting.untilMs */
  | { readonly reason: "lost"; readonly untilMs: number | undefined };

export interface Sum {
  /** Number of entries in each group; cancelled ones are only in "all". */
  readonly counts: Readonly<Record<Filter, number>>;
  /** Of the batch: what was added since last nothing was under way. */
  readonly batch: { readonly done: number; readonly all: number };
  /** The library's, of the same batch. */
  readonly progress: Progress;
  /** 0…1; null where there is nothing to have a part of. */
  readonly fraction: number | null;
  /** At least one upload is being worked on. */
  readonly isMoving: boolean;
  /** null while something moves, and where nothing is under way. */
  readonly still: Still | null;
  /** Number of uploads whose bytes are all stored, and which are being joined and checked. */
  readonly finishing: number;
  /** At least one upload that is queued or working is not resumable: leaving the page would lose it. */
  readonly isLosable: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canClear: boolean;
}

export function sumUp(entries: readonly Entry[], batch: ReadonlySet<Entry>, progress: Progress): Sum {
  const counts = { all: entries.length, moving: 0, waiting: 0, done: 0, failed: 0 };
  const flags = { isMoving: false, isLosable: false, canPause: false, canResume: false, canClear: false };
  let finishing = 0;
  for (const entry of entries) {
    const { state } = entry.upload;
    flags.canClear ||= isOver(state.phase);
    if (isGone(entry)) continue;
    flags.canResume ||= isHeld(state.phase);
    const group = filterOf(entry);
    if (group !== "all") counts[group] += 1;
    flags.isMoving ||= group === "moving";
    if (!("resumable" in state)) continue;
    flags.canPause = true;
    if (isFinishing(state)) finishing += 1;
    flags.isLosable ||= !state.resumable && !isSentByAnother(state.waiting);
  }
  const counted = [...batch].filter((entry) => !isGone(entry));
  const leaving = [...batch].filter(({ cancelling }) => cancelling !== null);
  const done = counted.filter(({ upload }) => upload.state.phase === "completed").length;
  return {
    counts,
    batch: { done, all: counted.length },
    ...progressWithout(leaving, progress, counted.length === 0),
    still: flags.isMoving ? null : whyStill(counted),
    finishing,
    ...flags,
  };
}

/** Of what is about to be cancelled the library does not know yet. */
function progressWithout(
  leaving: readonly Entry[],
  all: Progress,
  isNothing: boolean,
): Pick<Sum, "progress" | "fraction"> {
  let { fraction, totalBytes, storedBytes, resumedBytes } = all;
  for (const { upload } of leaving) {
    const { progress } = upload.state;
    const rest = totalBytes - progress.totalBytes;
    fraction = rest > 0 ? (fraction * totalBytes - progress.fraction * progress.totalBytes) / rest : 0;
    totalBytes = rest;
    storedBytes -= progress.storedBytes;
    resumedBytes -= progress.resumedBytes;
  }
  fraction = Math.min(1, Math.max(0, fraction));
  return {
    progress: { ...all, fraction, totalBytes, storedBytes, resumedBytes },
    fraction: isNothing ? null : fraction,
  };
}

/** Of several reasons, the one that the person can do most about. */
function whyStill(entries: readonly Entry[]): Still | null {
  const states = entries.map(({ upload }) => upload.state).filter(({ phase }) => !isOver(phase) && phase !== "failed");
  if (states.length === 0 || states.some(isDoing)) return null;
  const waits = states.flatMap(({ waiting }) => waiting ?? []);
  const has = (reason: Waiting["reason"]) => waits.some((waiting) => waiting.reason === reason);
  if (has("offline")) return { reason: "offline" };
  if (has("backoff")) {
    const times = waits.flatMap(({ reason, untilMs }) =>
      reason === "backoff" && untilMs !== undefined ? [untilMs] : [],
    );
    return { reason: "lost", untilMs: times.length > 0 ? Math.min(...times) : undefined };
  }
  if (has("credentials")) return { reason: "credentials" };
  return states.every(({ phase }) => isHeld(phase)) ? { reason: "paused" } : null;
}

/** Then nothing of it is lost with this page: what the other one stores stays. */
function isSentByAnother(waiting: Waiting | null): boolean {
  return waiting?.reason === "same-file" || waiting?.reason === "other-tab";
}

function isFinishing(state: UploadState): boolean {
  return state.phase === "completing" || state.waiting?.reason === "verifying";
}
