/** Which rows of a long list have to exist: those in sight, and a few around them for the next turn of the wheel. Pure. */

export interface RowWindow {
  /** Index of the first row. */
  readonly first: number;
  /** Index behind the last. */
  readonly end: number;
}

const aroundIt = 4;

/** @param rowHeight of every row, in the unit of the others; 0 while the list has no layout: then the first few */
export function rowWindow(count: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  if (rowHeight <= 0) return { first: 0, end: Math.min(count, aroundIt) };
  const first = Math.floor(scrollTop / rowHeight) - aroundIt;
  const end = Math.ceil((scrollTop + viewHeight) / rowHeight) + aroundIt;
  return { first: Math.max(0, Math.min(first, count)), end: Math.max(0, Math.min(end, count)) };
}
