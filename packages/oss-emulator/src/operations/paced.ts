/** Slows a download to its paces. */
import { Readable } from "node:stream";
import type { Pace } from "../http/pace.js";

/** @param paces called for every piece, because the network may be throttled while the download runs */
export function paced(source: Readable, paces: () => readonly Pace[], signal: AbortSignal): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      for (const pace of paces()) await pace.take((piece as Buffer).length, signal);
      yield piece as Buffer;
    }
  }
  const stream = Readable.from(pieces(), { objectMode: false });
  // Also ends a source that was never read, which would hold its files for ever.
  stream.once("close", () => source.destroy());
  return stream;
}
