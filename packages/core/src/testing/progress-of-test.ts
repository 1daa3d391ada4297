/** Numbers that fit together, from the little that a test says of them. Pure. */
import type { Progress, UploadState } from "../api/upload.js";

const partSize = 2 ** 20;
const lanes = 3;

/**
 * @param given what the test says
 * @param before the progress until now
 * @param size of the file, bytes
 * @param resumedBytes what earlier pages had stored
 * @throws Error for a fraction that no upload shows
 */
export function progressAt(given: Partial<Progress>, before: Progress, size: number, resumedBytes: number): Progress {
  const { fraction = before.fraction } = given;
  if (!(fraction >= before.fraction && fraction < 1)) {
    throw new Error(
      `progress(${fraction}) cannot happen after ${before.fraction}: a bar never goes back, and is full only by complete()`,
    );
  }
  const storedBytes = Math.max(resumedBytes, Math.round(fraction * size));
  const total = Math.max(1, Math.ceil(size / partSize));
  const stored = Math.floor(fraction * total);
  return {
    totalBytes: size,
    storedBytes,
    sentBytes: storedBytes,
    resumedBytes,
    bytesPerSecond: before.bytesPerSecond,
    secondsLeft: before.secondsLeft,
    parts: { total, stored, inFlight: Math.min(lanes, total - stored) },
    ...given,
    fraction,
  };
}

/** Nothing is left to send, and the object is not proved. @param size of the file, bytes */
export function allStored(before: Progress, size: number): Progress {
  const total = Math.max(1, Math.ceil(size / partSize), before.parts.total);
  return {
    ...before,
    fraction: Math.max(before.fraction, 0.99),
    totalBytes: size,
    storedBytes: size,
    sentBytes: size,
    parts: { total, stored: total, inFlight: 0 },
  };
}

/** As `Upload.partMap()`: what is stored comes first. */
export function partMapOf({ phase, progress }: UploadState): Uint8Array {
  if (phase === "completed") return new Uint8Array(0);
  const { total, stored, inFlight } = progress.parts;
  return Uint8Array.from({ length: total }, (_, index) => (index < stored ? 2 : index < stored + inFlight ? 1 : 0));
}

/** As `Upload.partStarts()`: all parts are of one size. */
export function partStartsOf({ phase, progress }: UploadState): Float64Array {
  if (phase === "completed") return new Float64Array(0);
  const { total } = progress.parts;
  return Float64Array.from({ length: total }, (_, index) => (progress.totalBytes / total) * index);
}
