/** Cuts a file into parts. Pure. */
import { UploadError } from "../errors.js";
import { shown } from "../invalid-option.js";
import type { StoreLimits } from "../store/object-store.js";

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** While nothing is known of the line. 6.7 s at 10 Mbit/s: what a reset costs, against a preflight, a signature and a record. */
const autoPartSize = 8 * MiB;
/** A file of a few parts is cut finer, so that a reload in its middle does not find all of them half sent. */
const roundsOfSmallFiles = 4;
const autoPartSizeOfSmallFiles = 4 * MiB;
const smallestAutoPartSize = 256 * KiB;
const largestAutoPartSize = 64 * MiB;
/** Parts end on whole steps: easier to read in a listing, and in a log. */
const step = 64 * KiB;

/** A part costs two round trips beside its bytes, its preflight and its own: 38 of them make that 5 %. */
const roundTripsToHideIn = 38;
/** What a reset may cost. */
const longestPartSeconds = 10;

/** What is known of the line that the parts go through. */
export interface LineSpeed {
  /** Of one connection. */
  readonly bytesPerSecond: number | undefined;
  readonly roundTripMs: number | undefined;
}

/** Half-open range of bytes `[start, end)` of the file, and the number it is sent under. */
export interface PartRange {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The size of the parts that a file is cut into.
 *
 * @param fileSize bytes
 * @param wanted   bytes, or "auto"; raised until the file needs at most `limits.maxParts` parts
 * @param line     parts of "auto" last long enough to hide their round trips, and not so long that a reset hurts
 * @param lanes    parts of "auto" that go out side by side: their number is a multiple of it, so that all end together
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

/** Lanes that begin together should end together: with 8 MiB on six lanes a file of 7 parts takes as long as one of 12. */
function inEvenRounds(fileSize: number, size: number, lanes: number): number {
  const rounds = Math.floor(Math.ceil(fileSize / size) / lanes + 0.4);
  const even = rounds === 0 ? size : fileSize / (rounds * lanes);
  return Math.ceil(even / step) * step;
}

function within(limits: StoreLimits, size: number): number {
  return Math.min(Math.max(size, limits.minPartSize), limits.maxPartSize);
}

/** @throws UploadError `invalid-option` if `wanted` is not a whole number of bytes within `limits` */
export function checkPartSize(wanted: number, limits: StoreLimits): number {
  if (Number.isInteger(wanted) && wanted >= limits.minPartSize && wanted <= limits.maxPartSize) return wanted;
  throw new UploadError(
    "invalid-option",
    `partSize is ${shown(wanted)}; the store takes whole numbers from ${limits.minPartSize} to ${limits.maxPartSize} bytes`,
    { hint: 'Leave partSize at "auto", or pass bytes, e.g. 8 * 1024 * 1024.' },
  );
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
