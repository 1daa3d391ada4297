/** Many uploads of one page: starts them, finds them again, sums them up, lists what earlier pages left. Law 7. */

import type { Diagnosis } from "../api/diagnosis.js";
import type { Progress, Upload, UploadOptions, UploadSource } from "../api/upload.js";
import type { PendingUpload, RequestTrace, Uploader } from "../api/uploader.js";
import { UploadError } from "../errors.js";
import type { Clock } from "../platform/clock.js";
import type { PageLife } from "../platform/page-life.js";
import type { CallOptions, ObjectTarget } from "../store/object-store.js";
import { callSafely } from "./call-safely.js";
import type { LoadEngine } from "./engine.js";
import { Memory } from "./memory.js";
import { checkSource, isSameSource } from "./source.js";
import { isSettled, isWorking } from "./state.js";
import { completesAs } from "./target.js";
import { totalProgress } from "./total-progress.js";
import { UploadHandle } from "./upload-handle.js";

const publishEveryMs = 100;

export interface Activity {
  /** Some upload is doing something, rather than waiting or resting. */
  readonly moving: boolean;
  /** Some of what is moving would be lost with the page. */
  readonly losable: boolean;
}

export interface UploaderTools {
  readonly engine: LoadEngine;
  readonly clock: Clock;
  readonly life: PageLife;
  /** Do checkpoints outlive the page at all? */
  readonly durable: boolean;
  readonly warn: (message: string) => void;
  /** @returns a copy that stays as it is. @throws UploadError for options that can never work, or a page that may not upload */
  readonly check: (options: UploadOptions) => UploadOptions;
  /** The store's `fixed`. */
  readonly fixed: (target: ObjectTarget) => string;
  readonly onRequest: ((trace: RequestTrace) => void) | undefined;
  /** Called after every change with what is going on. */
  readonly onActivity: (activity: Activity) => void;
  /** Called when everything has stopped. */
  readonly onClose: () => Promise<void>;
}

export class UploaderHandle implements Uploader {
  readonly #tools: UploaderTools;
  /** Replaced, never changed: what an app was given stays as it was. */
  #uploads: readonly UploadHandle[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #unwatch: (() => void) | undefined;
  #publishing: Promise<void> | undefined;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(tools: UploaderTools) {
    this.#tools = tools;
  }

  get uploads(): readonly Upload[] {
    return this.#uploads;
  }

  get progress(): Progress {
    return totalProgress(
      this.#uploads.filter((upload) => !isSettled(upload.state)).map((upload) => upload.state.progress),
    );
  }

  upload(source: UploadSource, given: UploadOptions): Upload {
    this.#checkOpen();
    checkSource(source);
    const options = this.#tools.check(given);
    const underWay = this.#uploads.find(
      (upload) => upload.key === options.key && !isSettled(upload.state) && isSameSource(upload.memory.source, source),
    );
    if (underWay !== undefined && isServedBy(this.#tools.fixed, underWay.target, options)) {
      underWay.resume();
      return underWay;
    }
    return this.#start(new Memory(source), options);
  }

  async pending(): Promise<readonly PendingUpload[]> {
    const engine = await this.#tools.engine();
    const ids = (uploads: readonly UploadHandle[]) => new Set(uploads.map((upload) => upload.memory.checkpointId));
    return await engine.pending({
      // What this page has completed left nothing: a checkpoint of that name is another page's, which sent the file once more.
      known: ids(this.#uploads.filter(({ state }) => state.phase !== "completed")),
      resting: ids(this.#uploads.filter(({ state }) => !isSettled(state))),
      closing: this.#closing.signal,
      call: (signal) => this.#call(signal),
      check: this.#tools.check,
      start: (memory, options) => this.#start(memory, options),
      inBackground: (work) => this.#inBackground(work),
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
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
    const engine = await this.#tools.engine();
    this.#closing.signal.throwIfAborted();
    return await engine.diagnose(key, this.#call(this.#closing.signal));
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException("The uploader was closed", "AbortError"));
    this.#unwatch?.();
    await Promise.all(this.#uploads.map((upload) => upload.stop()));
    await Promise.all([...this.#background, this.#publishing]);
    this.#tools.onActivity({ moving: false, losable: false });
    await this.#tools.onClose();
  }

  /** The database refused to keep what belongs to a checkpoint. */
  becameUnresumable(checkpointId: string): void {
    for (const upload of this.#uploads) if (upload.memory.checkpointId === checkpointId) upload.becomeUnresumable();
  }

  #start(memory: Memory, options: UploadOptions): Upload {
    this.#checkOpen();
    const { engine, clock, durable, warn, onRequest } = this.#tools;
    const upload = new UploadHandle(memory, options, {
      engine,
      clock,
      durable,
      warn,
      onChange: () => this.#changed(),
      onRequest,
    });
    this.#uploads = Object.freeze([...this.#uploads, upload]);
    this.#unwatch ??= this.#tools.life.watch({
      leaving: () => {
        for (const each of this.#uploads) each.leave();
      },
      back: () => {
        for (const each of this.#uploads) each.comeBack();
      },
    });
    upload.start();
    this.#changed();
    return upload;
  }

  #call(signal: AbortSignal): CallOptions {
    const { onRequest } = this.#tools;
    return { signal, priority: "low", ...(onRequest && { onRequest: (trace) => onRequest({ ...trace, upload: "" }) }) };
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
    const working = this.#uploads.map((upload) => upload.state).filter(isWorking);
    const moving = working.filter((state) => state.waiting === null);
    this.#tools.onActivity({ moving: moving.length > 0, losable: moving.some((state) => !state.resumable) });
    for (const listener of [...this.#listeners]) callSafely(listener);
  }

  #checkOpen(): void {
    if (!this.#closing.signal.aborted) return;
    throw new UploadError("invalid-option", "The uploader was closed", {
      hint: "Create another one with createUploader().",
    });
  }
}

/** Whoever asks for another ACL, or for a callback where there is none, has not been given what was asked for. */
function isServedBy(fixed: UploaderTools["fixed"], target: ObjectTarget, options: UploadOptions): boolean {
  const { acl, callback } = target;
  return fixed(target) === fixed(options) && completesAs({ acl, withCallback: callback !== undefined }, options);
}

/** Of nobody else: two diagnoses at a time, or an object of that name, are not to meet. */
function diagnosisKey(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `.ossicle-diagnose-${[...random].map((number) => number.toString(36)).join("")}`;
}
