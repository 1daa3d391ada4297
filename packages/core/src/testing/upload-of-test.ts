/** An upload that a test moves. State, promise, listeners and options are kept by what keeps them in the real one. */
import type { FakeUpload } from "../api/testing.js";
import type {
  FileInfo,
  Progress,
  Upload,
  UploadOptions,
  UploadResult,
  UploadSource,
  UploadState,
  Waiting,
} from "../api/upload.js";
import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../errors.js";
import { Job } from "../upload/job.js";
import type { Memory } from "../upload/memory.js";
import { ShownState } from "../upload/shown-state.js";
import { isSameSource } from "../upload/source.js";
import { isSettled, isWorking, nothingYet, type Working } from "../upload/state.js";
import type { Stop } from "../upload/stop.js";
import { fixedOptions } from "../upload/target.js";
import { allStored, partMapOf, partStartsOf, progressAt } from "./progress-of-test.js";

interface PageOfTest {
  readonly bucket: string;
  readonly urlOf: (key: string) => string;
  readonly isClosed: () => boolean;
  /** Called after every change. */
  readonly onChange: () => void;
}

/** What leads from a phase to the next one. */
const steps = { queued: "started", preparing: "prepared", uploading: "all-stored" } as const;
const order: readonly Working["phase"][] = ["queued", "preparing", "uploading", "completing"];

export class UploadOfTest implements FakeUpload {
  readonly id: string;
  readonly key: string;
  /** Nothing is measured here: the list shows the speed that a test says. */
  readonly counts = { arrivedBytes: 0, leftBytes: 0 };
  readonly #page: PageOfTest;
  readonly #job: Job;
  readonly #shown: ShownState;
  /** Aborted when nothing can happen to it any more: the app's signals are let go. */
  readonly #over = new AbortController();
  #resumedBytes = 0;
  #isKept = false;

  constructor(id: string, memory: Memory, options: UploadOptions, page: PageOfTest) {
    this.id = id;
    this.key = options.key;
    this.#page = page;
    this.#job = new Job(memory, options, fixedOptions);
    this.#shown = new ShownState(options.key, {
      beginning: () => ({ ...nothingYet, fraction: memory.shown, totalBytes: this.file?.size ?? 0 }),
      isKept: () => this.#isKept,
    });
    this.#obey(options.signal);
    this.#shown.tell();
  }

  get file(): FileInfo | null {
    return this.#job.file;
  }

  get options(): Upload["options"] {
    return this.#job.options;
  }

  get appData(): unknown {
    return this.#job.appData;
  }

  get state(): UploadState {
    return this.#shown.state;
  }

  get withoutSize(): UploadState {
    return this.#shown.withoutSize;
  }

  get finished(): Promise<UploadResult> {
    return this.#shown.finished;
  }

  subscribe(listener: (state: UploadState) => void): () => void {
    return this.#shown.subscribe(listener);
  }

  partMap(): Uint8Array {
    return partMapOf(this.state);
  }

  partStarts(): Float64Array {
    return partStartsOf(this.state);
  }

  /** A later upload() of the same file. @returns false where it is to be an upload of its own */
  join(source: UploadSource, options: UploadOptions): boolean {
    if (isSettled(this.state) || options.signal?.aborted) return false;
    if (!isSameSource(this.#job.memory.source, source) || !this.#job.adopt(options)) return false;
    this.#obey(options.signal);
    this.resume();
    return true;
  }

  /** Earlier pages have stored so much of it, and its checkpoint is there. @param storedBytes bytes */
  goesOnWith(storedBytes: number): void {
    this.#resumedBytes = storedBytes;
    this.#keep();
    this.#tell();
  }

  async pause(): Promise<void> {
    if (isWorking(this.state)) this.#stop("paused");
  }

  resume(): void {
    if (this.#page.isClosed() || !["paused", "stopped", "failed"].includes(this.state.phase)) return;
    this.#shown.queue();
    this.#tell();
  }

  retryNow(): void {
    if (["backoff", "offline"].includes(this.state.waiting?.reason ?? "")) this.wait(null);
  }

  async cancel(): Promise<void> {
    if (["completed", "cancelled"].includes(this.state.phase)) return;
    this.#stop("cancelled");
    this.#over.abort();
  }

  /** For a signal and for `close()` of the uploader. */
  stopAndKeep(): void {
    if (isWorking(this.state) || this.state.phase === "paused") this.#stop("stopped");
  }

  prepare(): void {
    this.#reach("preparing", "prepare()");
    this.#tell();
  }

  progress(at: number | Partial<Progress>): void {
    this.#reach("uploading", "progress()");
    this.#keep();
    const given = typeof at === "number" ? { fraction: at } : at;
    const progress = progressAt(given, this.state.progress, this.file?.size ?? 0, this.#resumedBytes);
    this.#shown.report({ type: "progressed", progress });
    this.#tell();
  }

  wait(why: Waiting["reason"] | Waiting | null): void {
    this.#mustWork("wait()");
    this.#shown.report({ type: "waiting", waiting: typeof why === "string" ? { reason: why } : why });
    this.#tell();
  }

  storeAll(): void {
    this.#storeAll("storeAll()");
    this.#tell();
  }

  complete(said: Partial<UploadResult> = {}): void {
    this.#storeAll("complete()");
    const size = this.file?.size ?? 0;
    this.#shown.finish({
      bucket: this.#page.bucket,
      key: this.key,
      url: this.#page.urlOf(this.key),
      size,
      etag: "0123456789ABCDEF0123456789ABCDEF",
      crc64: "1",
      verified: "crc64",
      versionId: null,
      requestId: "fake-request",
      callback: null,
      alreadyStored: false,
      resumedBytes: this.#resumedBytes,
      sentBytes: size - this.#resumedBytes,
      ...said,
    });
    this.#job.letGo();
    this.#over.abort();
    this.#tell();
  }

  fail(error: UploadErrorCode | UploadError, details?: UploadErrorDetails): void {
    this.#mustWork("fail()");
    const words = `The upload of "${this.key}" failed: the test says so`;
    this.#shown.fail(typeof error === "string" ? new UploadError(error, words, details) : error);
    this.#tell();
  }

  #storeAll(verb: string): void {
    this.#reach("completing", verb);
    // The request that makes the object goes out: from here on another ACL or callback is another object.
    this.#job.says();
    this.#shown.report({ type: "progressed", progress: allStored(this.state.progress, this.file?.size ?? 0) });
  }

  #reach(phase: Working["phase"], verb: string): void {
    this.#mustWork(verb);
    for (let { state } = this; isBefore(state, phase); state = this.state)
      this.#shown.report({ type: steps[state.phase] });
  }

  #mustWork(verb: string): void {
    const { phase } = this.state;
    if (isWorking(this.state)) return;
    const remedy = ["completed", "cancelled"].includes(phase) ? "nothing leads out of that" : "resume() it first";
    throw new Error(`${verb} of "${this.key}" cannot happen: it is ${phase}, and ${remedy}`);
  }

  #keep(): void {
    this.#isKept = true;
    this.#shown.report({ type: "resumable", resumable: true });
  }

  #stop(stop: Stop): void {
    this.#shown.rest(stop);
    this.#tell();
  }

  #tell(): void {
    this.#shown.tell();
    this.#page.onChange();
  }

  #obey(signal: AbortSignal | undefined): void {
    if (signal?.aborted) this.#shown.rest("stopped");
    else signal?.addEventListener("abort", () => this.stopAndKeep(), { once: true, signal: this.#over.signal });
  }
}

type Before = Extract<UploadState, { readonly phase: Working["phase"] }> & { readonly phase: keyof typeof steps };

function isBefore(state: UploadState, phase: Working["phase"]): state is Before {
  return isWorking(state) && order.indexOf(state.phase) < order.indexOf(phase);
}
