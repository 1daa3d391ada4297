/** The throughput of the last minute as an area on a canvas, with a text alternative, and the speed of now beside it. */
import { prepareCanvas } from "../elements/canvas.js";
import { element, setAttribute, setText } from "../elements/element.js";
import type { Palette } from "../elements/palette.js";
import type { Figure } from "../upload/list/list-head.js";
import { secondsShown, type Throughput } from "../upload/list/throughput.js";
import { formatRate } from "../words/format.js";
import { words } from "../words/language.js";

export function createGraph(throughput: Throughput, palette: Palette): Figure {
  const canvas = element("canvas", { class: "graph", role: "img", "data-testid": "throughput" });
  const rateNow = element("span", { class: "graph-rate", "aria-hidden": "true" });
  let width = 0;
  let height = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  new ResizeObserver(([entry]) => {
    width = entry?.contentRect.width ?? 0;
    height = entry?.contentRect.height ?? 0;
  }).observe(canvas);

  return {
    element: element("figure", { class: "sum-graph" }, canvas, rateNow),
    draw(atMs) {
      const rate = throughput.rate(atMs);
      setText(rateNow, formatRate(rate));
      if (width === 0) return;
      const seconds = throughput.seconds(atMs);
      // The second that is not over yet would always look slow: the smoothed speed stands in its place.
      const past = seconds.slice(0, -1);
      const most = Math.max(...past, rate);
      paint(canvas, { width, height }, [...past, rate], most, palette);
      // A screen reader that reads it is given a new sentence every two seconds at most.
      if (atMs - saidAt < 2000 && saidAt <= atMs) return;
      saidAt = atMs;
      setAttribute(canvas, "aria-label", words().graph.words(formatRate(rate), formatRate(most)));
    },
  };
}

function paint(
  canvas: HTMLCanvasElement,
  { width, height }: { readonly width: number; readonly height: number },
  rates: readonly number[],
  most: number,
  palette: Palette,
): void {
  const prepared = prepareCanvas(canvas, width, height);
  if (prepared === null) return;
  const { context, ratio } = prepared;
  context.scale(ratio, ratio);

  const bottom = height - 1;
  context.fillStyle = palette.colour("--line");
  context.fillRect(0, bottom, width, 1);
  if (most <= 0) return;
  const step = width / (secondsShown - 1);
  const y = (rate: number) => bottom - (rate / most) * (height - 4);
  const line = new Path2D();
  rates.forEach((rate, place) => {
    if (place === 0) line.moveTo(0, y(rate));
    else line.lineTo(place * step, y(rate));
  });
  const area = new Path2D(line);
  area.lineTo(width, bottom);
  area.lineTo(0, bottom);
  context.fillStyle = palette.colour("--graph-area");
  context.fill(area);
  context.strokeStyle = palette.colour("--accent");
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.stroke(line);
}
