/**
 * Where the parts of a file lie. A part's number says where it begins, in units, and its size where it ends: so a listing says which bytes
 * every part is, whatever its size, and a gap between two stored parts can be cut anew. Pure.
 */

import { apart, gapsBetween, type Span } from "./spans.js";

/** How the parts of a file are numbered: part n begins at (n − 1) · unit. In bytes. */
export interface Ruler {
  readonly fileSize: number;
  /** Every part is a whole number of these, but one that ends with the file. */
  readonly unit: number;
}

/** The bytes of a part, and the number that it is sent under. */
export interface PartRange extends Span {
  readonly number: number;
}

interface Sized {
  readonly number: number;
  /** In bytes. */
  readonly size: number;
}

/** @returns undefined for a part that cannot be of such a file: it is none of ours, or damaged */
export function rangeOf({ fileSize, unit }: Ruler, { number, size }: Sized): PartRange | undefined {
  const start = (number - 1) * unit;
  const end = start + size;
  const fits = number >= 1 && size >= 1 && end <= fileSize && (size % unit === 0 || end === fileSize);
  return fits ? { number, start, end } : undefined;
}

/** @param size bytes, a whole number of units. @returns the first part of a gap: all of it if it is no larger */
export function cutFrom({ unit }: Ruler, { start, end }: Span, size: number): PartRange {
  return { number: start / unit + 1, start, end: Math.min(start + size, end) };
}

/** @returns the file in parts of one unit each */
export function inUnits(ruler: Ruler): readonly PartRange[] {
  return Array.from({ length: Math.ceil(ruler.fileSize / ruler.unit) }, (_, i) =>
    cutFrom(ruler, { start: i * ruler.unit, end: ruler.fileSize }, ruler.unit),
  );
}

/** A part with its bytes. */
export interface Placed<T> extends Span {
  readonly part: T;
}

/** @returns the parts that fit the file, ascending; some of them may overlap */
export function placed<T extends Sized>(ruler: Ruler, parts: readonly T[]): readonly Placed<T>[] {
  const fitting = parts.flatMap((part) => {
    const range = rangeOf(ruler, part);
    return range === undefined ? [] : { part, start: range.start, end: range.end };
  });
  return fitting.sort((a, b) => a.start - b.start);
}

/**
 * @param parts    some parts of the file
 * @param areUnits all parts are of one unit each, those that are missing here included
 * @returns all that the file was cut into, ascending; undefined if nobody can say
 */
export function likelyCut(ruler: Ruler, parts: readonly Sized[], areUnits: boolean): readonly PartRange[] | undefined {
  const known = apart(placed(ruler, parts)).map(({ part: { number }, start, end }) => ({ number, start, end }));
  if (gapsBetween(ruler, known).length === 0) return known;
  return areUnits && known.every(({ start, end }) => end - start <= ruler.unit) ? inUnits(ruler) : undefined;
}
