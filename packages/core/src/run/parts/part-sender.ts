/**
 * Brings every part to the store: sends or adopts the missing parts, and compares with the file those that earlier pages sent. Law: both
 * must agree.
 */
import { sealNoPart, sealPart } from "../../checkpoint/records.js";
import { orAborted } from "../../or-aborted.js";
import type { MultipartUpload, StoredPart } from "../../store/object-store.js";
import type { Digest } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { isTooLarge } from "../too-large.js";
import type { Cutter } from "./cutter.js";
import { digestParts } from "./digest-parts.js";
import { inLanes, together } from "./lanes.js";
import { type PartRange, placed, type Ruler, rangeOf } from "./positions.js";
import { type PartRead, ReadAhead } from "./read-ahead.js";
import { gapsBetween } from "./spans.js";

export class PartSender {
  readonly #context: RunContext;
  readonly #upload: MultipartUpload;
  readonly #ruler: Ruler;
  readonly #cutter: Cutter;
  readonly #stored = new Map<number, StoredPart>();

  constructor(context: RunContext, upload: MultipartUpload, ruler: Ruler, cutter: Cutter) {
    this.#context = context;
    this.#upload = upload;
    this.#ruler = ruler;
    this.#cutter = cutter;
  }

  /**
   * @param done  the parts that both sides agree on
   * @param ahead reads those still to be stored
   * @returns all parts, ascending, each known to hold the bytes of the open file
   */
  async storeAll(done: readonly StoredPart[], ahead: ReadAhead): Promise<readonly StoredPart[]> {
    const { reporter, signal } = this.#context;
    const different: PartRange[] = [];
    let comparing = true;
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
    return this.#all();
  }

  #all(): readonly StoredPart[] {
    const parts = placed(this.#ruler, [...this.#stored.values()]);
    const [missing] = gapsBetween(this.#ruler, parts);
    if (missing !== undefined) throw new Error(`No part with byte ${missing.start} is stored or missing`);
    return parts.map(({ part }) => part);
  }

  async #sendAgain(ranges: readonly PartRange[]): Promise<void> {
    const { world, checkpointId } = this.#context;
    // A part may be cut smaller now: its record would stand in the way of those inside it, if the page ended before they are all stored.
    const erased = ranges.map(({ number }) => world.checkpoints.addPart(checkpointId, number, sealNoPart(number)));
    await Promise.all(erased);
    for (const range of ranges) this.#cutter.giveBack(range);
    const ahead = new ReadAhead(this.#context, this.#cutter);
    await this.#sendAll(ahead, this.#context.signal).finally(() => ahead.end());
  }

  async #sendAll(parts: ReadAhead, signal: AbortSignal): Promise<void> {
    await inLanes(parts, this.#context.settings.lanes, signal, (part, stop) =>
      this.#storePart(part, stop).finally(() => parts.finished()),
    );
  }

  async #storePart({ task, slice, digest }: PartRead, signal: AbortSignal): Promise<void> {
    const { world, reporter } = this.#context;
    const { range, listed } = task;
    try {
      const named = await orAborted(digest, signal);
      const adopted = listed !== undefined && world.store.holds(listed, named);
      const part = adopted ? withDigest(listed, named) : await this.#send(range, slice, named, signal);
      await this.#record(part, adopted);
    } catch (error) {
      reporter.dropped(range.number);
      if (!isTooLarge(error) || !this.#canBeCut(slice)) throw error;
      world.line.refused(slice.size);
      this.#cutter.giveBack(range);
    }
  }

  async #send({ number }: PartRange, slice: Blob, digest: Digest, signal: AbortSignal): Promise<StoredPart> {
    const { world, reporter } = this.#context;
    const options = { ...reporter.callOptions(signal, number), divisible: this.#canBeCut(slice) };
    return await world.store.putPart(this.#upload, number, slice, digest, options);
  }

  #canBeCut({ size }: Blob): boolean {
    return size > this.#ruler.unit && !this.#context.world.store.limits.equalParts;
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
  async #compareAll(done: readonly StoredPart[], different: PartRange[], signal: AbortSignal): Promise<void> {
    const { proved } = this.#context.job.memory;
    const unproved = done.flatMap((part) => {
      const known = proved.get(part.number);
      const isProved = known !== undefined && isSamePart(known, part);
      this.#stored.set(part.number, isProved ? known : part);
      return isProved ? [] : (rangeOf(this.#ruler, part) ?? []);
    });
    await digestParts(this.#context, unproved, { signal, priority: "idle" }, (range, digest) => {
      if (!this.#holds(range.number, digest)) different.push(range);
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
