/** Digests parts before a connection is free for them, four side by side, so that none waits for a digest. Law 7. */
import type { Digest } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { bothDigests, digestsOf } from "../file/digest.js";
import type { PartTask } from "./reconcile.js";

const sideBySide = 4;
/** While these are sent the next are digested. */
const enough = 4;

/** A part that is being read: its bytes, cut out once, and what they will turn out to be. */
export interface PartRead {
  readonly task: PartTask;
  readonly slice: Blob;
  readonly digest: Promise<Digest>;
}

/** In the order of the tasks. Reading begins at once. */
export class ReadAhead implements AsyncIterator<PartRead, undefined>, AsyncIterable<PartRead> {
  readonly #context: RunContext;
  /** What is not being read yet. */
  #left: readonly PartTask[];
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue: PartRead[] = [];
  readonly #reading = new Set<Promise<unknown>>();
  #pulling: Promise<void> | undefined;
  /** Read alone: a connection waits for it, and those that are read together are ready together. */
  #first: Promise<unknown> | undefined;
  /** Lanes that have not come for their first part yet. All come at once. */
  #expected: number;

  constructor(context: RunContext, tasks: readonly PartTask[]) {
    this.#context = context;
    this.#left = tasks;
    this.#expected = context.settings.lanes;
    this.#signal = AbortSignal.any([context.signal, this.#ended.signal]);
    this.#refill();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** May be called by several lanes at once. */
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
    this.#left = [];
    this.#ended.abort(new DOMException("Nobody waits for it any more", "AbortError"));
    await Promise.all(this.#reading);
  }

  #refill(): void {
    const sufficient = this.#queue.length > Math.max(enough, this.#expected);
    if (this.#left.length === 0 || this.#pulling !== undefined || sufficient) return;
    this.#pulling = this.#pull();
  }

  async #pull(): Promise<void> {
    await this.#first;
    const count = this.#first === undefined ? 1 : sideBySide;
    const tasks = this.#left.slice(0, count);
    this.#left = this.#left.slice(count);
    this.#queue.push(...this.#read(tasks));
    this.#first ??= Promise.all(this.#reading);
    this.#pulling = undefined;
    this.#refill();
  }

  #read(tasks: readonly PartTask[]): readonly PartRead[] {
    const { world, settings, file } = this.#context;
    const slices = tasks.map(({ range }) => file.slice(range.start, range.end));
    // What the server has already is compared with whatever it told of it.
    const wanted = tasks.some(({ listed }) => listed !== undefined) ? bothDigests : settings.digests;
    const digests = digestsOf(world.workers, slices, wanted, { signal: this.#signal });
    // Who takes a digest is told of its failure; what nobody takes is read again, or not needed any more.
    const read: Promise<unknown> = Promise.allSettled(digests).then(() => this.#reading.delete(read));
    this.#reading.add(read);
    return tasks.map((task, i) => ({ task, slice: slices[i], digest: digests[i] }) as PartRead);
  }
}
