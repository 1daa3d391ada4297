/** Reads Blobs through their streams, into buffers that are used again: memory does not grow with the Blobs. */
import { listenNowAndThen } from "./listen.js";
import { orAborted } from "./or-aborted.js";
import { createWatchdog } from "./watchdog.js";

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Bytes that are asked of a stream at a time. */
  readonly pieceSize: number;
  /** A piece of each Blob, as long as each other. They are overwritten after the call. */
  readonly consume: (pieces: readonly Uint8Array<ArrayBuffer>[]) => void;
  /** How long the streams may say nothing before they are given up. Default 5,000. */
  readonly streamSilenceMs?: number | undefined;
}

/**
 * In Chromium 156 a read into a buffer never ends when a garbage collection runs while only the read itself knows the
 * stream (6 of 7 runs; 0 of 48 with the stream and its reader in a module-level set).
 */
const held = new Set<unknown>();

/**
 * The buffers of streams that came to their ends, by their size; never more than digests under way. Measured with a place
 * for one alone, and two digests: 9 MB a GiB that stay until the browser collects everything.
 */
const spare = new Map<number, ArrayBuffer[]>();

/**
 * @param blobs of one size
 * @returns how many bytes of each were consumed; fewer than there are when a stream failed, ended early or fell silent
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
      await listenNowAndThen();
    }
    idle.push(...buffers);
    return done;
  } catch {
    // Not the last word: whoever reads the rest in another way says whether it can be read, and if not, why.
    signal.throwIfAborted();
    return done;
  } finally {
    silence.stop();
    signal.removeEventListener("abort", onAbort);
    for (const stream of streams) stream.close();
  }
}

let fillsBuffers: boolean | undefined;

/** WebKit's streams fill no buffers. Asked of one byte: a stream that is opened in vain may read its whole Blob. */
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

  /** @throws where streams fill no buffers, or Blobs have none */
  constructor(blob: Blob) {
    this.#stream = blob.stream();
    this.#reader = this.#stream.getReader({ mode: "byob" });
    held.add(this.#stream).add(this.#reader);
  }

  /** @throws when the stream fails, or ends before that many bytes have come */
  async fill(buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    for (let filled = 0; ; ) {
      const missing = length - filled;
      // Without `min` most reads bring 64 KiB. Measured: a tenth more CPU. Some engines do not know it.
      const read = await this.#reader.read(new Uint8Array(buffer, filled, missing), { min: missing });
      if (read.done) throw new Error("it ended early");
      buffer = read.value.buffer;
      filled += read.value.byteLength;
      if (filled >= length) return new Uint8Array(buffer, 0, length);
    }
  }

  close(): void {
    // Not awaited: a stream that hangs does not answer here either. What it may still read has no effect.
    this.#reader.cancel().catch(() => {});
    held.delete(this.#stream);
    held.delete(this.#reader);
  }
}
