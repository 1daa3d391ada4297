/** One upload as the app holds it: state, pause, resume, cancel. Owns the run that is under way. Laws: crash-only; nothing outlives its run. */
import type { FileInfo, Upload, UploadOptions, UploadResult, UploadSource, UploadState } from "../api/upload.js";
import { Bell } from "../bell.js";
import { toldOfRequests } from "./call-safely.js";
import { Counts } from "./counts.js";
import { deferred } from "./deferred.js";
import { deleteLeft } from "./delete-left.js";
import type { Outlet } from "./engine.js";
import { Job } from "./job.js";
import { keepRest } from "./keep-rest.js";
import type { Memory } from "./memory.js";
import { Running } from "./running.js";
import { ShownState } from "./shown-state.js";
import { isSameSource } from "./source.js";
import { isSettled, isWorking, nothingYet } from "./state.js";
import type { Stop } from "./stop.js";
import type { UploadTools } from "./upload-tools.js";
import { waitForEngine } from "./wait-for-engine.js";

export class UploadHandle implements Upload {
  readonly id = crypto.randomUUID();
  readonly key: string;
  readonly #job: Job;
  readonly #tools: UploadTools;
  readonly #shown: ShownState;
  /** Aborted when nothing can happen to this upload any more: the app's signals are let go. */
  readonly #over = new AbortController();
  readonly #outlet: Outlet;
  readonly counts = new Counts();
  #running: Running | undefined;
  #cancelling: Promise<void> | undefined;
  readonly #hurry = new Bell();
  /** It rests because its page left, not because anybody wanted it to. */
  #away = false;

  constructor(memory: Memory, options: UploadOptions, tools: UploadTools) {
    this.#tools = tools;
    this.#job = new Job(memory, options, tools.fixed);
    this.key = options.key;
    this.#shown = new ShownState(options.key, {
      beginning: () => ({ ...nothingYet, fraction: this.#job.memory.shown, totalBytes: this.file?.size ?? 0 }),
      isKept: () => tools.isKept(this.checkpointId),
    });
    this.#outlet = {
      emit: (event) => {
        this.#shown.report(event);
        this.#tell();
      },
      onRequest: toldOfRequests(tools.onRequest, this.id),
      hurry: this.#hurry,
    };
    this.#obey(options.signal);
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

  get checkpointId(): string | undefined {
    return this.#job.memory.checkpointId;
  }

  isKeptAs(id: string): boolean {
    return [this.checkpointId, this.#job.memory.note?.id].includes(id);
  }

  subscribe(listener: (state: UploadState) => void): () => void {
    return this.#shown.subscribe(listener);
  }

  partMap(): Uint8Array {
    return this.counts.partMap();
  }

  partStarts(): Float64Array {
    return this.counts.partStarts();
  }

  /** Once, by the uploader, perhaps later: the app may have stopped the upload by then, or even begun it. */
  start(): void {
    if (isWorking(this.state) && this.#running === undefined) this.#run();
    this.#tell();
  }

  /**
   * A later upload() of the same file: what it says counts from here on, and what rests goes on.
   * @returns false where it is to be an upload of its own, which waits for this one
   */
  join(source: UploadSource, options: UploadOptions): boolean {
    if (isSettled(this.state) || this.#running?.isSettling || options.signal?.aborted) return false;
    if (!isSameSource(this.#job.memory.source, source) || !this.#job.adopt(options)) return false;
    this.#obey(options.signal);
    this.resume();
    return true;
  }

  async pause(): Promise<void> {
    this.#away = false;
    if (isWorking(this.state)) await this.#stop("paused");
  }

  resume(): void {
    this.#away = false;
    if (this.#tools.closing.aborted) return;
    if (this.#running?.goOn()) this.#job.isPaused = false;
    if (this.#goOn()) this.#tell();
  }

  retryNow(): void {
    this.#hurry.ring();
  }

  cancel(): Promise<void> {
    this.#away = false;
    if (this.#cancelling === undefined) {
      // Known before it is told: the listener of "cancelled" may cancel once more.
      const cancelling = deferred<void>();
      this.#cancelling = cancelling.promise;
      this.#cancel().then(cancelling.resolve, cancelling.reject);
      // close() waits for it, also when the app takes this upload from the list. What it rejects with is for the caller.
      this.#tools.inBackground(cancelling.promise.catch(() => undefined));
    }
    return this.#cancelling;
  }

  /**
   * Its page leaves: whatever the browser does to the requests from here on is no failure, and others may have the lock.
   * @returns what was to be done; undefined if it was not under way
   */
  leave(): Job | undefined {
    const isStopping = this.#running?.stop !== undefined && !this.#running.again;
    if (!isWorking(this.state) || isStopping) return undefined;
    this.#away = true;
    this.#stop("paused");
    return this.#job;
  }

  /** The page was only in the back/forward cache. */
  comeBack(): void {
    if (this.#away) this.resume();
  }

  /** Called by the world when the database refused to keep this upload's progress. */
  becomeUnresumable(): void {
    this.#shown.becomeUnresumable();
    this.#tell();
  }

  /** For a signal and for `close()` of the uploader. */
  async stopAndKeep(): Promise<void> {
    this.#away = false;
    if (isWorking(this.state) || this.state.phase === "paused") await this.#stop("stopped");
  }

  async #cancel(): Promise<void> {
    if (this.state.phase === "completed") return;
    const inFlight = (this.counts.progress?.parts.inFlight ?? 0) > 0;
    await this.#stop("cancelled");
    if (this.state.phase !== "cancelled") return;
    await deleteLeft({ job: this.#job, outlet: this.#outlet, inFlight }, this.#tools);
  }

  async #stop(stop: Stop): Promise<void> {
    if (!this.#away) this.#job.stops(stop);
    if (this.#running !== undefined) return await this.#running.end(stop);
    this.#rest(stop);
    this.#tell();
    await keepRest(this.#job, this.#tools);
  }

  /** @returns false where it does not rest, and nothing has changed */
  #goOn(): boolean {
    if (this.#running !== undefined || !["paused", "stopped", "failed"].includes(this.state.phase)) return false;
    this.#job.goesOnFrom(this.state);
    this.#shown.queue();
    this.#run();
    return true;
  }

  #run(): void {
    const running = new Running(this.key);
    this.#running = running;
    running.started(
      this.#attempt(running.signal).then(
        (result) => this.#conclude(running, () => this.#finish(result)),
        (error: unknown) =>
          this.#conclude(running, () =>
            running.stop === undefined ? this.#shown.fail(error) : this.#rest(running.stop),
          ),
      ),
    );
  }

  async #attempt(signal: AbortSignal): Promise<UploadResult> {
    this.#job.begins();
    const engine = await waitForEngine(this.#job, this.#tools, this.#outlet, signal);
    return await this.counts.runs(() => engine.runsOf(this.#job, this.#outlet)).run(signal);
  }

  /** In one go, and only then is the app told: it meets state, promise and what is under way in agreement. */
  #conclude(running: Running, verdict: () => void): void {
    this.#running = undefined;
    this.#shown.endsAt(this.counts.progress);
    verdict();
    if (running.again) this.#goOn();
    this.#tell();
  }

  #finish(result: UploadResult): void {
    this.#shown.finish(result);
    // A page that uploads for hours keeps of each upload what can be shown of it, not its file.
    this.#job.letGo();
    this.counts.letGo();
    this.#over.abort();
  }

  #rest(stop: Stop): void {
    this.#shown.rest(stop);
    if (stop === "cancelled") this.#over.abort();
  }

  #tell(): void {
    this.#shown.tell();
    this.#tools.onChange(this);
  }

  #obey(signal: AbortSignal | undefined): void {
    if (signal?.aborted) this.#rest("stopped");
    // Never rejects: a run's end is not its failure.
    else signal?.addEventListener("abort", () => void this.stopAndKeep(), { once: true, signal: this.#over.signal });
  }
}
