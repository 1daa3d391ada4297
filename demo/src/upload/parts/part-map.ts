/** The map of an upload's parts: a cell for each part on a canvas, a text alternative, and the legend of all maps. */
import { prepareCanvas } from "../../elements/canvas.js";
import { element, setAttribute, setText, worded } from "../../elements/element.js";
import type { Palette } from "../../elements/palette.js";
import { grouped } from "../../words/count.js";
import { words } from "../../words/language.js";
import { partWords } from "../upload-words.js";
import { cellNames, countParts, type PartCounts } from "./part-cells.js";
import { partGrid } from "./part-grid.js";

export interface PartMap {
  readonly element: HTMLCanvasElement;
  /** Paints if a cell or the size has changed. Sizes in CSS pixels. */
  draw(cells: Uint8Array, width: number, height: number): void;
}

const colours: Readonly<Record<keyof PartCounts, `--${string}`>> = {
  toDo: "--part-to-do",
  inFlight: "--part-in-flight",
  now: "--part-now",
  before: "--part-before",
  again: "--part-again",
};

export function createPartMap(fileName: string, palette: Palette): PartMap {
  const canvas = element("canvas", { class: "part-map", role: "img", "data-testid": "upload-parts" });
  let drawn: Uint8Array | null = null;
  let size = "";

  return {
    element: canvas,
    draw(cells, width, height) {
      const wanted = `${width}×${height}×${window.devicePixelRatio}`;
      if (width === 0 || (wanted === size && drawn !== null && sameBytes(drawn, cells))) return;
      drawn = cells;
      size = wanted;
      setAttribute(canvas, "aria-label", partWords(words(), fileName, countParts(cells)));
      const fills = cellNames.map((name) => palette.colour(colours[name]));
      paint(canvas, cells, { width, height }, fills);
    },
  };
}

/** What the colours mean. Hidden from screen readers: the text alternatives of the maps say the same. */
export function partLegend(): HTMLElement {
  return element("p", { class: "part-legend", "aria-hidden": "true" }, ...legendKeys());
}

/** The same legend with the number of parts of each colour. */
export function countingLegend(): { readonly element: HTMLElement; draw(cells: Uint8Array): void } {
  const keys = legendKeys();
  const numbers = keys.map((key) => {
    const number = element("b", {}, "0");
    key.prepend(number, " ");
    return number;
  });
  return {
    element: element("p", { class: "part-legend", "aria-hidden": "true" }, ...keys),
    draw(cells) {
      const counts = countParts(cells);
      shownNames.forEach((name, place) => {
        const number = numbers[place];
        if (number !== undefined) setText(number, grouped(counts[name]));
      });
    },
  };
}

const shownNames = ["now", "before", "again", "inFlight", "toDo"] as const satisfies readonly (keyof PartCounts)[];

function legendKeys(): readonly HTMLElement[] {
  return shownNames.map((name) =>
    element("span", { class: `part-key part-key-${name}` }, worded("span", `parts.${name}`)),
  );
}

function paint(
  canvas: HTMLCanvasElement,
  cells: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  fills: readonly string[],
): void {
  const prepared = prepareCanvas(canvas, width, height);
  if (prepared === null) return;
  const { context, ratio } = prepared;
  const { rows, columns } = partGrid(Math.max(1, cells.length), width, height);
  const cellWidth = canvas.width / columns;
  const cellHeight = canvas.height / rows;
  const gapX = cellWidth >= 4 * ratio ? Math.round(ratio) : 0;
  const gapY = cellHeight >= 4 * ratio ? Math.round(ratio) : 0;
  for (let index = 0; index < Math.max(1, cells.length); index += 1) {
    // Whole pixels, so that neighbours neither overlap nor leave a seam. A cell narrower than a pixel still gets one.
    const left = Math.round((index % columns) * cellWidth);
    const right = Math.round(((index % columns) + 1) * cellWidth);
    const top = Math.round(Math.floor(index / columns) * cellHeight);
    const bottom = Math.round((Math.floor(index / columns) + 1) * cellHeight);
    context.fillStyle = fills[cells[index] ?? 0] ?? "";
    context.fillRect(left, top, Math.max(1, right - left - gapX), Math.max(1, bottom - top - gapY));
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
