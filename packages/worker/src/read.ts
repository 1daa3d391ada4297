/** Reads Blobs a piece at a time, ahead of the consumer. Memory does not grow with the size of the Blobs. */
import type { Four } from "./contract.js";
import { orAborted } from "./or-aborted.js";
import { readStreams, streamsFillBuffers } from "./streams.js";
import { createWatchdog } from "./watchdog.js";

const MiB = 2 ** 20;
/** Bytes. Measured: as fast as 1 MiB, which a stream seldom fills; and a piece stays in the cache of the core that hashes it. */
const pieceSize = MiB / 4;
/** Bytes. Measured, CPU seconds per GiB of reading four side by side: 3.2 in pieces of 256 KiB, 2.8 of 512 KiB, 2.1 of 1 MiB, 2.2 of 2 MiB. */
const pieceSizeOfFour = MiB;
/** Bytes. Measured: slices of 1 MiB are read at 310 MB/s, of 8 MiB at 700, and several of 8 MiB at a time at 990. */
const sliceSize = 8 * MiB;
const slicesAhead = 2;

interface Reading {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which streams, and then large slices, are given up for what is smaller. Default: 5,000. */
  readonly streamSilenceMs?: number | undefined;
}

export interface ReadOptions extends Reading {
  /** Called with each piece. The piece is overwritten after the call. */
  readonly consume: (piece: Uint8Array<ArrayBuffer>) => void;
}

export interface ReadFourOptions extends Reading {
  /**
   * Called with one piece of each Blob. The four have the same length, which is a multiple of a digest's block but for the last
   * ones. They are overwritten after the call.
   */
  readonly consume: (pieces: Four<Uint8Array<ArrayBuffer>>) => void;
}

/**
 * Reads by a stream where streams fill buffers, and reads what the stream did not deliver in slices: only a slice that cannot
 * be read is an error. Safari's `stream()` is reported to fail above 4 GB.
 *
 * @throws the signal's reason once it is aborted; otherwise the error of the slice
 */
export async function readPieces(bytes: Blob, { signal, consume, streamSilenceMs }: ReadOptions): Promise<void> {
  signal.throwIfAborted();
  const streamed =
    bytes.size > pieceSize && streamsFillBuffers()
      ? await readStreams([bytes], {
          signal,
          pieceSize,
          streamSilenceMs,
          consume: ([piece]) => piece && consume(piece),
        })
      : 0;
  await readSlices(bytes, streamed, { signal, consume, streamSilenceMs });
}

/**
 * @param four Blobs of one size
 * @returns false if not all bytes were consumed. The caller then reads each Blob alone, which tells why
 * @throws the signal's reason once it is aborted
 */
export async function readFour(four: Four<Blob>, { signal, consume, ...rest }: ReadFourOptions): Promise<boolean> {
  signal.throwIfAborted();
  if (!streamsFillBuffers()) return false;
  const streamed = await readStreams(four, {
    ...rest,
    signal,
    pieceSize: pieceSizeOfFour,
    consume: (pieces) => consume(pieces as Four<Uint8Array<ArrayBuffer>>),
  });
  return streamed === four[0].size;
}

/** A large slice of a slow drive looks like one that hangs: then small ones are read, whose bytes show that it moves. */
async function readSlices(bytes: Blob, from: number, { signal, consume, streamSilenceMs }: ReadOptions): Promise<void> {
  let size = sliceSize;
  let ahead: Promise<ArrayBuffer>[] = [];
  for (let done = from, next = from; done < bytes.size; ) {
    while (next < bytes.size && ahead.length < slicesAhead) {
      // Does not slice a Blob that is small: `slice` asks another process, and takes as long as reading a small file (measured).
      const whole = next === 0 && bytes.size <= size;
      const slice = (whole ? bytes : bytes.slice(next, next + size)).arrayBuffer();
      // The first failure ends the loop, so nothing else handles the rejection of a later slice.
      slice.catch(() => {});
      ahead.push(slice);
      next += size;
    }
    const oldest = ahead.shift() as Promise<ArrayBuffer>;
    const read = size > pieceSize ? await orLate(oldest, streamSilenceMs, signal) : await orAborted(oldest, signal);
    if (read === undefined) {
      size = pieceSize;
      ahead = [];
      next = done;
    } else {
      consume(new Uint8Array(read));
      done += size;
    }
  }
}

/** @returns undefined if it did not settle in time */
async function orLate<T>(promise: Promise<T>, ms = 5000, signal: AbortSignal): Promise<T | undefined> {
  const silence = createWatchdog();
  const late = new Promise<undefined>((resolve) => silence.expect(ms, () => resolve(undefined)));
  try {
    return await orAborted(Promise.race([promise, late]), signal);
  } finally {
    silence.stop();
  }
}
