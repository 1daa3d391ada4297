/** Digests the first parts while the upload is still being begun: on a far line that takes as long as reading them. Law 7. */
import type { Digest } from "../workers/byte-workers.js";
import { beginCheckpoint } from "./begin.js";
import { digestOf } from "./digest.js";
import { type PartRange, plan } from "./plan.js";
import type { RunContext } from "./run.js";

/** @returns the upload, and what is being read of it: to be ended when its parts are stored, or will not be */
export async function beginAndRead(context: RunContext, partSize: number) {
  const first = plan(context.file.size, partSize).slice(0, context.settings.lanes);
  const ahead = new ReadAhead(context, first);
  try {
    return { begun: await beginCheckpoint(context, partSize), ahead };
  } catch (error) {
    await ahead.end();
    throw error;
  }
}

/** A part that is being read: its bytes, cut out once, and what they will turn out to be. */
export interface PartRead {
  readonly slice: Blob;
  readonly digest: Promise<Digest>;
}

export class ReadAhead {
  readonly #parts = new Map<PartRange["number"], PartRead>();
  readonly #reading: readonly Promise<unknown>[];
  readonly #ended = new AbortController();

  constructor({ world, settings, file, signal }: RunContext, ranges: readonly PartRange[]) {
    const stop = AbortSignal.any([signal, this.#ended.signal]);
    for (const { number, start, end } of ranges) {
      const slice = file.slice(start, end);
      this.#parts.set(number, { slice, digest: digestOf(world.workers, slice, settings.digests, { signal: stop }) });
    }
    // Who takes a digest is told of its failure; what nobody takes is read again, or not needed any more.
    this.#reading = [...this.#parts.values()].map(({ digest }) => digest.catch(() => {}));
  }

  /** Once for each part. @returns undefined for one that is not read ahead */
  take(number: number): PartRead | undefined {
    const part = this.#parts.get(number);
    this.#parts.delete(number);
    return part;
  }

  /** Resolves when nothing is being read any more. */
  async end(): Promise<void> {
    this.#parts.clear();
    this.#ended.abort(new DOMException("Nobody waits for it any more", "AbortError"));
    await Promise.all(this.#reading);
  }
}
