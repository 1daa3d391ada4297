/** What the map of parts shows of each: the library's states, and which parts needed more than one attempt. Pure. */

/** How many parts are in which state: the legend, and what a screen reader hears instead of the map. */
export interface PartCounts {
  readonly now: number;
  readonly before: number;
  /** Stored by this page, at a second attempt or a later one. */
  readonly again: number;
  readonly inFlight: number;
  readonly toDo: number;
}

/** In the order of the cells' bytes: those of `Upload.partMap()`, then our own. */
export const cellNames = [
  "toDo",
  "inFlight",
  "now",
  "before",
  "again",
] as const satisfies readonly (keyof PartCounts)[];

const now = cellNames.indexOf("now");
const again = cellNames.indexOf("again");

/**
 * @param map     as `Upload.partMap()` gives it; changed in place
 * @param retried numbers of the parts that were sent more than once
 */
export function markRetried(map: Uint8Array, retried: ReadonlySet<number>): Uint8Array {
  for (const number of retried) if (map[number - 1] === now) map[number - 1] = again;
  return map;
}

export function countParts(cells: Uint8Array): PartCounts {
  const counts = [0, 0, 0, 0, 0];
  for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
  const [toDo = 0, inFlight = 0, storedNow = 0, before = 0, storedAgain = 0] = counts;
  return { now: storedNow, before, again: storedAgain, inFlight, toDo };
}
