/** Tells a file that cannot be read from a dead network: a request fails in the same way for both. */
import type { Failure, HttpRequest } from "./contract.js";
import { orAborted } from "./or-aborted.js";
import { createReadingClock, SilentDrive } from "./reading-clock.js";

/**
 * @param silenceMs how long the drive may take to answer
 * @returns undefined if the first and the last byte can be read, and for bytes in memory
 * @throws the signal's reason once it is aborted
 */
export async function whyUnreadable(
  body: HttpRequest["body"],
  silenceMs: number,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (!(body instanceof Blob) || body.size === 0) return undefined;
  const clock = createReadingClock(silenceMs);
  try {
    const reading = Promise.all([body.slice(0, 1).arrayBuffer(), body.slice(-1).arrayBuffer()]);
    const ends = await orAborted(reading, AbortSignal.any([signal, clock.signal]));
    // Firefox reads fewer bytes of a file that was shortened, without an error.
    const isWhole = ends.every(({ byteLength }) => byteLength > 0);
    return isWhole ? undefined : { kind: "unreadable", message: "it is shorter than it was" };
  } catch (cause) {
    signal.throwIfAborted();
    return { kind: cause instanceof SilentDrive ? "silent" : "unreadable", message: String(cause) };
  } finally {
    clock.stop();
  }
}
