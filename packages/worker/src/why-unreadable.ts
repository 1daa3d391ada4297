/** Tells a file that cannot be read from a dead network: a request fails in the same way for both. */
import type { HttpRequest } from "./contract.js";
import { orAborted } from "./or-aborted.js";
import type { Watchdog } from "./watchdog.js";

/** A disk that has not answered after this time is no longer waited for. */
const readTimeoutMs = 5000;

/**
 * @returns the reason; undefined if the first and the last byte can be read, if the disk does not answer, and for bytes in memory
 * @throws the signal's reason once it is aborted
 */
export async function whyUnreadable(body: HttpRequest["body"], silence: Watchdog, signal: AbortSignal) {
  if (!(body instanceof Blob) || body.size === 0) return undefined;
  const check = async () => {
    try {
      const ends = await Promise.all([body.slice(0, 1).arrayBuffer(), body.slice(-1).arrayBuffer()]);
      // Firefox reads fewer bytes of a file that was shortened, without an error.
      return ends.some(({ byteLength }) => byteLength === 0) ? "it is shorter than it was" : undefined;
    } catch (cause) {
      return String(cause);
    }
  };
  const tooLong = new Promise<undefined>((resolve) => silence.expect(readTimeoutMs, () => resolve(undefined)));
  return await orAborted(Promise.race([check(), tooLong]), signal);
}
