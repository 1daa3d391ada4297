/** Reads a Blob a piece at a time, ahead of whoever consumes it. Memory does not grow with the Blob. */
import { orAborted } from "./or-aborted.js";
import { createWatchdog } from "./watchdog.js";

const MiB = 2 ** 20;
/** Measured: as fast as 1 MiB, which a stream seldom fills, and it stays in the cache of the core that hashes it. */
const pieceSize = MiB / 4;
/** Measured: 310 MB/s at 1 MiB, 700 at 8 MiB, 990 with several in flight. */
const sliceSize = 8 * MiB;
const slicesAhead = 2;

/**
 * A worker that hashes is deaf for no longer than this: to `cancel`, and to answers, behind which a connection stands idle.
 * Measured: listening this often costs no more than what differs between two runs.
 */
const deafMs = 5;

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** The piece is overwritten after the call. */
  readonly consume: (piece: Uint8Array<ArrayBuffer>) => void;
  /** How long the stream may say nothing before slices are read instead. Default 5,000. */
  readonly streamSilenceMs?: number;
}

/**
 * Streams into one buffer where the browser can; whatever the stream did not deliver is read in slices, so that only a
 * slice that cannot be read is an error. Safari's `stream()` is reported to fail above 4 GB, and see `held`.
 * @throws the signal's reason once it is aborted; otherwise what reading threw
 */
export async function readPieces(bytes: Blob, options: ReadOptions): Promise<void> {
  options.signal.throwIfAborted();
  const streamed = bytes.size > pieceSize ? await readStream(bytes, options) : 0;
  await readSlices(bytes, streamed, options);
}

/**
 * In Chromium 156 a read into a buffer never ends when a garbage collection runs while only the read itself knows the
 * stream (6 of 7 runs; 0 of 48 with the stream and its reader in a module-level set).
 */
const held = new Set<unknown>();

/** Shared, because who digests two Blobs at once would be deaf for twice as long. */
let listenedAt = 0;

/**
 * The buffers of streams that came to their ends, never more than digests under way. Measured with a place for one alone, and
 * two digests: 9 MB a GiB that stay until the browser collects everything.
 */
const spare: ArrayBuffer[] = [];

/** @returns how many bytes were consumed; fewer than there are when the stream failed, ended early or fell silent */
async function readStream(bytes: Blob, { signal, consume, streamSilenceMs = 5000 }: ReadOptions): Promise<number> {
  const opened = openStream(bytes);
  if (opened === undefined) return 0;
  held.add(opened);
  const silence = createWatchdog();
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort);
  let done = 0;
  try {
    let buffer = spare.pop() ?? new ArrayBuffer(pieceSize);
    while (done < bytes.size) {
      silence.expect(streamSilenceMs, () => stop.abort(new Error(`no byte came for ${streamSilenceMs} ms`)));
      // Otherwise most reads bring 64 KiB. Measured: a tenth less CPU.
      const min = Math.min(buffer.byteLength, bytes.size - done);
      const read = await orAborted(opened.reader.read(new Uint8Array(buffer), { min }), stop.signal);
      if (read.done) return done;
      consume(read.value);
      done += read.value.byteLength;
      buffer = read.value.buffer;
      // Bytes that are there already come in a microtask. Measured: without this no event got through for 1.4 s.
      if (performance.now() - listenedAt > deafMs) await nextTask();
    }
    spare.push(buffer);
    return done;
  } catch {
    // Not the last word: the slices from here on say whether the bytes can be read, and if not, why.
    signal.throwIfAborted();
    return done;
  } finally {
    silence.stop();
    signal.removeEventListener("abort", onAbort);
    // Not awaited: a stream that hangs does not answer here either. What it may still read has no effect.
    opened.reader.cancel().catch(() => {});
    held.delete(opened);
  }
}

function openStream(bytes: Blob) {
  fillsBuffers ??= probe();
  if (!fillsBuffers) return undefined;
  try {
    const stream = bytes.stream();
    return { stream, reader: stream.getReader({ mode: "byob" }) };
  } catch {
    return undefined;
  }
}

let fillsBuffers: boolean | undefined;

/** WebKit's streams fill no buffers. Asked of one byte: a stream that is opened in vain may read its whole Blob. */
function probe(): boolean {
  try {
    new Blob(["0"]).stream().getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

async function readSlices(bytes: Blob, from: number, { signal, consume }: ReadOptions): Promise<void> {
  const ahead: Promise<ArrayBuffer>[] = [];
  for (let next = from; next < bytes.size || ahead.length > 0; ) {
    while (next < bytes.size && ahead.length < slicesAhead) {
      // A slice is a call to the browser's process: measured, as much as reading a small file.
      const whole = next === 0 && bytes.size <= sliceSize;
      const slice = (whole ? bytes : bytes.slice(next, next + sliceSize)).arrayBuffer();
      // The first failure ends everything; those behind it are not looked at.
      slice.catch(() => {});
      ahead.push(slice);
      next += sliceSize;
    }
    const oldest = ahead.shift();
    if (oldest !== undefined) consume(new Uint8Array(await orAborted(oldest, signal)));
  }
}

/**
 * Lets every event that waits be heard. Measured beside two digests: a request takes 3 times as long as in an idle worker
 * with `postTask`, 6 times with messages, among which those of the requests stand in line.
 */
async function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  if (scheduler === undefined) await nextMessage();
  else await scheduler.postTask(() => {}, { priority: "background" });
  listenedAt = performance.now();
}

/** For Safari. A timer would do it, too, but costs 4 ms each time. */
async function nextMessage(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
  port1.close();
}
