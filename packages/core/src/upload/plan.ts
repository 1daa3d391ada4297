/** Cuts a file into parts. Pure. */
import { checkPartSize } from "../check-part-size.js";
import { UploadError } from "../errors.js";
import type { StoreLimits } from "../store/object-store.js";

export const KiB = 1024;
export const MiB = 1024 * KiB;

/**
 * Used until the line has been measured. At 10 Mbit/s such a part takes 6.7 s, which is what a reset connection costs; smaller parts
 * would cost more preflights, signatures and records.
 */
const autoPartSize = 8 * MiB;
/** A small file is cut into at least so many parts for each lane: a reload in the middle then loses less. */
const roundsOfSmallFiles = 4;
const autoPartSizeOfSmallFiles = 4 * MiB;
const smallestAutoPartSize = 256 * KiB;
const largestAutoPartSize = 64 * MiB;
/** Part sizes are multiples of this: easier to read in a listing, and in a log. */
const step = 64 * KiB;

/** A part costs two round trips beside its bytes: the preflight's and its own. If it lasts 38 round trips they are 5 % of its time. */
const roundTripsToHideIn = 38;
/** A reset connection loses the part it was sending: no more than these seconds. */
const longestPartSeconds = 10;

/** The measured speed of the line between page and store. */
export interface LineSpeed {
  /** The speed of one connection. */
  readonly bytesPerSecond: number | undefined;
  readonly roundTripMs: number | undefined;
}

/** The bytes `[start, end)` of the file, and the part number they are sent under. */
export interface PartRange {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Chooses the size of the parts that a file is cut into.
 *
 * @param fileSize bytes
 * @param wanted   bytes, or "auto"; raised until the file needs at most `limits.maxParts` parts
 * @param line     "auto" chooses parts that last long enough to hide their round trips, and not so long that a reset hurts
 * @param lanes    how many parts go out side by side: with "auto" their number is a multiple of it, so that all lanes end together
 * @throws UploadError `invalid-option` if `wanted` is outside `limits`, or the file is too large for any part size
 * @see https://help.aliyun.com/zh/oss/developer-reference/uploadpart (100 KB–5 GB, 1–10000)
 */
export function choosePartSize(
  fileSize: number,
  wanted: number | "auto",
  limits: StoreLimits,
  line: LineSpeed,
  lanes: number,
): number {
  if (fileSize > limits.maxParts * limits.maxPartSize) {
    throw new UploadError(
      "invalid-option",
      `The file has ${fileSize} bytes; the store takes at most ${limits.maxParts} parts of ${limits.maxPartSize} bytes`,
    );
  }
  const least = Math.ceil(fileSize / limits.maxParts);
  if (wanted !== "auto") return Math.max(checkPartSize(wanted, limits), least);
  const size = inEvenRounds(fileSize, comfortable(fileSize, line, lanes), lanes);
  const coarse = least > MiB ? MiB : step;
  return within(limits, Math.max(size, Math.ceil(least / coarse) * coarse));
}

function comfortable(fileSize: number, { bytesPerSecond, roundTripMs = 0 }: LineSpeed, lanes: number): number {
  const fine = Math.max(fileSize / lanes / roundsOfSmallFiles, autoPartSizeOfSmallFiles);
  const usual = fileSize <= autoPartSize ? autoPartSize : Math.min(autoPartSize, fine);
  if (bytesPerSecond === undefined) return usual;
  const hiding = (bytesPerSecond * roundTripMs * roundTripsToHideIn) / 1000;
  const size = Math.min(Math.max(usual, hiding), bytesPerSecond * longestPartSeconds);
  return Math.min(Math.max(size, smallestAutoPartSize), largestAutoPartSize);
}

/** Lanes that begin together should end together: on six lanes a file of 7 equal parts takes as long as one of 12. */
function inEvenRounds(fileSize: number, size: number, lanes: number): number {
  const rounds = Math.floor(Math.ceil(fileSize / size) / lanes + 0.4);
  const even = rounds === 0 ? size : fileSize / (rounds * lanes);
  return Math.ceil(even / step) * step;
}

function within(limits: StoreLimits, size: number): number {
  return Math.min(Math.max(size, limits.minPartSize), limits.maxPartSize);
}

/**
 * @param fileSize bytes, ≥ 1
 * @param partSize bytes, as `choosePartSize` gives it
 * @returns contiguous ranges that cover `[0, fileSize)`, numbered from 1; only the last may be short
 */
export function plan(fileSize: number, partSize: number): readonly PartRange[] {
  const parts: PartRange[] = [];
  for (let start = 0; start < fileSize; start += partSize) {
    parts.push({ number: parts.length + 1, start, end: Math.min(start + partSize, fileSize) });
  }
  return parts;
}
