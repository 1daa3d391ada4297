/** A line in a calculation: what an upload in parts would do on it, with neither network nor time. */
import { Line } from "../../src/line.js";
import { nextPartSize } from "../../src/run/parts/part-size.js";
import { inBuffers } from "../../src/run/progress/progress-meter.js";
import { ConnectionCount } from "../../src/store/connection-count.js";

export interface SimulatedLine {
  /** What all connections get together, at a time in seconds. Bytes per second. */
  readonly carries: (seconds: number) => number;
  /** What one connection gets at most. Bytes per second. Default: all. */
  readonly eachCarries?: number;
  readonly roundTripMs: number;
  /** A round trip waits so long behind the bodies of others. Default 0. */
  readonly queueMs?: number;
  /** What a request costs the page and the store. Default 3. */
  readonly costMs?: number;
}

export interface Simulated {
  readonly seconds: number;
  readonly sizes: readonly number[];
  readonly firstStoredAt: number;
  /** At each moment: bytes that have left and are not stored, and bytes that are stored. */
  readonly atRisk: readonly { readonly seconds: number; readonly bytes: number; readonly stored: number }[];
  readonly connections: readonly number[];
}

interface Flying {
  readonly size: number;
  readonly request: ReturnType<Line["begins"]>;
  /** Seconds until the body begins, or, when it has ended, until the answer. */
  waits: number;
  left: number;
  answers: boolean;
}

/** What the network's buffers take at once of each body. */
const bufferBytes = 300_000;
export const unit = 128 * 1024;

export function simulate(fileSize: number, simulated: SimulatedLine): Simulated {
  const { carries, eachCarries = Number.POSITIVE_INFINITY, roundTripMs, queueMs = 0, costMs = 3 } = simulated;
  let now = 0;
  let stored = 0;
  let cut = 0;
  let firstStoredAt = Number.NaN;
  const line = new Line(() => now * 1000, new ConnectionCount(6));
  const flying = new Set<Flying>();
  const sizes: number[] = [];
  const atRisk: { seconds: number; bytes: number; stored: number }[] = [];
  const connections: number[] = [];
  /** Cut and read, and waits for a connection. */
  const ready: number[] = [];

  const sending = () => [...flying].filter(({ waits, left }) => waits <= 0 && left > 0);
  /** Behind what the others have put into the queue, which the line carries meanwhile. */
  const trip = () => {
    const queued = sending().reduce((sum, { left }) => sum + left, 0) / carries(now);
    return (roundTripMs + costMs) / 1000 + Math.min(queueMs / 1000, queued);
  };
  const cutOne = () => {
    const onWire = [...flying].reduce(
      (sum, { size, left }) => sum + Math.max(0, Math.min(size, size - left + bufferBytes) - inBuffers),
      0,
    );
    const howFar = { parts: sizes.length, storedBytes: stored, unsentBytes: fileSize - stored - onWire };
    const size = Math.min(nextPartSize(line, howFar, unit, fileSize - cut), fileSize - cut);
    cut += size;
    sizes.push(size);
    ready.push(size);
  };
  const fill = () => {
    while (flying.size < line.connections) {
      if (ready.length === 0 && cut < fileSize) cutOne();
      const size = ready.shift();
      if (size === undefined) return;
      flying.add({ size, request: line.begins(size), waits: trip(), left: size, answers: false });
    }
  };

  const initiate = line.begins(undefined);
  now += (2 * (roundTripMs + costMs)) / 1000;
  line.answered(initiate);
  line.ended(initiate);
  for (fill(); flying.size > 0; fill()) {
    const each = Math.min(eachCarries, carries(now) / Math.max(1, sending().length));
    const step = Math.min(0.05, ...[...flying].map(({ waits, left }) => (waits > 0 ? waits : left / each)));
    now += step;
    for (const part of [...flying]) {
      if (goesOn(part, step, each) === "moving") continue;
      if (!part.answers) {
        part.answers = true;
        part.waits = trip();
        continue;
      }
      flying.delete(part);
      line.answered(part.request);
      line.ended(part.request);
      stored += part.size;
      if (Number.isNaN(firstStoredAt)) firstStoredAt = now;
    }
    line.moves();
    connections.push(line.connections);
    atRisk.push({ seconds: now, bytes: [...flying].reduce((sum, { size, left }) => sum + size - left, 0), stored });
  }
  return { seconds: now, sizes, firstStoredAt, atRisk, connections };
}

/** A body waits first, then moves. @returns "over" when it has done both */
function goesOn(part: Flying, step: number, bytesPerSecond: number): "moving" | "over" {
  if (part.waits > 0) part.waits = part.waits - step < 1e-9 ? 0 : part.waits - step;
  else part.left = part.left - bytesPerSecond * step < 1e-3 ? 0 : part.left - bytesPerSecond * step;
  return part.waits > 0 || part.left > 0 ? "moving" : "over";
}
