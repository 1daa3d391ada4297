/** Digests parts before a connection is free for them, so that no connection waits for a digest. Law: nothing outlives its run. */

import { deferred } from "../../upload/deferred.js";
import type { Digest } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { bothDigests, digestSlices } from "../file/digest.js";
import type { PartTask } from "./reconcile.js";

/** Parts digested in one call: `digestSlices` does four side by side. */
const sideBySide = 4;
/** On a fast line: while more parts than this wait for a lane, no more are read. */
const enough = 4;
/**
 * Bytes per second. Below it a part is digested much faster than it is sent, and is cut only when a connection is free for it: how large it
 * is to be is known best then.
 */
const fast = 16e6;

/** A part that is read ahead: its bytes and their digest to come. */
export interface PartRead {
  readonly task: PartTask;
  readonly slice: Blob;
  readonly digest: Promise<Digest>;
}

/** Where the parts come from. */
export interface PartSource {
  /** @returns undefined when there is none at present */
  next(): PartTask | undefined;
}

/** Gives the parts in the order of their source. Reading begins at once. */
export class ReadAhead implements AsyncIterator<PartRead, undefined>, AsyncIterable<PartRead> {
  readonly #context: RunContext;
  readonly #source: PartSource;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue: PartRead[] = [];
  readonly #reading = new Set<Promise<unknown>>();
  #pulling: Promise<void> | undefined;
  /** The first part is read alone: a connection waits for it, and four parts read together are all ready only at the end. */
  #first: Promise<unknown> | undefined;
  /** Lanes that wait for a part. One, until they ask. */
  #asking = 1;
  #hasAsked = false;
  /** Parts that lanes have taken and not finished. */
  #taken = 0;
  #turn = deferred<void>();

  constructor(context: RunContext, source: PartSource) {
    this.#context = context;
    this.#source = source;
    this.#signal = AbortSignal.any([context.signal, this.#ended.signal]);
    this.#refill();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Several lanes may call it at once; each calls `finished` before it calls again. No more get a part than can be of use. */
  async next(): Promise<IteratorResult<PartRead, undefined>> {
    if (!this.#hasAsked) this.#asking = 0;
    this.#hasAsked = true;
    this.#asking += 1;
    try {
      while (!this.#ended.signal.aborted) {
        const mayTake = this.#taken < this.#wanted;
        const value = mayTake ? this.#queue.shift() : undefined;
        if (value !== undefined) {
          this.#taken += 1;
          return { done: false, value };
        }
        if (mayTake) this.#refill();
        const coming = mayTake ? this.#pulling : undefined;
        // A part that another lane has taken may be given back, to be cut again.
        if (coming === undefined && this.#taken === 0) break;
        await (coming ?? this.#turn.promise);
      }
      return { done: true, value: undefined };
    } finally {
      this.#asking -= 1;
      this.#refill();
    }
  }

  /** The part that a lane has taken is stored, or will not be. */
  finished(): void {
    this.#taken -= 1;
    this.#turn.resolve();
    this.#turn = deferred();
  }

  /** Resolves when nothing is being read any more. */
  async end(): Promise<void> {
    this.#ended.abort(new DOMException("The parts that were read ahead are not needed any more", "AbortError"));
    this.#turn.resolve();
    await Promise.all(this.#reading);
  }

  get #isFast(): boolean {
    return (this.#context.world.line.bytesPerSecond ?? 0) >= fast;
  }

  /** How many parts may be with the lanes. */
  get #wanted(): number {
    return this.#isFast ? Number.POSITIVE_INFINITY : this.#context.world.line.connections;
  }

  /** Parts to be cut and read now. */
  get #missing(): number {
    const free = Math.min(this.#asking, this.#wanted - this.#taken) - this.#queue.length;
    return this.#isFast ? free + enough : free;
  }

  #refill(): void {
    if (this.#pulling !== undefined || this.#missing <= 0 || this.#ended.signal.aborted) return;
    const tasks = this.#cut(this.#first === undefined ? 1 : this.#isFast ? sideBySide : this.#missing);
    if (tasks.length > 0) this.#pulling = this.#pull(tasks);
  }

  async #pull(tasks: readonly PartTask[]): Promise<void> {
    await this.#first;
    this.#queue.push(...this.#read(tasks));
    this.#first ??= Promise.all(this.#reading);
    this.#pulling = undefined;
    this.#refill();
  }

  #cut(most: number): readonly PartTask[] {
    const tasks: PartTask[] = [];
    while (tasks.length < most) {
      const task = this.#source.next();
      if (task === undefined) break;
      tasks.push(task);
    }
    return tasks;
  }

  #read(tasks: readonly PartTask[]): readonly PartRead[] {
    const { world, settings, file } = this.#context;
    const slices = tasks.map(({ range }) => file.slice(range.start, range.end));
    // A part that the server lists is compared with whichever digests the server gave.
    const wanted = tasks.some(({ listed }) => listed !== undefined) ? bothDigests : settings.digests;
    const digests = digestSlices(world.workers, slices, wanted, { signal: this.#signal });
    // The lane that takes a part gets the failure of its digest. A failure of a part that no lane takes is ignored.
    const read: Promise<unknown> = Promise.allSettled(digests).then(() => this.#reading.delete(read));
    this.#reading.add(read);
    return tasks.map((task, i) => ({ task, slice: slices[i], digest: digests[i] }) as PartRead);
  }
}
