/** Finds how many rows and columns of cells show a number of parts best in a band of a given size. Pure. */

export interface PartGrid {
  readonly rows: number;
  readonly columns: number;
}

/** Width of a cell / its height. A little wider than high, so that a row of cells reads like a progress bar. */
const bestShape = 1.6;

/**
 * @param parts  number of cells, ≥ 1
 * @param width  of the band, in CSS pixels
 * @param height of the band, in CSS pixels; each row is at least one pixel high
 * @returns a grid of at least `parts` cells without an empty row
 */
export function partGrid(parts: number, width: number, height: number): PartGrid {
  let best: PartGrid = { rows: 1, columns: Math.max(1, parts) };
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let rows = 1; rows <= Math.max(1, Math.floor(height)); rows += 1) {
    const columns = Math.ceil(parts / rows);
    const distance = Math.abs(Math.log(width / columns / (height / rows) / bestShape));
    const everyRowIsUsed = (rows - 1) * columns < parts;
    if (everyRowIsUsed && distance < bestDistance) {
      best = { rows, columns };
      bestDistance = distance;
    }
  }
  return best;
}
