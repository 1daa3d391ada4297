/** A download that goes no faster than its paces. */
import { Readable } from "node:stream";
import type { Pace } from "../http/pace.js";

/** @param paces asked for every piece: the line may be throttled while the download runs */
export function paced(source: Readable, paces: () => readonly Pace[], signal: AbortSignal): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      for (const pace of paces()) await pace.take((piece as Buffer).length, signal);
      yield piece as Buffer;
    }
  }
  const stream = Readable.from(pieces(), { objectMode: false });
  // A download that nobody begins to read still holds its files.
  stream.once("close", () => source.destroy());
  return stream;
}
