/** The map of an upload's parts: a band of cells on a canvas, its legend in words, its text alternative. */
import { element, setAttribute, setText, setVisible } from "./element.js";
import { grouped } from "./format.js";
import { partGrid } from "./part-grid.js";
import { countParts, type PartCounts, partWords } from "./words.js";

/** The colours of the cells, read once: asking for a style in the middle of drawing makes the browser compute all of them. */
export interface Palette {
  colours(): readonly string[];
  /** The page has changed its colours. */
  forget(): void;
}

export function createPalette(): Palette {
  let known: readonly string[] | null = null;
  return {
    colours() {
      if (known === null) {
        const style = getComputedStyle(document.documentElement);
        known = colourNames.map((name) => style.getPropertyValue(name));
      }
      return known;
    },
    forget() {
      known = null;
    },
  };
}

export interface PartMap {
  readonly band: HTMLElement;
  readonly legend: HTMLElement;
  /** `map` as `Upload.partMap()` gives it. Paints only if a cell is different or the band has another size or colour. */
  draw(map: Uint8Array): void;
  /** Paints again at the next `draw`, whatever it is given. */
  forget(): void;
  /** Stops watching the size. */
  close(): void;
}

const bandHeight = 20;

/** In the order of the bytes of `Upload.partMap()`: to do, in flight, stored now, stored before. */
const colourNames = ["--part-to-do", "--part-in-flight", "--part-now", "--part-before"] as const;

const legendKeys = [
  { name: "before", words: "stored before" },
  { name: "now", words: "stored now" },
  { name: "inFlight", words: "in flight" },
  { name: "toDo", words: "to do" },
] as const satisfies readonly { readonly name: keyof PartCounts; readonly words: string }[];

/** @param onResize called when the band has another width and `draw` should be called again */
export function createPartMap(fileName: string, palette: Palette, onResize: () => void): PartMap {
  const canvas = element("canvas", { class: "part-band", role: "img", "data-testid": "upload-parts" });
  const counters = legendKeys.map(({ name, words }) => {
    const counter = element("span", { class: "part-count" }, "0");
    // The text alternative of the canvas says the same in one sentence.
    const item = element("span", { class: `part-key part-key-${name}` }, counter, ` ${words}`);
    return { name, counter, item };
  });
  const legendLine = element("p", { class: "part-legend", "aria-hidden": "true" }, ...counters.map(({ item }) => item));

  let width = 0;
  let drawn: Uint8Array | null = null;
  const resizes = new ResizeObserver(([entry]) => {
    if (entry === undefined || entry.contentRect.width === width) return;
    width = entry.contentRect.width;
    drawn = null;
    onResize();
  });
  resizes.observe(canvas);

  return {
    band: canvas,
    legend: legendLine,
    draw(map) {
      if (width === 0 || (drawn !== null && sameBytes(drawn, map))) return;
      drawn = map.slice();
      const counts = countParts(map);
      for (const { name, counter, item } of counters) {
        setText(counter, grouped(counts[name]));
        setVisible(item, counts[name] > 0);
      }
      setAttribute(canvas, "aria-label", partWords(fileName, counts));
      paint(canvas, map, width, palette.colours());
    },
    forget() {
      drawn = null;
    },
    close() {
      resizes.disconnect();
    },
  };
}

function paint(canvas: HTMLCanvasElement, map: Uint8Array, width: number, colours: readonly string[]): void {
  const ratio = window.devicePixelRatio;
  const pixelWidth = Math.round(width * ratio);
  const pixelHeight = Math.round(bandHeight * ratio);
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  const context = canvas.getContext("2d");
  if (context === null) return;

  context.clearRect(0, 0, pixelWidth, pixelHeight);
  const { rows, columns } = partGrid(Math.max(1, map.length), width, bandHeight);
  const cellWidth = pixelWidth / columns;
  const cellHeight = pixelHeight / rows;
  const gapX = cellWidth >= 4 * ratio ? Math.round(ratio) : 0;
  const gapY = cellHeight >= 4 * ratio ? Math.round(ratio) : 0;
  for (let index = 0; index < Math.max(1, map.length); index += 1) {
    // Whole pixels: neighbours neither overlap nor leave a seam, and a cell narrower than a pixel still gets one.
    const left = Math.round((index % columns) * cellWidth);
    const right = Math.round(((index % columns) + 1) * cellWidth);
    const top = Math.round(Math.floor(index / columns) * cellHeight);
    const bottom = Math.round((Math.floor(index / columns) + 1) * cellHeight);
    context.fillStyle = colours[map[index] ?? 0] ?? "";
    context.fillRect(left, top, Math.max(1, right - left - gapX), Math.max(1, bottom - top - gapY));
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
