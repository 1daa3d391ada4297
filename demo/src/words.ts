/** What an upload is doing, waiting for or has failed at, in words. Pure. */
import type { PendingUpload, Progress, UploadResult, UploadState, Waiting } from "@ossicle/core";
import { count, formatBytes, formatDuration, percent } from "./format.js";

const working = {
  queued: "Waiting for its turn",
  preparing: "Looking for what is already stored",
  uploading: "Uploading",
  completing: "Joining the parts and checking the whole",
} as const;

/** @param now milliseconds since the epoch, for the countdown to the next attempt */
export function phaseWords(state: UploadState, now: number): string {
  switch (state.phase) {
    case "paused":
      return "Paused";
    case "stopped":
      return "Stopped; what was sent is kept";
    case "failed":
      return "Failed";
    case "completed":
      return proofWords(state.result);
    case "cancelled":
      return "Cancelled; what was stored is deleted";
    default:
      return state.waiting === null ? working[state.phase] : waitingWords(state.waiting, now);
  }
}

function waitingWords(waiting: Waiting, now: number): string {
  switch (waiting.reason) {
    case "offline":
      return "Offline: continues by itself when the network is back";
    case "backoff": {
      const seconds = Math.ceil(((waiting.untilMs ?? now) - now) / 1000);
      return seconds > 0 ? `Trying again in ${formatDuration(seconds)}` : "Trying again";
    }
    case "credentials":
      return "Asking the application server for a token";
    case "other-tab":
      return "Another tab is sending it; this one takes over when that one goes";
    case "slot":
      return "Waiting for a free connection";
    case "verifying":
      return "Everything is stored; comparing what earlier pages sent with this file";
  }
}

function proofWords(result: UploadResult): string {
  switch (result.verified) {
    case "crc64":
      return `Verified by CRC-64 ${result.crc64 ?? ""}`.trimEnd();
    case "etag":
      return "Verified by ETag";
    case "none":
      return "Stored, not verified";
  }
}

/** What the person should know while it goes on: why it waits, or that a reload would lose it. Empty if nothing. */
export function warningWords(state: UploadState): string {
  if (!("resumable" in state)) return "";
  const reason = state.waiting?.error?.message ?? "";
  const unsafe = state.resumable ? "" : "This browser keeps no record of it: after a reload it would start over.";
  return [reason, unsafe].filter((words) => words !== "").join(" ");
}

/** "resumed: 1.20 GB were already there", or nothing. */
export function resumedWords({ resumedBytes }: Pick<Progress, "resumedBytes">): string {
  return resumedBytes > 0 ? `resumed: ${formatBytes(resumedBytes)} were already there` : "";
}

export function storedWords(progress: Progress): string {
  return `${formatBytes(progress.storedBytes)} of ${formatBytes(progress.totalBytes)} stored`;
}

/** For `aria-valuetext`: what the bar shows. */
export function progressWords(progress: Progress): string {
  return `${percent(progress.storedBytes, progress.totalBytes)} percent, ${storedWords(progress)}`;
}

/** What the person at the page has to do so that an upload of an earlier page goes on. */
export function needsWords(pending: PendingUpload): string {
  if (pending.active) return "Another tab is sending it.";
  switch (pending.needs) {
    case "nothing":
      return "Ready to go on: the browser still has the file.";
    case "permission":
      return "The browser will ask whether this page may read the file again.";
    case "file":
      return "Pick the file again, or drop it here: only what is missing will be sent.";
  }
}

/** How many parts are in which state: the legend, and what a screen reader hears instead of the map. */
export interface PartCounts {
  readonly before: number;
  readonly now: number;
  readonly inFlight: number;
  readonly toDo: number;
}

export function countParts(map: Uint8Array): PartCounts {
  const counts = [0, 0, 0, 0];
  for (const state of map) counts[state] = (counts[state] ?? 0) + 1;
  const [toDo = 0, inFlight = 0, now = 0, before = 0] = counts;
  return { before, now, inFlight, toDo };
}

export function partWords(fileName: string, counts: PartCounts): string {
  const total = counts.before + counts.now + counts.inFlight + counts.toDo;
  if (total === 0) return `Parts of ${fileName}: not known yet`;
  return (
    `Parts of ${fileName}: ${count(total, "part")}, ${counts.before} stored before this page, ` +
    `${counts.now} stored now, ${counts.inFlight} in flight, ${counts.toDo} to do`
  );
}

/** What is announced when an upload reaches this state, or null if it is no end. */
export function sentenceAtTheEnd(fileName: string, state: UploadState): string | null {
  switch (state.phase) {
    case "completed":
      return `${fileName} is stored. ${proofWords(state.result)}.`;
    case "failed":
      return `${fileName} failed. ${state.error.message}`;
    default:
      return null;
  }
}
