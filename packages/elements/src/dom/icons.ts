/** The icons: strokes on a grid of 24, in the colour of the text around them. */

const strokes = {
  pause: "M9 6v12M15 6v12",
  resume: "M8 5.5v13l10.5-6.5z",
  retry: "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
  first: "M12 19V8m0 0-5 5m5-5 5 5M6 4.5h12",
  details: "M12 11v6M12 7.2v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  open: "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
  cancel: "M6 6l12 12M18 6 6 18",
  undo: "M9 14 4 9l5-5M4 9h10a5.5 5.5 0 0 1 0 11h-3",
  drop: "M12 16V4m0 0L7 9m5-5 5 5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3",
} as const;

export type IconName = keyof typeof strokes;

const namespace = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", strokes[name]);
  svg.append(path);
  return svg;
}
