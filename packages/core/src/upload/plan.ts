/** Cuts a file into parts. Pure. */
import { UploadError } from "../errors.js";
import type { StoreLimits } from "../store/object-store.js";

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** 6.7 s at 10 Mbit/s: what a reset costs at most, against one preflight, one signature and one record for every part. */
const autoPartSize = 8 * MiB;

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
 * @throws UploadError `invalid-option` if `wanted` is outside `limits`, or the file is too large for any part size
 * @see https://help.aliyun.com/zh/oss/developer-reference/uploadpart (100 KB–5 GB, 1–10000)
 */
export function choosePartSize(fileSize: number, wanted: number | "auto", limits: StoreLimits): number {
  if (fileSize > limits.maxParts * limits.maxPartSize) {
    throw new UploadError(
      "invalid-option",
      `The file has ${fileSize} bytes; the store takes at most ${limits.maxParts} parts of ${limits.maxPartSize} bytes`,
    );
  }
  const least = Math.ceil(fileSize / limits.maxParts);
  if (wanted !== "auto") return Math.max(checkPartSize(wanted, limits), least);
  const size = Math.max(autoPartSize, Math.ceil(least / MiB) * MiB);
  return Math.min(Math.max(size, limits.minPartSize), limits.maxPartSize);
}

/** @throws UploadError `invalid-option` if `wanted` is not a whole number of bytes within `limits` */
export function checkPartSize(wanted: number, limits: StoreLimits): number {
  if (Number.isInteger(wanted) && wanted >= limits.minPartSize && wanted <= limits.maxPartSize) return wanted;
  throw new UploadError(
    "invalid-option",
    `partSize is ${wanted}; the store takes whole numbers from ${limits.minPartSize} to ${limits.maxPartSize} bytes`,
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
