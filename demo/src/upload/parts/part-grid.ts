/** How many rows and columns show a number of parts best in a band of a given size. Pure. */

export interface PartGrid {
  readonly rows: number;
  readonly columns: number;
}

/** A little wider than high: a row of cells then reads as a progress bar. */
const bestShape = 1.6;

/**
 * @param parts  how many cells, ≥ 1
 * @param width  of the band, in CSS pixels; the columns share it without a rest
 * @param height of the band, in CSS pixels; a row is at least one of them high
 * @returns at least `parts` cells, no row of them empty
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
