/** Digests the first parts while the upload is still being begun: on a far line that takes as long as reading them. Law 7. */
import { orAborted } from "../or-aborted.js";
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

export class ReadAhead {
  readonly #digests = new Map<PartRange["number"], Promise<Digest>>();
  readonly #reading: readonly Promise<unknown>[];
  readonly #ended = new AbortController();

  constructor({ world, settings, file, signal }: RunContext, ranges: readonly PartRange[]) {
    const stop = AbortSignal.any([signal, this.#ended.signal]);
    for (const { number, start, end } of ranges) {
      const digest = digestOf(world.workers, file.slice(start, end), settings.digests, { signal: stop });
      this.#digests.set(number, digest);
    }
    // Who takes a digest is told of its failure; what nobody takes is read again, or not needed any more.
    this.#reading = [...this.#digests.values()].map((digest) => digest.catch(() => {}));
  }

  /** Once for each part. @returns undefined for one that is not read ahead */
  take(number: number, signal: AbortSignal): Promise<Digest> | undefined {
    const digest = this.#digests.get(number);
    this.#digests.delete(number);
    return digest && orAborted(digest, signal);
  }

  /** Resolves when nothing is being read any more. */
  async end(): Promise<void> {
    this.#digests.clear();
    this.#ended.abort(new DOMException("Nobody waits for it any more", "AbortError"));
    await Promise.all(this.#reading);
  }
}
