/** Reads Blobs through their streams into buffers that are reused, so that memory does not grow with the size of the Blobs. */

import { orAborted } from "./or-aborted.js";
import { pauseNowAndThen } from "./pause.js";
import { createWatchdog } from "./watchdog.js";

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Bytes that one read asks a stream for. */
  readonly pieceSize: number;
  /** Called with one piece of each Blob, all of the same length. The pieces are overwritten after the call. */
  readonly consume: (pieces: readonly Uint8Array<ArrayBuffer>[]) => void;
  /** Milliseconds without a byte after which the streams are given up. Default: 5,000. */
  readonly streamSilenceMs?: number | undefined;
}

/**
 * Streams and readers in use. It keeps them from garbage collection: in Chromium 156 a read into a buffer never ended when a
 * collection ran while nothing but the read referred to the stream (6 of 7 runs; 0 of 48 with this set).
 */
const held = new Set<unknown>();

/**
 * Buffers of finished streams, by their size, for the next streams. There are never more than digests ran at once. Measured with
 * two digests and room for one buffer only: 9 MB of garbage per GiB, which stays until the browser collects everything.
 */
const spare = new Map<number, ArrayBuffer[]>();

/**
 * @param blobs all of one size
 * @returns how many bytes of each were consumed: fewer than its size if a stream failed, ended early or fell silent
 * @throws the signal's reason once it is aborted
 */
export async function readStreams(blobs: readonly Blob[], options: StreamOptions): Promise<number> {
  const { signal, pieceSize, consume, streamSilenceMs = 5000 } = options;
  const size = blobs[0]?.size ?? 0;
  const silence = createWatchdog();
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  const streams: BufferStream[] = [];
  signal.addEventListener("abort", onAbort);
  let done = 0;
  try {
    for (const blob of blobs) streams.push(new BufferStream(blob));
    const idle = spare.get(pieceSize) ?? [];
    spare.set(pieceSize, idle);
    let buffers = blobs.map(() => idle.pop() ?? new ArrayBuffer(pieceSize));
    while (done < size) {
      const length = Math.min(pieceSize, size - done);
      silence.expect(streamSilenceMs, () => stop.abort(new Error(`no byte came for ${streamSilenceMs} ms`)));
      const filling = streams.map((stream, i) => stream.fill(buffers[i] ?? new ArrayBuffer(length), length));
      const pieces = await orAborted(Promise.all(filling), stop.signal);
      consume(pieces);
      done += length;
      buffers = pieces.map(({ buffer }) => buffer);
      await pauseNowAndThen();
    }
    idle.push(...buffers);
    return done;
  } catch {
    // No error yet: the caller reads the rest in slices, which tell whether the file can be read, and if not, why.
    signal.throwIfAborted();
    return done;
  } finally {
    silence.stop();
    signal.removeEventListener("abort", onAbort);
    for (const stream of streams) stream.close();
  }
}

let fillsBuffers: boolean | undefined;

/** False in WebKit. Tried on a Blob of one byte, because a stream that is opened may read its whole Blob even if nobody reads it. */
export function streamsFillBuffers(): boolean {
  fillsBuffers ??= probe();
  return fillsBuffers;
}

function probe(): boolean {
  try {
    new Blob(["0"]).stream().getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

class BufferStream {
  readonly #stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamBYOBReader;

  /** @throws if Blobs have no streams, or if their streams cannot fill buffers */
  constructor(blob: Blob) {
    this.#stream = blob.stream();
    this.#reader = this.#stream.getReader({ mode: "byob" });
    held.add(this.#stream).add(this.#reader);
  }

  /** Fills the first `length` bytes of `buffer`. @throws if the stream fails or ends before */
  async fill(buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    for (let filled = 0; ; ) {
      const missing = length - filled;
      // Without `min` most reads bring 64 KiB. Measured: a tenth more CPU. Some browsers ignore it.
      const read = await this.#reader.read(new Uint8Array(buffer, filled, missing), { min: missing });
      if (read.done) throw new Error("it ended early");
      buffer = read.value.buffer;
      filled += read.value.byteLength;
      if (filled >= length) return new Uint8Array(buffer, 0, length);
    }
  }

  close(): void {
    // Not awaited: a stream that hangs does not settle `cancel` either. Nothing uses what it may still read.
    this.#reader.cancel().catch(() => {});
    held.delete(this.#stream);
    held.delete(this.#reader);
  }
}
