/**
 * Sends, and gives up early where the parts turn out to be too large for the line: while nothing is stored, a smaller cut
 * costs the seconds it took to find out, and a reset later costs seconds instead of minutes.
 */
import { bearablePartSize } from "../../upload/plan.js";
import type { RunContext } from "../context.js";

/** Before, the first bytes only fill socket buffers, and say nothing of the line. */
const lookAfterMs = 2_000;

export type Sent<T> =
  | { readonly value: T; readonly smaller?: undefined }
  /** Nothing is stored, nothing is running; parts of this size would be bearable. */
  | { readonly value?: undefined; readonly smaller: number };

/**
 * @param partSize of what is sent, in bytes; 0 where it has to stay as it is
 * @param send     must stop with its context's signal
 */
export async function unlessItCrawls<T>(
  context: RunContext,
  partSize: number,
  send: (context: RunContext) => Promise<T>,
): Promise<Sent<T>> {
  const { world, settings, file, reporter, signal } = context;
  if (settings.partSize !== "auto" || partSize === 0) return { value: await send(context) };

  const crawling = new AbortController();
  const before = reporter.meter.bodyBytes;
  let smaller: number | undefined;
  let first: { readonly at: number; readonly bytes: number } | undefined;
  const unwatch = reporter.onMoved(() => {
    const { bodyBytes: bytes } = reporter.meter;
    const { parts } = reporter.meter.snapshot();
    if (parts.stored > 0) return unwatch();
    if (bytes === before || parts.inFlight === 0 || smaller !== undefined) return undefined;
    first ??= { at: world.clock.elapsed(), bytes };
    const ms = world.clock.elapsed() - first.at;
    if (ms < lookAfterMs) return undefined;
    const bytesPerSecond = ((bytes - first.bytes) / parts.inFlight / ms) * 1000;
    smaller = bearablePartSize(file.size, partSize, world.store.limits, bytesPerSecond);
    if (smaller === undefined) return undefined;
    world.line.crawls(bytesPerSecond);
    return crawling.abort(new DOMException("The parts are too large for this line", "AbortError"));
  });
  try {
    return { value: await send({ ...context, signal: AbortSignal.any([signal, crawling.signal]) }) };
  } catch (error) {
    signal.throwIfAborted();
    if (smaller === undefined || error !== crawling.signal.reason) throw error;
    return { smaller };
  } finally {
    unwatch();
  }
}
