/**
 * The multipart part of a run: begin or reconcile, send what is missing, compare what earlier pages sent, complete, prove.
 * Server first, then checkpoint, in both directions. Laws 2, 3 and 4.
 */
import { readHead, readPart } from "../checkpoint/records.js";
import { isUploadError, UploadError } from "../errors.js";
import type { MultipartUpload, StoredPart, UploadId } from "../store/object-store.js";
import type { UploadResult } from "../upload-api.js";
import { abortQuietly, beginCheckpoint, multipartUpload, refreshHead, type SavedHead } from "./begin.js";
import { PartSender } from "./part-sender.js";
import { type PartRange, plan } from "./plan.js";
import { prove } from "./prove.js";
import { type Listing, type PartTask, reconcile, type Verdict } from "./reconcile.js";
import { resultOf } from "./result.js";
import type { RunContext } from "./run.js";
import { type Settled, settle } from "./settle.js";
import { fixedOptions } from "./target.js";

type SavedCheckpoint = { readonly head: unknown; readonly parts: readonly unknown[] };

/** The server may contradict us so often in one run before we believe that it will go on doing so. */
const patienceWithContradictions = 3;

export class MultipartRun {
  readonly #context: RunContext;
  readonly #freshPartSize: number;
  #settled: Settled | undefined;
  #rejected = false;
  /** The upload id that the server said it does not know. */
  #gone: UploadId | undefined;

  /** @param freshPartSize for an upload that begins now; one that began keeps the size it began with */
  constructor(context: RunContext, freshPartSize: number) {
    this.#context = context;
    this.#freshPartSize = freshPartSize;
  }

  async finish(loaded: SavedCheckpoint | undefined): Promise<UploadResult> {
    const { world, checkpointId, target, reporter } = this.#context;
    let saved = await this.#fitting(loaded);
    if (saved === undefined && target.ifExists === "skip-identical") {
      const there = await settle(this.#context, plan(this.#context.file.size, this.#freshPartSize), new Map());
      if (there !== undefined) return resultOf(this.#context, there.object, there.proof, true);
    }

    for (let contradictions = 0, restarts = 0; ; contradictions += 1) {
      const verdict = saved === undefined ? undefined : await this.#look(saved);
      if (verdict?.kind === "finished") return await this.#finished();
      if (saved === undefined || verdict?.kind === "restart") {
        if (saved !== undefined && ++restarts > 1) throw goneAgain(target.key);
        saved = await beginCheckpoint(this.#context, this.#freshPartSize);
      }
      const ranges = plan(this.#context.file.size, saved.head.partSize);
      const { done, todo } =
        verdict?.kind === "continue" ? verdict : { done: [], todo: ranges.map((range) => ({ range })) };
      try {
        return await this.#send(saved, ranges, done, todo);
      } catch (error) {
        const last = contradictions + 1 >= patienceWithContradictions;
        if (last || !this.#contradicts(error)) throw error;
        if (isUploadError(error) && error.code === "already-exists") {
          this.#settled = await settle(this.#context, ranges, this.#context.job.memory.proved);
          if (this.#settled === undefined) throw error;
          return await this.#finished();
        }
        reporter.event({ type: "contradicted" });
        if (isUploadError(error) && error.code === "upload-gone") this.#gone = saved.head.uploadId;
        this.#rejected = world.store.rejectsParts(error);
        saved = await this.#fitting(await world.checkpoints.load(checkpointId));
      }
    }
  }

  /** The checkpoint, if it is whole and meant for this upload; what it points at is aborted if it is not. */
  async #fitting(loaded: SavedCheckpoint | undefined): Promise<SavedHead | undefined> {
    const read = readHead(loaded?.head);
    if (loaded === undefined || read === undefined) return undefined;
    const { head } = read;
    const { job, file } = this.#context;
    const upload = multipartUpload(this.#context, head);
    const fits =
      !head.cancelled && head.file.size === file.size && fixedOptions(head.target) === fixedOptions(job.target);
    if (!fits) {
      await abortQuietly(this.#context, upload);
      return undefined;
    }
    const parts = loaded.parts.flatMap((record) => readPart(record, head.uploadId)?.part ?? []);
    return { head: await refreshHead(this.#context, read), upload, parts };
  }

  /** What both sides, or the one that speaks, say about the parts. */
  async #look(saved: SavedHead): Promise<Verdict> {
    const { file } = this.#context;
    const ranges = plan(file.size, saved.head.partSize);
    this.#remember(saved.head.uploadId);
    const listing = await this.#list(saved.upload, ranges);
    if (listing.kind === "forbidden" && this.#rejected) {
      // The server rejected parts that our record vouches for, and may not say which: all of them go again.
      await abortQuietly(this.#context, saved.upload);
      return { kind: "restart" };
    }
    return reconcile(ranges, saved.parts, listing);
  }

  async #list(upload: MultipartUpload, ranges: readonly PartRange[]): Promise<Listing> {
    const { world, reporter, signal, job } = this.#context;
    const gone = async (): Promise<Listing> => {
      this.#settled = await settle(this.#context, ranges, job.memory.proved);
      return { kind: "gone", proved: this.#settled?.object };
    };
    // Where listing is forbidden the server says so of an upload that does not exist as well.
    if (upload.id === this.#gone) return await gone();
    try {
      return { kind: "parts", parts: await world.store.listParts(upload, reporter.call(signal)) };
    } catch (error) {
      if (!isUploadError(error)) throw error;
      if (error.code === "forbidden") return { kind: "forbidden" };
      if (error.code !== "upload-gone") throw error;
      return await gone();
    }
  }

  async #send(
    saved: SavedHead,
    ranges: readonly PartRange[],
    done: readonly StoredPart[],
    todo: readonly PartTask[],
  ): Promise<UploadResult> {
    const { world, checkpointId, job, reporter } = this.#context;
    this.#remember(saved.head.uploadId);
    const { memory } = job;
    const numbers = done.map((part) => part.number);
    const before = numbers.filter((number) => !memory.sent.has(number));
    const already = numbers.filter((number) => memory.sent.has(number));
    reporter.meter.planned(ranges, new Set(before), new Set(already));
    reporter.event({ type: "prepared" });

    const sender = new PartSender(this.#context, saved.upload, ranges, done);
    const parts = await sender.storeAll(todo);

    reporter.event({ type: "all-stored" });
    const object = await this.#complete(saved.upload, parts);
    const { proof, object: seen } = await prove(this.#context, object, parts);
    await world.checkpoints.remove(checkpointId);
    return resultOf(this.#context, seen, proof, false);
  }

  async #complete(upload: MultipartUpload, parts: readonly StoredPart[]) {
    const { world, checkpointId, target, reporter, signal } = this.#context;
    try {
      return await world.store.complete(upload, parts, target, reporter.call(signal));
    } catch (error) {
      // The object is stored, the upload id is gone: only the application server did not hear of it.
      if (isUploadError(error) && error.code === "callback-failed") await world.checkpoints.remove(checkpointId);
      throw error;
    }
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

function goneAgain(key: string): UploadError {
  return new UploadError("upload-gone", `The multipart upload of "${key}" vanished from the store twice in one run`, {
    hint: "Is something else aborting uploads in this bucket, or its lifecycle rule shorter than an upload takes?",
  });
}
