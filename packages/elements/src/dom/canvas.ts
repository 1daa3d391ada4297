/** A canvas that is painted in CSS pixels and is sharp on every screen. */

export interface PreparedCanvas {
  readonly context: CanvasRenderingContext2D;
  /** Pixels of the screen in one CSS pixel. */
  readonly ratio: number;
}

/**
 * Gives a canvas as many pixels as the screen has for it, and clears it.
 * @param width in CSS pixels, as `height`
 * @returns null if the browser has no 2D context to spare
 */
export function prepareCanvas(canvas: HTMLCanvasElement, width: number, height: number): PreparedCanvas | null {
  const ratio = window.devicePixelRatio;
  const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  const context = canvas.getContext("2d");
  if (context === null) return null;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, pixels.width, pixels.height);
  return { context, ratio };
}
