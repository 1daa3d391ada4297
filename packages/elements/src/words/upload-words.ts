/** Says in the page's language what an upload is doing, waiting for or has failed at. Pure. */
import type { PendingUpload, Progress, UploadError, UploadResult, UploadState, Waiting } from "@ossicle/core";
import type { Happening } from "../dom/announcer.js";
import type { PartCounts } from "../parts/part-cells.js";
import { grouped } from "./count.js";
import type { Words } from "./en.js";
import { formatBytes, formatDuration } from "./format.js";

/** What the upload is doing. @param now milliseconds since the epoch, for the countdown to the next attempt */
export function phaseWords(words: Words, state: UploadState, now: number): string {
  const { phase } = words;
  switch (state.phase) {
    case "completed":
      return phase[state.result.verified];
    case "failed":
      return errorTitle(words, state.error);
    case "queued":
    case "preparing":
    case "uploading":
    case "completing":
      return state.waiting === null ? phase[state.phase] : waitingWords(words, state.waiting, now);
    default:
      return phase[state.phase];
  }
}

function waitingWords({ phase, time }: Words, waiting: Waiting, now: number): string {
  switch (waiting.reason) {
    case "backoff": {
      const seconds = Math.ceil(((waiting.untilMs ?? now) - now) / 1000);
      return seconds > 0 ? phase.backoffIn(formatDuration(seconds, time)) : phase.backoff;
    }
    case "other-tab":
      return phase.otherTab;
    case "same-file":
      return phase.sameFile;
    default:
      return phase[waiting.reason];
  }
}

/** What happened, in the words of people. The library's own words, in English, are for the technical details. */
export function errorTitle({ errors }: Words, error: Pick<UploadError, "code">): string {
  return errors[error.code].what;
}

/** Whether a reload would lose parts of it; "" if not. What is queued, or goes in one request, has no parts to lose. */
export function warningWords({ upload }: Words, state: UploadState): string {
  if (!("resumable" in state)) return "";
  return !state.resumable && state.phase !== "preparing" && state.progress.parts.total > 1 ? upload.unsafe : "";
}

/** "1.20 GB were already there"; "" if nothing was. */
export function resumedWords({ upload }: Words, { resumedBytes }: Pick<Progress, "resumedBytes">): string {
  return resumedBytes > 0 ? upload.resumed(formatBytes(resumedBytes)) : "";
}

export function storedWords({ upload }: Words, progress: Pick<Progress, "storedBytes" | "totalBytes">): string {
  return upload.storedOf(formatBytes(progress.storedBytes), formatBytes(progress.totalBytes));
}

/** What the progress bar shows, for `aria-valuetext`. @param percent "42 %" */
export function progressWords(
  words: Words,
  percent: string,
  progress: Pick<Progress, "storedBytes" | "totalBytes">,
): string {
  return words.upload.percent(percent, storedWords(words, progress));
}

/** How many bytes were sent in which time; or, if the store had the file already, that it did: then none were sent. */
export function elapsedWords({ upload, time }: Words, result: UploadResult, seconds: number): string {
  if (result.alreadyStored) return upload.alreadyStored;
  return upload.sentIn(formatBytes(result.sentBytes), formatDuration(seconds, time));
}

/** What the person has to do so that an upload of an earlier page goes on. */
export function needsWords(words: Words, { active, needs }: Pick<PendingUpload, "active" | "needs">): string {
  return active ? words.pending.active : words.pending[needs];
}

/** What a screen reader hears instead of the map. */
export function partWords({ parts }: Words, fileName: string, counts: PartCounts): string {
  const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0);
  if (total === 0) return `${parts.of(fileName)}: ${parts.unknown}`;
  const { before, now, again, inFlight, toDo } = counts;
  const said = [
    [now, parts.now],
    [before, parts.before],
    [again, parts.again],
    [inFlight, parts.inFlight],
    [toDo, parts.toDo],
  ] as const;
  const list = said.filter(([amount]) => amount > 0).map(([amount, what]) => `${grouped(amount)} ${what}`);
  return `${parts.of(fileName)}: ${[parts.total(total), ...list].join(", ")}`;
}

/** What is announced when an upload comes into this state; null for what nobody needs to hear. */
export function toldOf(words: Words, fileName: string, state: UploadState): readonly [Happening, string] | null {
  const { said } = words;
  switch (state.phase) {
    case "completed":
      return ["stored", said.stored(fileName, words.phase[state.result.verified])];
    case "failed":
      return ["failed", said.failed(fileName, errorTitle(words, state.error))];
    case "paused":
      return ["paused", said.paused(fileName)];
    case "cancelled":
      return ["cancelled", said.cancelled(fileName)];
    default:
      return null;
  }
}
