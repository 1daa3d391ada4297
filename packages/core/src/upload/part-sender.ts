/** Brings every part to the store: sends or adopts what is missing, and compares with the file what earlier pages sent. Law 2. */
import { sealPart } from "../checkpoint/records.js";
import { orAborted } from "../or-aborted.js";
import type { MultipartUpload, StoredPart } from "../store/object-store.js";
import { deferred } from "./deferred.js";
import { bothDigests, digestOf } from "./digest.js";
import { inLanes, together } from "./lanes.js";
import type { PartRange } from "./plan.js";
import type { ReadAhead } from "./read-ahead.js";
import type { PartTask, Remaining } from "./reconcile.js";
import type { RunContext } from "./run.js";

/** One is read while the other is hashed; more would only take the disk from the parts that are being sent. */
const comparisonsAtOnce = 2;

export class PartSender {
  readonly #context: RunContext;
  readonly #upload: MultipartUpload;
  readonly #ranges: readonly PartRange[];
  readonly #ahead: ReadAhead | undefined;
  readonly #stored = new Map<number, StoredPart>();

  /** @param ahead what of these parts is being read already */
  constructor(context: RunContext, upload: MultipartUpload, ranges: readonly PartRange[], ahead?: ReadAhead) {
    this.#context = context;
    this.#upload = upload;
    this.#ranges = ranges;
    this.#ahead = ahead;
  }

  /**
   * @param early parts that go out until it is known what remains: nobody can have sent them
   * @param agree finds out what both sides agree on, and what remains
   * @returns all parts, ascending, every one of them known to be of the file in hand
   */
  async storeAll(
    early: readonly PartRange[],
    agree: (signal: AbortSignal) => Promise<Remaining>,
  ): Promise<readonly StoredPart[]> {
    const { reporter, signal } = this.#context;
    const remaining = deferred<Remaining>();
    const different: PartTask[] = [];
    let comparing = true;
    await together(
      signal,
      async (stop) => {
        try {
          remaining.resolve(await agree(stop));
        } catch (error) {
          remaining.reject(error);
          throw error;
        }
      },
      async (stop) => {
        await this.#sendAll(earlyFirst(early, remaining.promise), stop);
        if (comparing) reporter.waiting({ reason: "verifying" });
      },
      async (stop) => {
        const { done } = await orAborted(remaining.promise, stop);
        await this.#compareAll(done, different, stop);
        comparing = false;
      },
    );
    reporter.waiting(null);
    await this.#sendAll(different, signal);
    return this.#ranges.map(({ number }) => {
      const part = this.#stored.get(number);
      if (part === undefined) throw new Error(`Part ${number} is neither stored nor missing`);
      return part;
    });
  }

  async #sendAll(tasks: Iterable<PartTask> | AsyncIterable<PartTask>, signal: AbortSignal): Promise<void> {
    await inLanes(tasks, this.#context.settings.lanes, signal, (task, stop) => this.#storePart(task, stop));
  }

  async #storePart({ range, listed }: PartTask, signal: AbortSignal): Promise<void> {
    const { world, settings, job, file, reporter } = this.#context;
    const { memory } = job;
    const { number } = range;
    const ahead = listed === undefined ? this.#ahead?.take(number) : undefined;
    const slice = ahead?.slice ?? file.slice(range.start, range.end);
    try {
      const wanted = listed === undefined ? settings.digests : bothDigests;
      const digest = await (ahead === undefined
        ? digestOf(world.workers, slice, wanted, { signal })
        : orAborted(ahead.digest, signal));
      const adopted = listed !== undefined && world.store.holds(listed, digest);
      const part = adopted
        ? listed
        : await world.store.putPart(this.#upload, number, slice, digest, reporter.call(signal, number));
      if (!adopted) memory.sent.add(number);
      await this.#record(part, adopted);
    } catch (error) {
      reporter.meter.dropped(number);
      throw error;
    }
  }

  async #record(part: StoredPart, adopted: boolean): Promise<void> {
    const { world, job, checkpointId, reporter } = this.#context;
    await world.checkpoints.addPart(checkpointId, part.number, sealPart(this.#upload.id, part, world.clock.now()));
    this.#stored.set(part.number, part);
    job.memory.proved.set(part.number, part);
    reporter.meter.stored(part.number, adopted);
    reporter.progressed();
  }

  /**
   * The sampled fingerprint cannot see a change between its samples, and name, size and date can lie: what was not sent or
   * compared by this page is digested again from the file in hand. New parts do not wait for it, Complete does.
   */
  async #compareAll(done: readonly StoredPart[], different: PartTask[], signal: AbortSignal): Promise<void> {
    const { proved } = this.#context.job.memory;
    for (const part of done) this.#stored.set(part.number, part);
    const unproved = done.flatMap(({ number }) => (proved.has(number) ? [] : (this.#ranges[number - 1] ?? [])));
    await inLanes(unproved, comparisonsAtOnce, signal, async (range, stop) => {
      if (!(await this.#holds(range, stop))) different.push({ range });
    });
  }

  async #holds({ number, start, end }: PartRange, signal: AbortSignal): Promise<boolean> {
    const { world, job, file, reporter } = this.#context;
    const part = this.#stored.get(number);
    const digest = await world.workers.digest(file.slice(start, end), bothDigests, { signal, priority: "idle" });
    if (part !== undefined && world.store.holds(part, digest)) {
      job.memory.proved.set(number, part);
      return true;
    }
    this.#stored.delete(number);
    reporter.meter.disproved(number);
    reporter.moved();
    return false;
  }
}

/** Where it is known what remains, nothing goes out that was not looked for in it. */
async function* earlyFirst(early: readonly PartRange[], remaining: Promise<Remaining>): AsyncGenerator<PartTask> {
  let known = false;
  const learnt = () => {
    known = true;
  };
  remaining.then(learnt, learnt);
  const begun = new Set<number>();
  for (const range of early) {
    if (known) break;
    begun.add(range.number);
    yield { range };
  }
  const { todo } = await remaining;
  for (const task of todo) if (!begun.has(task.range.number)) yield task;
}
