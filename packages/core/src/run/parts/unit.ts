/** Decides in which units the parts of a file are numbered. Pure. */
import { UploadError } from "../../errors.js";
import type { StoreLimits } from "../../store/object-store.js";
import { KiB, type LineSpeed, MiB, nextPartSize } from "./part-size.js";

/** Of "auto" the smallest part: what a reload loses on a slow line, and what a first stored byte takes. */
export const smallestUnit = 128 * KiB;
/** For stores that want parts of one size, while nothing is known of the line. */
const usualEqualPart = 8 * MiB;

export interface Wanted {
  /** Bytes, or "auto". */
  readonly partSize: number | "auto";
  /** With "auto": the smallest unit. Bytes. */
  readonly unit: number;
}

/**
 * @param fileSize bytes
 * @returns bytes: every part is a whole number of them, but the last. A number that was wanted is taken, and the parts are of this size;
 *   raised until the file needs at most `limits.maxParts`
 * @throws UploadError `invalid-option` if the file is too large for any part size
 */
export function chooseUnit(fileSize: number, wanted: Wanted, limits: StoreLimits, line: LineSpeed): number {
  const { maxParts, maxPartSize, minPartSize, equalParts = false } = limits;
  if (fileSize > maxParts * maxPartSize) {
    throw new UploadError(
      "invalid-option",
      `The file has ${fileSize} bytes; the store takes at most ${maxParts} parts of ${maxPartSize} bytes`,
    );
  }
  const { partSize, unit } = wanted;
  const least = Math.ceil(fileSize / maxParts);
  if (partSize !== "auto") return Math.max(partSize, least);
  const comfortable = equalParts ? equalPart(fileSize, unit, line) : unit;
  return Math.min(Math.ceil(Math.max(comfortable, least, minPartSize) / unit) * unit, maxPartSize);
}

/** As large as a part of this line becomes, in an upload of which much is stored. */
function equalPart(fileSize: number, unit: number, line: LineSpeed): number {
  if (line.bytesPerSecond === undefined) return usualEqualPart;
  return nextPartSize(line, { parts: 0, storedBytes: fileSize, unsentBytes: fileSize }, unit);
}
