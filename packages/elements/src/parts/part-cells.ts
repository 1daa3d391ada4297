/** The state of each part as the map shows it: the library's states, and one more for parts that needed a second attempt. Pure. */

import type { UploadState } from "@ossicle/core";

/** How many parts are in which state. The legend shows it, and the map's text alternative says it. */
export interface PartCounts {
  readonly now: number;
  readonly before: number;
  /** Stored by this page at a second or later attempt. */
  readonly again: number;
  readonly inFlight: number;
  readonly toDo: number;
}

/** By the value of a cell's byte: first the states of `Upload.partMap()`, then the one that the demo adds. */
export const cellNames = [
  "toDo",
  "inFlight",
  "now",
  "before",
  "again",
] as const satisfies readonly (keyof PartCounts)[];

type Completed = Extract<UploadState, { readonly phase: "completed" }>;

const before = cellNames.indexOf("before");
const now = cellNames.indexOf("now");
const again = cellNames.indexOf("again");

/**
 * Marks the parts that were stored at a second attempt.
 * @param map     the result of `Upload.partMap()`
 * @param retried numbers of the parts that needed more than one attempt
 */
export function markRetried(map: Uint8Array, retried: ReadonlySet<number>): Uint8Array {
  return map.map((cell, place) => (cell === now && retried.has(place + 1) ? again : cell));
}

/**
 * The map of a completed upload, of which the library keeps none.
 * @param last the map when it was last looked at: a small upload may have completed before that
 */
export function cellsAtTheEnd(last: Uint8Array, { progress, result }: Completed): Uint8Array {
  const isSeen = last.length > 0 && last.length === progress.parts.total;
  if (!isSeen) return new Uint8Array(progress.parts.total).fill(result.alreadyStored ? before : now);
  return last.map((cell) => (cell === before ? before : now));
}

export function countParts(cells: Uint8Array): PartCounts {
  const counts = [0, 0, 0, 0, 0];
  for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
  const [toDo = 0, inFlight = 0, storedNow = 0, storedBefore = 0, storedAgain = 0] = counts;
  return { now: storedNow, before: storedBefore, again: storedAgain, inFlight, toDo };
}
