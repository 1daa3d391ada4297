/**
 * The multipart part of a run: begin or reconcile, send what is missing, compare what earlier pages sent, complete, prove.
 * Server first, then checkpoint, in both directions. Laws 2, 3 and 4.
 */

import type { UploadResult } from "../api/upload.js";
import { type Head, readHead, readPart } from "../checkpoint/records.js";
import { isUploadError, UploadError } from "../errors.js";
import type { StoredPart, UploadId } from "../store/object-store.js";
import { type PartRange, plan } from "../upload/plan.js";
import { fixedOptions } from "../upload/target.js";
import {
  abortQuietly,
  beginCheckpoint,
  markCompleting,
  multipartUpload,
  recutCheckpoint,
  refreshCheckpoint,
  refreshed,
  type SavedHead,
} from "./checkpoints/begin.js";
import type { RunContext } from "./context.js";
import { PartSender } from "./parts/part-sender.js";
import { ReadAhead } from "./parts/read-ahead.js";
import { type Listing, type Remaining, reconcile, untouched, type Verdict } from "./parts/reconcile.js";
import { unlessItCrawls } from "./parts/unless-it-crawls.js";
import { inOrder } from "./parts/upcoming.js";
import { prove } from "./proof/prove.js";
import { type Settled, settle } from "./proof/settle.js";
import { resultOf } from "./result.js";

type SavedCheckpoint = { readonly head: unknown; readonly parts: readonly unknown[] };

/** The server may contradict us so often in one run before we believe that it will go on doing so. */
const patienceWithContradictions = 3;

export class MultipartRun {
  readonly #context: RunContext;
  readonly #freshPartSize: number;
  /** The multipart upload that this page left when it last rested. */
  readonly #rested: { readonly uploadId: UploadId | undefined; readonly sinceMs: number } | undefined;
  #settled: Settled | undefined;
  #rejected = false;
  #ahead: ReadAhead | undefined;
  /** The upload id that the server said it does not know. */
  #gone: UploadId | undefined;

  /** @param freshPartSize for an upload that begins now; one that began keeps the size it began with */
  constructor(context: RunContext, freshPartSize: number) {
    this.#context = context;
    this.#freshPartSize = freshPartSize;
    const { uploadId, restingSinceMs } = context.job.memory;
    this.#rested = restingSinceMs === undefined ? undefined : { uploadId, sinceMs: restingSinceMs };
  }

  async finish(loaded: SavedCheckpoint | undefined): Promise<UploadResult> {
    try {
      return await this.#finish(loaded);
    } finally {
      this.#context.job.memory.restingSinceMs = this.#context.world.store.surelyPast();
    }
  }

  async #finish(loaded: SavedCheckpoint | undefined): Promise<UploadResult> {
    const { world, checkpointId, target, reporter } = this.#context;
    let saved = await this.#fitting(loaded);
    if (saved === undefined && target.ifExists === "skip-identical") {
      const ranges = plan(this.#context.file.size, this.#freshPartSize);
      const there = await settle(this.#context, ranges, new Map(), "same-bytes");
      if (there !== undefined) return resultOf(this.#context, there.object, there.proof, true);
    }

    for (let contradictions = 0, restarts = 0; ; ) {
      const begun = saved ?? (await this.#begin());
      const { partSize } = begun.head;
      const ranges = plan(this.#context.file.size, partSize);
      try {
        const sent = await unlessItCrawls(this.#context, begun.fresh ? partSize : 0, (context) =>
          this.#send(context, begun, ranges),
        );
        if (sent.smaller === undefined) return sent.value;
        reporter.event({ type: "contradicted" });
        saved = await recutCheckpoint(this.#context, begun, sent.smaller);
      } catch (error) {
        if (error instanceof Otherwise) {
          if (error.verdict.kind === "finished") return await this.#finished();
          if (++restarts > 1) throw goneAgain(target.key);
          reporter.event({ type: "contradicted" });
          saved = undefined;
          continue;
        }
        const last = ++contradictions >= patienceWithContradictions;
        if (last || !this.#contradicts(error)) throw error;
        if (isUploadError(error) && error.code === "already-exists") {
          await this.#settle(await this.#completingSince(), ranges, this.#context.signal);
          if (this.#settled === undefined) throw error;
          return await this.#finished();
        }
        reporter.event({ type: "contradicted" });
        if (isUploadError(error) && error.code === "upload-gone") this.#gone = begun.head.uploadId;
        this.#rejected = world.store.rejectsParts(error);
        saved = await this.#fitting(await world.checkpoints.load(checkpointId));
      }
    }
  }

  /** The first parts are read meanwhile: on a far line beginning takes as long. */
  async #begin(): Promise<SavedHead> {
    const ranges = plan(this.#context.file.size, this.#freshPartSize);
    this.#ahead = new ReadAhead(this.#context, inOrder(ranges.map((range) => ({ range }))));
    try {
      return await beginCheckpoint(this.#context, this.#freshPartSize);
    } catch (error) {
      await this.#ahead.end();
      throw error;
    }
  }

  /** The checkpoint, if it is whole and meant for this upload; what it points at is aborted if it is not. */
  async #fitting(loaded: SavedCheckpoint | undefined): Promise<SavedHead | undefined> {
    const read = readHead(loaded?.head);
    if (loaded === undefined || read === undefined) return undefined;
    const { head } = read;
    const { job, file } = this.#context;
    const upload = multipartUpload(this.#context, head);
    const isWhole = !head.cancelled && head.file.size === file.size;
    const wants = fixedOptions(head.target) === fixedOptions(job.target);
    // The application server that was to hear of it would not.
    const losesCallback = head.needsCallback && job.target.callback === undefined;
    const fits = isWhole && wants && !losesCallback;
    if (!fits) {
      await abortQuietly(this.#context, upload);
      return undefined;
    }
    const parts = loaded.parts.flatMap((record) => readPart(record, head.uploadId)?.part ?? []);
    return { head: refreshed(this.#context, head), extras: read, upload, parts, fresh: false };
  }

  /**
   * What both sides, or the one that speaks, say about the parts.
   *
   * @throws Otherwise when there is nothing to go on with
   */
  async #look(saved: SavedHead, ranges: readonly PartRange[], signal: AbortSignal): Promise<Remaining> {
    // Complete and later pages need it, parts do not: it is written while they go out.
    await refreshCheckpoint(this.#context, saved);
    const listing = await this.#list(saved, ranges, signal);
    const doubted = listing.kind === "forbidden" && this.#rejected;
    const believed = doubted ? saved.parts.filter(({ namedByUs }) => !namedByUs) : saved.parts;
    if (doubted && believed.length === saved.parts.length) {
      // The server rejected parts that our record vouches for, and may not say which: all of them go again.
      await abortQuietly(this.#context, saved.upload);
      throw new Otherwise({ kind: "restart" });
    }
    const verdict = reconcile(ranges, believed, listing);
    if (verdict.kind !== "continue") throw new Otherwise(verdict);
    return verdict;
  }

  async #list({ upload, head }: SavedHead, ranges: readonly PartRange[], signal: AbortSignal): Promise<Listing> {
    const { world, reporter } = this.#context;
    // Where listing is forbidden the server says so of an upload that does not exist as well.
    if (upload.id === this.#gone) return await this.#whenGone(head, ranges, signal);
    try {
      return { kind: "parts", parts: await world.store.listParts(upload, reporter.call(signal)) };
    } catch (error) {
      if (!isUploadError(error)) throw error;
      if (error.code === "forbidden") return { kind: "forbidden" };
      if (error.code !== "upload-gone") throw error;
      return await this.#whenGone(head, ranges, signal);
    }
  }

  async #whenGone(head: Head, ranges: readonly PartRange[], signal: AbortSignal): Promise<Listing> {
    await this.#settle(head.completingSince ?? this.#othersSince(head), ranges, signal);
    return { kind: "gone", proved: this.#settled?.object };
  }

  /** While this page rested another one may have completed this very upload: with our options, but for what Complete says. */
  #othersSince({ uploadId }: Head): number | undefined {
    const { acl, callback } = this.#context.job.target;
    const isOurs = this.#rested?.uploadId === uploadId && acl === undefined && callback === undefined;
    return isOurs ? this.#rested?.sinceMs : undefined;
  }

  /** An object at the key is this upload's only if Complete was sent, and the object is not older. */
  async #settle(completingSince: number | undefined, ranges: readonly PartRange[], signal: AbortSignal): Promise<void> {
    if (completingSince === undefined) return;
    const { proved } = this.#context.job.memory;
    this.#settled = await settle({ ...this.#context, signal }, ranges, proved, { storedSinceMs: completingSince });
  }

  async #completingSince(): Promise<number | undefined> {
    const { world, checkpointId } = this.#context;
    return readHead((await world.checkpoints.load(checkpointId))?.head)?.head.completingSince;
  }

  async #send(context: RunContext, saved: SavedHead, ranges: readonly PartRange[]): Promise<UploadResult> {
    const { world, checkpointId, reporter } = context;
    this.#remember(saved.head.uploadId);
    const early = saved.fresh ? [] : this.#early(saved, ranges);
    const sender = new PartSender(context, saved.upload, ranges, this.#ahead);
    // It has ended with what it was for: parts that are cut anew are read anew.
    this.#ahead = undefined;
    const parts = await (early.length > 0
      ? this.#sendMeanwhile(sender, saved, ranges, early)
      : this.#sendThen(sender, saved, ranges));

    reporter.event({ type: "all-stored" });
    const object = await this.#complete(saved, ranges, parts);
    const { proof, object: seen } = await prove(this.#context, object, parts);
    await world.checkpoints.remove(checkpointId);
    return resultOf(this.#context, seen, proof, false);
  }

  /** What can be sent before the listing is known. Where we were contradicted, nothing is. */
  #early(saved: SavedHead, ranges: readonly PartRange[]): readonly PartRange[] {
    if (this.#rejected || saved.upload.id === this.#gone) return [];
    return untouched(ranges, saved.parts, this.#context.settings.lanes);
  }

  /** The listing first: everything that remains may be there. */
  async #sendThen(sender: PartSender, saved: SavedHead, ranges: readonly PartRange[]) {
    const remaining: Remaining = saved.fresh
      ? { kind: "continue", done: [], todo: ranges.map((range) => ({ range })) }
      : await this.#look(saved, ranges, this.#context.signal);
    this.#begun(ranges, remaining.done);
    return await sender.storeAll([], () => Promise.resolve(remaining));
  }

  /** Our record is believed until the listing says otherwise. */
  async #sendMeanwhile(
    sender: PartSender,
    saved: SavedHead,
    ranges: readonly PartRange[],
    early: readonly PartRange[],
  ) {
    const { reporter } = this.#context;
    const believed = saved.parts.filter((part) => ranges[part.number - 1] !== undefined);
    this.#begun(ranges, believed);
    return await sender.storeAll(early, async (stop) => {
      const remaining = await this.#look(saved, ranges, stop);
      const agreed = new Set(remaining.done.map(({ number }) => number));
      for (const { number } of believed) if (!agreed.has(number)) reporter.meter.disproved(number);
      reporter.moved();
      return remaining;
    });
  }

  #begun(ranges: readonly PartRange[], done: readonly StoredPart[]): void {
    const { job, reporter } = this.#context;
    const { sent } = job.memory;
    const numbers = done.map((part) => part.number);
    const before = numbers.filter((number) => !sent.has(number));
    const already = numbers.filter((number) => sent.has(number));
    reporter.meter.planned(ranges, new Set(before), new Set(already));
    reporter.event({ type: "prepared" });
  }

  async #complete(saved: SavedHead, ranges: readonly PartRange[], parts: readonly StoredPart[]) {
    const { world, checkpointId, target, reporter, signal } = this.#context;
    const marked = await markCompleting(this.#context, saved);
    const beforeRepeating = (error: UploadError, attempt: number) => this.#lookFirst(marked, ranges, error, attempt);
    try {
      return await world.store.complete(marked.upload, parts, target, { ...reporter.call(signal), beforeRepeating });
    } catch (error) {
      // The object is stored, the upload id is gone: only the application server did not hear of it.
      if (isUploadError(error) && error.code === "callback-failed") await world.checkpoints.remove(checkpointId);
      throw error;
    }
  }

  /**
   * Complete that was answered twice without being of use may have taken effect: it is looked for instead of being repeated for
   * as long as patience lasts.
   *
   * @throws Otherwise when the upload is over
   */
  async #lookFirst(saved: SavedHead, ranges: readonly PartRange[], error: UploadError, attempt: number): Promise<void> {
    if (attempt < 2 || error.code !== "server" || error.status === undefined) return;
    const listing = await this.#list(saved, ranges, this.#context.signal);
    if (listing.kind === "forbidden") await this.#settle(saved.head.completingSince, ranges, this.#context.signal);
    if (this.#settled !== undefined) throw new Otherwise({ kind: "finished", object: this.#settled.object });
    if (listing.kind === "gone") throw new Otherwise({ kind: "restart" });
  }

  async #finished(): Promise<UploadResult> {
    const { world, checkpointId } = this.#context;
    if (this.#settled === undefined) throw new Error("Finished without proof");
    await world.checkpoints.remove(checkpointId);
    return resultOf(this.#context, this.#settled.object, this.#settled.proof, true);
  }

  #contradicts(error: unknown): boolean {
    if (this.#context.world.store.rejectsParts(error)) return true;
    return isUploadError(error) && (error.code === "upload-gone" || error.code === "already-exists");
  }

  /** What this page knows of parts belongs to one upload id. */
  #remember(uploadId: UploadId): void {
    const { memory } = this.#context.job;
    if (memory.uploadId === uploadId) return;
    memory.uploadId = uploadId;
    memory.proved.clear();
    memory.sent.clear();
  }
}

/** There is nothing to go on with: the object is there, or the upload has to begin again. */
class Otherwise extends Error {
  readonly verdict: Exclude<Verdict, Remaining>;

  constructor(verdict: Exclude<Verdict, Remaining>) {
    super(verdict.kind);
    this.verdict = verdict;
  }
}

function goneAgain(key: string): UploadError {
  return new UploadError("upload-gone", `The multipart upload of "${key}" vanished from the store twice in one run`, {
    hint: "Is something else aborting uploads in this bucket, or its lifecycle rule shorter than an upload takes?",
  });
}
