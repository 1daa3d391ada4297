/** Says which rows of a long list must exist: those in sight, and a few around them for the next turn of the wheel. Pure. */

export interface RowWindow {
  /** Index of the first row. */
  readonly first: number;
  /** Index of the last row + 1. */
  readonly end: number;
}

/** Rows above and below those in sight. */
const aroundIt = 4;

/**
 * @param rowHeight of every row, in the same unit as `scrollTop` and `viewHeight`. 0 (no layout yet) gives the first few rows
 * @param around how many rows above and below those in sight
 */
export function rowWindow(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  around = aroundIt,
): RowWindow {
  if (rowHeight <= 0) return { first: 0, end: Math.min(count, aroundIt) };
  const first = Math.floor(scrollTop / rowHeight) - around;
  const end = Math.ceil((scrollTop + viewHeight) / rowHeight) + around;
  return { first: Math.max(0, Math.min(first, count)), end: Math.max(0, Math.min(end, count)) };
}
