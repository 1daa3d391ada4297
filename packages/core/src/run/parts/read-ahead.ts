/** Digests parts before a connection is free for them, so that no connection waits for a digest. Law: nothing outlives its run. */
import type { Digest } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { bothDigests, digestSlices } from "../file/digest.js";
import type { PartTask } from "./reconcile.js";

/** Parts digested in one call: `digestSlices` does four side by side. */
const sideBySide = 4;
/** While more parts than this wait for a lane, no more are read. */
const enough = 4;

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
  #isDry = false;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue: PartRead[] = [];
  readonly #reading = new Set<Promise<unknown>>();
  #pulling: Promise<void> | undefined;
  /** The first part is read alone: a connection waits for it, and four parts read together are all ready only at the end. */
  #first: Promise<unknown> | undefined;
  /** The number of lanes until one asks for a part, because all ask at once; then 0. */
  #expected: number;

  constructor(context: RunContext, source: PartSource) {
    this.#context = context;
    this.#source = source;
    this.#expected = context.settings.lanes;
    this.#signal = AbortSignal.any([context.signal, this.#ended.signal]);
    this.#refill();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Several lanes may call it at once. */
  async next(): Promise<IteratorResult<PartRead, undefined>> {
    for (this.#expected = 0; ; ) {
      const value = this.#queue.shift();
      this.#refill();
      if (value !== undefined) return { done: false, value };
      if (this.#pulling === undefined) return { done: true, value: undefined };
      await this.#pulling;
    }
  }

  /** Resolves when nothing is being read any more. */
  async end(): Promise<void> {
    this.#isDry = true;
    this.#ended.abort(new DOMException("The parts that were read ahead are not needed any more", "AbortError"));
    await Promise.all(this.#reading);
  }

  #refill(): void {
    const sufficient = this.#queue.length > Math.max(enough, this.#expected);
    if (this.#isDry || this.#pulling !== undefined || sufficient) return;
    this.#pulling = this.#pull();
  }

  async #pull(): Promise<void> {
    await this.#first;
    const count = this.#first === undefined ? 1 : sideBySide;
    this.#queue.push(...this.#read(this.#take(count)));
    this.#first ??= Promise.all(this.#reading);
    this.#pulling = undefined;
    this.#refill();
  }

  #take(most: number): readonly PartTask[] {
    const tasks: PartTask[] = [];
    while (tasks.length < most && !this.#isDry) {
      const task = this.#source.next();
      if (task === undefined) this.#isDry = true;
      else tasks.push(task);
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
