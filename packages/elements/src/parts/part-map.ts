/** The map of an upload's parts on a canvas, which is its progress bar as well; a text alternative; and what the colours mean. */
import { prepareCanvas } from "../dom/canvas.js";
import { element, setAttribute, setText } from "../dom/element.js";
import type { Palette } from "../dom/palette.js";
import { worded } from "../dom/worded.js";
import { grouped } from "../words/count.js";
import type { Words } from "../words/en.js";
import { partWords } from "../words/upload-words.js";
import { cellNames, countParts, type PartCounts } from "./part-cells.js";
import { partGrid } from "./part-grid.js";

export interface ShownParts {
  readonly cells: Uint8Array;
  /** Where each begins, in bytes; empty where nobody knows. */
  readonly starts: Float64Array;
  readonly totalBytes: number;
  /** Painted where there are no cells. 0…1. */
  readonly fraction: number;
  readonly isVerified: boolean;
}

export interface PartMap {
  readonly element: HTMLCanvasElement;
  /** Paints if something has changed. Sizes in CSS pixels. */
  draw(words: Words, parts: ShownParts, width: number, height: number): void;
}

const colours: Readonly<Record<keyof PartCounts, `--${string}`>> = {
  toDo: "--part-to-do",
  inFlight: "--part-in-flight",
  now: "--part-now",
  before: "--part-before",
  again: "--part-again",
};

/** @param inRows cells of equal size in rows, for a map by itself; otherwise one row, in which each is as wide as it has bytes */
export function createPartMap(fileName: string, palette: Palette, inRows: boolean): PartMap {
  const canvas = element("canvas", { class: "part-map", role: "img", "data-testid": "upload-parts" });
  let drawn: ShownParts | null = null;
  let size = "";

  return {
    element: canvas,
    draw(words, parts, width, height) {
      const wanted = `${width}×${height}×${window.devicePixelRatio}`;
      if (width === 0 || (wanted === size && drawn !== null && isSame(drawn, parts))) return;
      drawn = parts;
      size = wanted;
      setAttribute(canvas, "aria-label", partWords(words, fileName, countParts(parts.cells)));
      const prepared = prepareCanvas(canvas, width, height);
      if (prepared === null) return;
      const fills = cellNames.map((name) => palette.colour(colours[name]));
      if (inRows) paintRows(prepared, canvas, parts.cells, { width, height }, fills);
      else paintBar(prepared, canvas, parts, palette, fills);
    },
  };
}

/** What the colours mean, with the number of parts of each colour. */
export function partLegend(): { readonly element: HTMLElement; draw(cells: Uint8Array): void } {
  const numbers = shownNames.map(() => element("b", {}));
  const keys = shownNames.map((name, place) =>
    element("span", { class: `part-key part-key-${name}` }, worded("span", `parts.${name}`), " ", numbers[place] ?? ""),
  );
  return {
    // Hidden from screen readers: the text alternative of the map says the same.
    element: element("p", { class: "part-legend", "aria-hidden": "true" }, ...keys),
    draw(cells) {
      const counts = countParts(cells);
      for (const [place, name] of shownNames.entries()) {
        const number = numbers[place];
        if (number !== undefined) setText(number, grouped(counts[name]));
      }
    },
  };
}

const shownNames = ["now", "before", "again", "inFlight", "toDo"] as const satisfies readonly (keyof PartCounts)[];

type Prepared = NonNullable<ReturnType<typeof prepareCanvas>>;

function paintRows(
  { context, ratio }: Prepared,
  canvas: HTMLCanvasElement,
  cells: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  fills: readonly string[],
): void {
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

function paintBar(
  { context }: Prepared,
  { width, height }: HTMLCanvasElement,
  { cells, starts, totalBytes, fraction, isVerified }: ShownParts,
  palette: Palette,
  fills: readonly string[],
): void {
  const fill = (from: number, to: number, colour: string) => {
    if (to <= from) return;
    const left = Math.round(from * width);
    context.fillStyle = colour;
    context.fillRect(left, 0, Math.max(1, Math.round(to * width) - left), height);
  };
  fill(0, 1, fills[0] ?? "");
  if (isVerified) fill(0, 1, palette.colour("--good"));
  else if (cells.length === 0 || starts.length !== cells.length) fill(0, fraction, fills[2] ?? "");
  else {
    cells.forEach((cell, place) => {
      if (cell > 0)
        fill((starts[place] ?? 0) / totalBytes, (starts[place + 1] ?? totalBytes) / totalBytes, fills[cell] ?? "");
    });
  }
}

function isSame(one: ShownParts, other: ShownParts): boolean {
  return (
    one.isVerified === other.isVerified &&
    one.fraction === other.fraction &&
    one.cells.length === other.cells.length &&
    one.cells.every((byte, index) => byte === other.cells[index])
  );
}
