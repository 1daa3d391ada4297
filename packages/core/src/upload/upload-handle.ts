/** One upload as the app holds it: state, pause, resume, cancel. Owns the run that is under way. Laws 1 and 7. */

import type { CallTrace } from "../api/trace.js";
import type { FileInfo, Upload, UploadOptions, UploadResult, UploadState } from "../api/upload.js";
import { isAbortError, isUploadError, UploadError, type UploadErrorCode } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import type { Clock } from "../platform/clock.js";
import { callSafely } from "./call-safely.js";
import { deferred } from "./deferred.js";
import type { Job, LoadEngine } from "./engine.js";
import type { Memory } from "./memory.js";
import { ProgressMeter } from "./progress-meter.js";
import { Reporter } from "./reporter.js";
import { fileInfo, infoOf } from "./source.js";
import { initialState, isSettled, isWorking, transition, type UploadEvent } from "./state.js";
import { targetOf } from "./target.js";

type Stop = "paused" | "stopped" | "cancelled";

/** A run under way, and why it is being stopped if it is. */
interface Running {
  readonly controller: AbortController;
  /** Never rejects. */
  ended: Promise<void>;
  stop: Stop | undefined;
  /** Asked to go on while it was being stopped: what is being stopped has to end first. */
  again: boolean;
}

export interface UploadTools {
  readonly engine: LoadEngine;
  readonly clock: Clock;
  /** Do checkpoints outlive the page at all? */
  readonly durable: boolean;
  /** Tells the developer about something that works but not as it should. */
  readonly warn: (message: string) => void;
  /** After every change of state. */
  readonly onChange: (upload: UploadHandle) => void;
  readonly onRequest: ((trace: CallTrace & { readonly upload: string }) => void) | undefined;
}

/** Failures after which the file may not be what it was. */
const doubtful: ReadonlySet<UploadErrorCode> = new Set(["file-unreadable", "file-changed", "corrupted"]);

export class UploadHandle implements Upload {
  readonly id = crypto.randomUUID();
  readonly key: string;
  readonly memory: Memory;
  readonly #job: Job;
  readonly #tools: UploadTools;
  readonly #meter: ProgressMeter;
  readonly #listeners = new Set<(state: UploadState) => void>();
  #state: UploadState;
  #finished = deferred<UploadResult>();
  #running: Running | undefined;
  #cancelling: Promise<void> | undefined;
  /** It rests because its page left, not because anybody wanted it to. */
  #away = false;

  constructor(memory: Memory, options: UploadOptions, tools: UploadTools) {
    this.#tools = tools;
    this.#meter = new ProgressMeter(() => tools.clock.elapsed());
    this.#job = { memory, target: targetOf(options), appData: options.appData, priority: options.priority ?? "normal" };
    this.key = options.key;
    this.memory = memory;
    this.#meter.fileIs(this.file?.size ?? 0);
    this.#state = initialState(this.#meter.snapshot(), tools.durable);
    this.#obey(options.signal);
  }

  get file(): FileInfo | null {
    const { opened, source } = this.memory;
    return opened === undefined ? fileInfo(source) : infoOf(opened.file);
  }

  get state(): UploadState {
    return this.#state;
  }

  get finished(): Promise<UploadResult> {
    return this.#finished.promise;
  }

  /** The options that outlive the page; two calls that differ in them mean different things. */
  get target() {
    return this.#job.target;
  }

  subscribe(listener: (state: UploadState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  partMap(): Uint8Array {
    return this.#meter.partMap();
  }

  /** Once, by the uploader. An upload whose signal was aborted before it began is stopped already. */
  start(): void {
    if (isWorking(this.#state)) this.#run();
  }

  async pause(): Promise<void> {
    this.#away = false;
    if (isWorking(this.#state)) await this.#stop("paused");
  }

  resume(): void {
    this.#away = false;
    const running = this.#running;
    if (running !== undefined) {
      running.again = running.stop !== undefined && running.stop !== "cancelled";
      return;
    }
    if (isWorking(this.#state) || this.#state.phase === "completed" || this.#state.phase === "cancelled") return;
    if (this.#state.phase !== "paused") this.#finished = deferred();
    if (this.#state.phase === "failed" && doubtful.has(this.#state.error.code)) this.memory.forget();
    this.#emit({ type: "queued" });
    this.#run();
  }

  cancel(): Promise<void> {
    this.#away = false;
    this.#cancelling ??= this.#cancel();
    return this.#cancelling;
  }

  /** Stops and keeps: what `close()` does to each upload. */
  async stop(): Promise<void> {
    this.#away = false;
    if (isWorking(this.#state) || this.#state.phase === "paused") await this.#stop("stopped");
  }

  /** Its page leaves: whatever the browser does to the requests from here on is no failure, and others may have the lock. */
  leave(): void {
    if (!isWorking(this.#state) || this.#running?.stop !== undefined) return;
    this.#away = true;
    // Never rejects: a run's end is not its failure.
    this.#stop("paused");
  }

  /** The page was only in the back/forward cache. */
  comeBack(): void {
    if (this.#away) this.resume();
  }

  async #cancel(): Promise<void> {
    const inFlight = this.#meter.inFlight > 0;
    if (this.#state.phase !== "cancelled") await this.#stop("cancelled");
    if (this.#state.phase !== "cancelled") return;
    const reporter = this.#reporter();
    try {
      const engine = await this.#tools.engine();
      await engine.cancel({ job: this.#job, reporter, inFlight });
    } catch (error) {
      if (!isUploadError(error)) throw error;
      this.#tools.warn(
        `"${this.key}" is cancelled, but what an earlier page may have left of it is not: ${error.message}`,
      );
    } finally {
      await reporter.close();
    }
  }

  async #stop(stop: Stop): Promise<void> {
    const running = this.#running;
    if (running === undefined) {
      if (this.#state.phase !== "completed") this.#rest(stop);
      return;
    }
    // The stronger wish wins: nobody cancels in order to have it paused.
    if (running.stop !== "cancelled") running.stop = stop;
    running.again = false;
    running.controller.abort(abortError(this.key, stop));
    await running.ended;
  }

  #run(): void {
    const running: Running = {
      controller: new AbortController(),
      ended: Promise.resolve(),
      stop: undefined,
      again: false,
    };
    this.#running = running;
    running.ended = this.#drive(running);
  }

  async #drive(running: Running): Promise<void> {
    const { signal } = running.controller;
    const attempt = this.#attempt(signal);
    await attempt.catch(() => undefined);
    this.#meter.rest();
    this.#running = undefined;
    this.#emit({ type: "progressed", progress: this.#meter.snapshot() });
    try {
      const result = await attempt;
      this.#emit({ type: "finished", result });
      this.#finished.resolve(result);
    } catch (error) {
      if (signal.aborted && running.stop !== undefined) this.#rest(running.stop);
      else this.#fail(error);
    }
    if (running.again) this.resume();
  }

  async #attempt(signal: AbortSignal): Promise<UploadResult> {
    const reporter = this.#reporter();
    try {
      const engine = await orAborted(this.#tools.engine(), signal);
      return await engine.run(this.#job, reporter, signal);
    } finally {
      await reporter.close();
    }
  }

  #rest(stop: Stop): void {
    const settled = isSettled(this.#state);
    this.#emit({ type: stop });
    if (stop !== "paused" && !settled) this.#finished.reject(abortError(this.key, stop));
  }

  #fail(cause: unknown): void {
    const error = isUploadError(cause) ? cause : unexpected(this.key, cause);
    this.#emit({ type: "failed", error });
    this.#finished.reject(error);
  }

  #reporter(): Reporter {
    const { clock, onRequest } = this.#tools;
    return new Reporter({
      meter: this.#meter,
      clock,
      priority: this.#job.priority,
      emit: (event) => this.#emit(event),
      onRequest: onRequest && ((trace) => onRequest({ ...trace, upload: this.id })),
    });
  }

  /** Called by the world when the database refused to keep this upload's progress. */
  becomeUnresumable(): void {
    if (isWorking(this.#state) && this.#state.resumable) this.#emit({ type: "unresumable" });
  }

  #emit(event: UploadEvent): void {
    if ((event.type === "progressed" || event.type === "waiting") && !isWorking(this.#state)) return;
    this.#state = transition(this.#state, event);
    for (const listener of [...this.#listeners]) callSafely(() => listener(this.#state));
    this.#tools.onChange(this);
  }

  #obey(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    if (signal.aborted) {
      this.#rest("stopped");
      return;
    }
    const stop = () => {
      // Never rejects: a run's end is not its failure.
      this.stop();
    };
    signal.addEventListener("abort", stop, { once: true });
    this.#finished.promise.then(
      () => signal.removeEventListener("abort", stop),
      () => signal.removeEventListener("abort", stop),
    );
  }
}

function abortError(key: string, stop: Stop): DOMException {
  return new DOMException(`The upload of "${key}" was ${stop}`, "AbortError");
}

/** A mistake of ours or of an app's own store, not something that was met on the way. */
function unexpected(key: string, cause: unknown): UploadError {
  const words = isAbortError(cause) ? "something it started was aborted" : String(cause);
  return new UploadError("rejected", `The upload of "${key}" broke: ${words}`, { cause, temporary: true });
}
