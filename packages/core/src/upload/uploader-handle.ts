/** Many uploads of one page: starts them, finds them again, sums them up, lists what earlier pages left. Law: nothing outlives its run. */

import type { Diagnosis } from "../api/diagnosis.js";
import type { Progress, Upload, UploadOptions, UploadSource } from "../api/upload.js";
import type { PendingUpload, RequestTrace, Uploader } from "../api/uploader.js";
import { orAborted } from "../or-aborted.js";
import type { Clock } from "../platform/clock.js";
import type { PageLife } from "../platform/page-life.js";
import type { CallOptions, ObjectTarget } from "../store/object-store.js";
import { toldOfRequests } from "./call-safely.js";
import { uploaderClosed } from "./closed.js";
import type { LoadEngine, PageOfUploads } from "./engine.js";
import type { Job } from "./job.js";
import { Memory } from "./memory.js";
import { Outbox } from "./outbox.js";
import { checkSource } from "./source.js";
import { Starts } from "./starts.js";
import { isSettled, isWorking, type Working } from "./state.js";
import { UploadHandle } from "./upload-handle.js";
import { UploadList } from "./upload-list.js";
import type { UploadTools } from "./upload-tools.js";

const publishEveryMs = 100;

export interface Activity {
  /** Some upload is doing something, rather than waiting or resting. */
  readonly moving: boolean;
  /** Some of what is under way, or queued, would be lost with the page. */
  readonly losable: boolean;
}

export interface UploaderTools {
  readonly engine: LoadEngine;
  readonly retry: UploadTools["retry"];
  readonly online: () => boolean;
  readonly clock: Clock;
  readonly life: PageLife;
  /** Do checkpoints outlive the page at all? */
  readonly durable: boolean;
  readonly warn: (message: string) => void;
  /** @returns a copy that stays as it is. @throws UploadError for options that can never work, or a page that may not upload */
  readonly check: (options: UploadOptions) => UploadOptions;
  /** The store's `fixed`. */
  readonly fixed: (target: ObjectTarget) => string;
  readonly urlOf: Uploader["urlOf"];
  readonly onRequest: ((trace: RequestTrace) => void) | undefined;
  /** How many settled uploads are kept. */
  readonly keepSettled: number;
  /** Called after every change with what is going on. */
  readonly onActivity: (activity: Activity) => void;
  /** Called when the page is left, with what was under way. */
  readonly onLeave?: (left: readonly Job[]) => void;
  /** Called when everything has stopped. */
  readonly onClose: (releaseFiles: boolean) => Promise<void>;
}

export class UploaderHandle implements Uploader {
  readonly #tools: UploaderTools;
  readonly #list: UploadList<UploadHandle>;
  readonly #listeners = new Outbox<true>();
  readonly #background = new Set<Promise<void>>();
  /** Ids of checkpoints that the database failed to keep. */
  readonly #unkept = new Set<string | undefined>();
  readonly #closing = new AbortController();
  readonly #starts: Starts;
  #unwatch: (() => void) | undefined;
  #publishing: Promise<void> | undefined;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(tools: UploaderTools) {
    this.#tools = tools;
    this.#list = new UploadList(tools.keepSettled, () => tools.clock.elapsed());
    this.#starts = new Starts(tools.clock, this.#closing.signal);
  }

  get uploads(): Upload[] {
    return this.#list.snapshot as UploadHandle[];
  }

  get progress(): Progress {
    return this.#list.progress;
  }

  upload(source: UploadSource, given: UploadOptions): Upload {
    this.#checkOpen();
    checkSource(source);
    const options = this.#tools.check(given);
    return this.#list.joined(source, options) ?? this.#start(new Memory(source), options);
  }

  remove(upload: Upload): void {
    if (!(upload instanceof UploadHandle)) return;
    this.#list.remove(upload);
    this.#changed();
  }

  async pending(): Promise<PendingUpload[]> {
    return await (await this.#tools.engine()).pending(this.#page());
  }

  async resumeAll(): Promise<PendingUpload[]> {
    return await (await this.#tools.engine()).resumeAll(this.#page());
  }

  #page(): PageOfUploads {
    return {
      isKnown: (...checkpoint) => this.#isKnown(...checkpoint),
      resting: new Set(
        this.#list.snapshot.filter(({ withoutSize }) => !isSettled(withoutSize)).map((upload) => upload.checkpointId),
      ),
      closing: this.#closing.signal,
      call: (signal) => this.#call(signal),
      check: this.#tools.check,
      start: (memory, options) => this.#list.joined(memory.source, options) ?? this.#start(memory, options),
      inBackground: (work) => this.#inBackground(work),
    };
  }

  #isKnown(checkpointId: string, key: string, size: number): boolean {
    // Ids are made of keys. There may be ten thousand uploads, and as many that are asked for.
    return this.#list.ofKey(key).some((upload) => {
      // What this page has completed left nothing: a checkpoint of that name is another page's, which sent the file once more.
      const state = upload.withoutSize;
      if (state.phase === "completed") return false;
      if (upload.isKeptAs(checkpointId)) return true;
      // Paused in the task of upload(), or waiting: nobody has recognised its file, and a handle was not even opened.
      const isUnnamed = upload.checkpointId === undefined && !isSettled(state);
      return isUnnamed && (upload.file?.size ?? size) === size;
    });
  }

  urlOf(key: string): string {
    return this.#tools.urlOf(key);
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.subscribe(() => listener());
  }

  async diagnose({ key = diagnosisKey() }: { readonly key?: string } = {}): Promise<Diagnosis> {
    this.#checkOpen();
    const diagnosis = this.#diagnose(key);
    // For close() to wait for; what it rejects with is for the caller.
    const ended = () => undefined;
    this.#inBackground(diagnosis.then(ended, ended));
    return await diagnosis;
  }

  async #diagnose(key: string): Promise<Diagnosis> {
    const engine = await orAborted(this.#tools.engine(), this.#closing.signal);
    return await engine.diagnose(key, this.#call(this.#closing.signal));
  }

  async close(options?: { readonly releaseFiles?: boolean | undefined }): Promise<void> {
    this.#closing.abort(new DOMException("The uploader was closed", "AbortError"));
    this.#unwatch?.();
    await Promise.all(this.#list.snapshot.map((upload) => upload.stopAndKeep()));
    // A cancel that has ended leaves the rest of its work here.
    while (this.#background.size > 0) await Promise.all(this.#background);
    await this.#starts.ended();
    await this.#publishing;
    this.#tools.onActivity({ moving: false, losable: false });
    await this.#tools.onClose(options?.releaseFiles === true);
  }

  /** The database refused to keep what belongs to a checkpoint. It is asked no more on this page, also not by a later upload. */
  becameUnresumable(checkpointId: string): void {
    this.#unkept.add(checkpointId);
    for (const upload of this.#list.snapshot) if (upload.checkpointId === checkpointId) upload.becomeUnresumable();
  }

  #start(memory: Memory, options: UploadOptions): Upload {
    this.#checkOpen();
    const { durable, life } = this.#tools;
    const upload = new UploadHandle(memory, options, {
      ...this.#tools,
      isKept: (id) => durable && !this.#unkept.has(id),
      closing: this.#closing.signal,
      onChange: () => {
        this.#list.note(upload);
        this.#changed();
      },
      inBackground: (work) => this.#inBackground(work),
    });
    this.#unwatch ??= life.watch({
      leaving: () => {
        const left = this.#list.snapshot.flatMap((each) => each.leave() ?? []);
        this.#tools.onLeave?.(left);
      },
      back: () => {
        for (const each of this.#list.snapshot) each.comeBack();
      },
    });
    this.#list.add(upload);
    this.#list.note(upload);
    this.#starts.add(() => upload.start());
    return upload;
  }

  #call(signal: AbortSignal): CallOptions {
    const onRequest = toldOfRequests(this.#tools.onRequest, "");
    return { signal, priority: "low", ...(onRequest && { onRequest }) };
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work.finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }

  #changed(): void {
    if (this.#closing.signal.aborted) return;
    const { clock } = this.#tools;
    const wait = this.#publishedAt + publishEveryMs - clock.elapsed();
    this.#publishing ??= this.#publishAfter(Math.max(0, wait));
  }

  async #publishAfter(ms: number): Promise<void> {
    try {
      await this.#tools.clock.sleep(ms, this.#closing.signal);
    } catch {
      return; // Closed: a sleep has no other way to fail.
    }
    this.#publishing = undefined;
    this.#publishedAt = this.#tools.clock.elapsed();
    const working = this.#list.snapshot.map((upload) => upload.withoutSize).filter(isWorking);
    const moving = working.some(({ waiting }) => waiting === null);
    this.#tools.onActivity({ moving, losable: working.some(isLosable) });
    this.#listeners.put(true);
    this.#listeners.deliver();
    // A speed has to be taken back when nothing moves any more, and then nothing changes.
    if (this.#list.bytesPerSecond > 0) this.#changed();
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw uploaderClosed();
  }
}

/** What another upload is sending, on this page or another, is not lost with the one that waits for it. */
function isLosable({ resumable, waiting }: Working): boolean {
  return !resumable && waiting?.reason !== "same-file" && waiting?.reason !== "other-tab";
}

/** Of nobody else: two diagnoses at a time, or an object of that name, are not to meet. */
function diagnosisKey(): string {
  return `.ossicle-diagnose-${Math.random().toString(36).slice(2)}`;
}
