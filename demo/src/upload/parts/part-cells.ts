/** The state of each part as the map shows it: the library's states, and one more for parts that needed a second attempt. Pure. */

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

const now = cellNames.indexOf("now");
const again = cellNames.indexOf("again");

/**
 * Marks the parts that were stored at a second attempt.
 * @param map     the result of `Upload.partMap()`; changed in place
 * @param retried numbers of the parts that needed more than one attempt
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
