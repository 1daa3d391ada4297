/** The throughput of the last minute as an area on a canvas, with a text alternative, and the speed of now beside it. */

import type { Uploader } from "@ossicle/core";
import { formatRate } from "@ossicle/elements";
import { prepareCanvas } from "@ossicle/elements/dom/canvas.js";
import { element, setAttribute, setText } from "@ossicle/elements/dom/element.js";
import { createFrame } from "@ossicle/elements/dom/frame.js";
import { createPalette, type Palette } from "@ossicle/elements/dom/palette.js";
import { words } from "../../words/language.js";
import { createThroughput, secondsShown } from "./page-throughput.js";

export interface Graph {
  /** Shows what this uploader moves from now on. */
  follow(uploader: Uploader): void;
  /** Call it when the language or the colours have changed. */
  redraw(): void;
}

/** A silent network is drawn as often, although no upload reports anything. */
const tickMs = 500;

/** @param place a figure, beside the sum */
export function createGraph(place: HTMLElement): Graph {
  const throughput = createThroughput();
  const frame = createFrame();
  const palette = createPalette(place);
  let followed: Uploader | undefined;
  let unfollow = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const figure = createFigure(palette);
  place.append(...figure.nodes);

  function changed(): void {
    if (followed === undefined) return;
    const { sentBytes, resumedBytes, bytesPerSecond } = followed.progress;
    const now = performance.now();
    throughput.note(now, sentBytes - resumedBytes);
    frame.request(draw);
    if (timer === undefined && (bytesPerSecond > 0 || !throughput.isStill(now))) timer = setTimeout(tick, tickMs);
  }

  function tick(): void {
    timer = undefined;
    changed();
  }

  function draw(): void {
    const now = performance.now();
    figure.draw(now, throughput.seconds(now), followed?.progress.bytesPerSecond ?? 0);
  }

  return {
    follow(uploader) {
      unfollow();
      followed = uploader;
      unfollow = uploader.subscribe(changed);
      changed();
    },
    redraw() {
      palette.forget();
      figure.forget();
      draw();
    },
  };
}

function createFigure(palette: Palette) {
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
    nodes: [canvas, rateNow],
    forget() {
      saidAt = Number.NEGATIVE_INFINITY;
    },
    /** @param rate the library's, in bytes per second: there is one speed on the page */
    draw(atMs: number, seconds: readonly number[], rate: number) {
      setText(rateNow, rate > 0 ? formatRate(rate) : "");
      if (width === 0) return;
      // The second that is not over yet would always look slow: the speed of now stands in its place.
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
