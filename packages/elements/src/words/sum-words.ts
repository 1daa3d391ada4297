/** Says how far all uploads are together, or why nothing moves. Pure. */
import type { Still, Sum } from "../desk/sum.js";
import type { Words } from "./en.js";
import { formatBytes, formatDuration, formatRate, formatTimeLeft } from "./format.js";
import { resumedWords, storedWords } from "./upload-words.js";

/** "126 MB of 300 MB stored · 2 of 5 files · 8.30 MB/s · 2 min 05 s left · 1.20 GB were already there". */
export function sumWords(said: Words, sum: Sum): string {
  const { counts, batch, progress } = sum;
  if (batch.done === batch.all) {
    const size = batch.all === 0 || progress.totalBytes === 0 ? "" : formatBytes(progress.totalBytes);
    return counts.done === 0 ? "" : joined(said.list.allStored(counts.done), size, resumedWords(said, progress));
  }
  const isFinishing = sum.finishing > 0 && progress.storedBytes === progress.totalBytes;
  // Where nothing moves there is neither a rate nor a time: a sentence says why.
  const moves = sum.isMoving && !isFinishing && progress.bytesPerSecond > 0;
  return joined(
    storedWords(said, progress),
    batch.all === 1 ? "" : said.list.storedOf(batch.done, batch.all),
    moves ? formatRate(progress.bytesPerSecond) : "",
    moves ? formatTimeLeft(progress.secondsLeft, said.time) : "",
    isFinishing ? said.list.finishing : "",
    resumedWords(said, progress),
  );
}

/** @param now milliseconds since the epoch, for the countdown */
export function stillWords({ still, time }: Words, why: Still, now: number): string {
  if (why.reason !== "lost") return still[why.reason];
  const seconds = Math.ceil(((why.untilMs ?? now) - now) / 1000);
  return seconds > 0 ? still.nextTry(formatDuration(seconds, time)) : still.lost;
}

function joined(...facts: readonly string[]): string {
  return facts.filter((fact) => fact !== "").join(" · ");
}
