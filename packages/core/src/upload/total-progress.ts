/** Sums the progress of several uploads. Of speed and time it says nothing. Pure. */
import type { Progress } from "../api/upload.js";

export function totalProgress(all: readonly Progress[]): Progress {
  // One object, and not one for each: an app asks for the sum of thousands in every frame.
  const total = { totalBytes: 0, storedBytes: 0, sentBytes: 0, resumedBytes: 0 };
  const parts = { total: 0, stored: 0, inFlight: 0 };
  let done = 0;
  for (const one of all) {
    total.totalBytes += one.totalBytes;
    total.storedBytes += one.storedBytes;
    total.sentBytes += one.sentBytes;
    total.resumedBytes += one.resumedBytes;
    parts.total += one.parts.total;
    parts.stored += one.parts.stored;
    parts.inFlight += one.parts.inFlight;
    done += one.fraction * one.totalBytes;
  }
  const fraction = total.totalBytes === 0 ? 0 : done / total.totalBytes;
  return { fraction, ...total, bytesPerSecond: 0, secondsLeft: null, parts };
}
