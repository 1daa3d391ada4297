/** Collects what changed and draws it once per animation frame. Nothing changed, nothing scheduled. */

export interface Frame {
  /** `draw` is called in the next frame, once, however often it was asked for. */
  request(draw: () => void): void;
}

export function createFrame(): Frame {
  const waiting = new Set<() => void>();

  function drawAll(): void {
    const due = [...waiting];
    waiting.clear();
    for (const draw of due) draw();
  }

  return {
    request(draw) {
      if (waiting.size === 0) requestAnimationFrame(drawAll);
      waiting.add(draw);
    },
  };
}
