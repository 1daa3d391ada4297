/** Draws at most once per animation frame, however often it is asked to. If nobody asks, no frame is scheduled. */

export interface Frame {
  /** Calls `draw` once in the next frame. Asking again before that changes nothing. */
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
