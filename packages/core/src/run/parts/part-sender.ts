/**
 * Brings every part to the store: sends or adopts the missing parts, and compares with the file those that earlier pages sent. Law: both
 * must agree.
 */
import { sealPart } from "../../checkpoint/records.js";
import { orAborted } from "../../or-aborted.js";
import type { MultipartUpload, StoredPart } from "../../store/object-store.js";
import type { PartRange } from "../../upload/plan.js";
import type { Digest } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { digestParts } from "./digest-parts.js";
import { inLanes, together } from "./lanes.js";
import { type PartRead, ReadAhead } from "./read-ahead.js";
import type { PartTask, Remaining } from "./reconcile.js";

export class PartSender {
  readonly #context: RunContext;
  readonly #upload: MultipartUpload;
  readonly #ranges: readonly PartRange[];
  readonly #stored = new Map<number, StoredPart>();

  constructor(context: RunContext, upload: MultipartUpload, ranges: readonly PartRange[]) {
    this.#context = context;
    this.#upload = upload;
    this.#ranges = ranges;
  }

  /**
   * @param remaining the parts that both sides agree on, and those still to be stored
   * @param begun     already reads the parts to be stored
   * @returns all parts, ascending, each known to hold the bytes of the open file
   */
  async storeAll({ done, todo }: Remaining, begun?: ReadAhead): Promise<readonly StoredPart[]> {
    const { reporter, signal } = this.#context;
    const different: PartTask[] = [];
    let comparing = true;
    const ahead = begun ?? new ReadAhead(this.#context, todo);
    await together(
      signal,
      async (stop) => {
        await this.#sendAll(ahead, stop);
        if (comparing) reporter.waiting({ reason: "verifying" });
      },
      async (stop) => {
        await this.#compareAll(done, different, stop);
        comparing = false;
      },
    ).finally(() => ahead.end());
    reporter.waiting(null);
    if (different.length > 0) await this.#sendAgain(different);
    return this.#ranges.map(({ number }) => {
      const part = this.#stored.get(number);
      if (part === undefined) throw new Error(`Part ${number} is neither stored nor missing`);
      return part;
    });
  }

  async #sendAgain(tasks: readonly PartTask[]): Promise<void> {
    const ahead = new ReadAhead(this.#context, tasks);
    await this.#sendAll(ahead, this.#context.signal).finally(() => ahead.end());
  }

  async #sendAll(parts: ReadAhead, signal: AbortSignal): Promise<void> {
    await inLanes(parts, this.#context.settings.lanes, signal, (part, stop) => this.#storePart(part, stop));
  }

  async #storePart({ task, slice, digest }: PartRead, signal: AbortSignal): Promise<void> {
    const { world, reporter } = this.#context;
    const { range, listed } = task;
    const { number } = range;
    try {
      const named = await orAborted(digest, signal);
      const adopted = listed !== undefined && world.store.holds(listed, named);
      const part = adopted
        ? withDigest(listed, named)
        : await world.store.putPart(this.#upload, number, slice, named, reporter.callOptions(signal, number));
      await this.#record(part, adopted);
    } catch (error) {
      reporter.dropped(number);
      throw error;
    }
  }

  async #record(part: StoredPart, adopted: boolean): Promise<void> {
    const { world, job, checkpointId, reporter } = this.#context;
    const record = sealPart(this.#upload.id, part, world.clock.now(), reporter.progress.fraction);
    await world.checkpoints.addPart(checkpointId, part.number, record);
    this.#stored.set(part.number, part);
    job.memory.proves(part, !adopted);
    reporter.stored(part.number, adopted);
  }

  /**
   * Digests again every stored part that this page neither sent nor compared. The sampled fingerprint misses a change between its
   * samples, and another page with such a changed file may have replaced parts while this upload rested. New parts do not wait for
   * this; Complete does.
   */
  async #compareAll(done: readonly StoredPart[], different: PartTask[], signal: AbortSignal): Promise<void> {
    const { proved } = this.#context.job.memory;
    const unproved = done.flatMap((part) => {
      const known = proved.get(part.number);
      const isProved = known !== undefined && isSamePart(known, part);
      this.#stored.set(part.number, isProved ? known : part);
      return isProved ? [] : (this.#ranges[part.number - 1] ?? []);
    });
    await digestParts(this.#context, unproved, { signal, priority: "idle" }, (number, digest) => {
      const range = this.#ranges[number - 1];
      if (range !== undefined && !this.#holds(number, digest)) different.push({ range });
    });
  }

  #holds(number: number, digest: Digest): boolean {
    const { world, job, reporter } = this.#context;
    const part = this.#stored.get(number);
    if (part !== undefined && world.store.holds(part, digest)) {
      const compared = withDigest(part, digest);
      this.#stored.set(number, compared);
      job.memory.proves(compared, false);
      return true;
    }
    this.#stored.delete(number);
    reporter.disproved(number);
    return false;
  }
}

/** Compares the names that the store gave: a part that was sent again with other bytes has other names. */
function isSamePart(known: StoredPart, part: StoredPart): boolean {
  return known.etag === part.etag && (part.crc64 === undefined || known.crc64 === part.crc64);
}

/** @returns the part with the names that our digest adds: its bytes were compared, so they may prove the object too */
function withDigest(part: StoredPart, { md5, crc64 }: Digest): StoredPart {
  return { ...part, md5, crc64: part.crc64 ?? crc64 };
}
