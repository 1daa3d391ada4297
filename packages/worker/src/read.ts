/** Reads Blobs a piece at a time, ahead of whoever consumes them. Memory does not grow with the Blobs. */
import type { Four } from "./contract.js";
import { orAborted } from "./or-aborted.js";
import { readStreams, streamsFillBuffers } from "./streams.js";

const MiB = 2 ** 20;
/** Measured: as fast as 1 MiB, which a stream seldom fills, and it stays in the cache of the core that hashes it. */
const pieceSize = MiB / 4;
/** Measured, CPU s/GiB of reading four side by side: 3.2 into 256 KiB each, 2.8 into 512, 2.1 into 1 MiB, 2.2 into 2 MiB. */
const pieceSizeOfFour = MiB;
/** Measured: 310 MB/s at 1 MiB, 700 at 8 MiB, 990 with several in flight. */
const sliceSize = 8 * MiB;
const slicesAhead = 2;

interface Reading {
  readonly signal: AbortSignal;
  /** How long a stream may say nothing before it is given up. Default 5,000. */
  readonly streamSilenceMs?: number;
}

export interface ReadOptions extends Reading {
  /** The piece is overwritten after the call. */
  readonly consume: (piece: Uint8Array<ArrayBuffer>) => void;
}

export interface ReadFourOptions extends Reading {
  /** As long as each other, and whole blocks of any digest but for the last ones. They are overwritten after the call. */
  readonly consume: (pieces: Four<Uint8Array<ArrayBuffer>>) => void;
}

/**
 * Streams into one buffer where the browser can; whatever the stream did not deliver is read in slices, so that only a
 * slice that cannot be read is an error. Safari's `stream()` is reported to fail above 4 GB.
 * @throws the signal's reason once it is aborted; otherwise what reading threw
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
  await readSlices(bytes, streamed, { signal, consume });
}

/**
 * @param four of one size
 * @returns false when not all of them came, whatever was consumed: reading each alone tells why
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
