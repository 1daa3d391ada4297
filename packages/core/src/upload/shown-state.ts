/**
 * What an app sees of an upload: its state, its promise and its listeners, which always agree. Changes are made first, as many as
 * belong together, and told afterwards, so that an app that calls back into the upload meets it in order.
 */
import type { UploadResult, UploadState } from "../api/upload.js";
import { isAbortError, isUploadError, UploadError } from "../errors.js";
import { deferred } from "./deferred.js";
import { Outbox } from "./outbox.js";
import { initialState, isSettled, isWorking, nothingYet, transition, type UploadEvent } from "./state.js";
import { abortError, type Stop } from "./stop.js";

interface Shown {
  /** Where it begins. Called once, as late as can be: for the size of the file the browser may have to ask another process. */
  readonly beginning: () => UploadState["progress"];
  /** Does a checkpoint of this upload outlive the page, as far as is known now? */
  readonly isKept: () => boolean;
}

export class ShownState {
  readonly #key: string;
  readonly #of: Shown;
  readonly #outbox = new Outbox<UploadState>();
  #state: UploadState | undefined;
  #finished = deferred<UploadResult>();
  #isResumable = false;

  constructor(key: string, of: Shown) {
    this.#key = key;
    this.#of = of;
  }

  get state(): UploadState {
    this.#state ??= initialState(this.#of.beginning());
    return this.#state;
  }

  /** The same for who does not look at the progress. */
  get withoutSize(): UploadState {
    return this.#state ?? initialState(nothingYet);
  }

  get finished(): Promise<UploadResult> {
    return this.#finished.promise;
  }

  subscribe(listener: (state: UploadState) => void): () => void {
    return this.#outbox.subscribe(listener);
  }

  /** Tells the listeners what was changed since the last time. */
  tell(): void {
    this.#outbox.deliver();
  }

  /** Of what a run reports, the progress may come late. */
  report(event: UploadEvent): void {
    if (event.type === "resumable") this.#resumable(this.#of.isKept());
    else if ((event.type !== "progressed" && event.type !== "waiting") || isWorking(this.state)) this.#put(event);
  }

  /** The progress at the end of a run: it is told with the verdict, which follows at once. */
  endsAt(progress: UploadState["progress"] | undefined): void {
    if (progress !== undefined && isWorking(this.state))
      this.#state = transition(this.state, { type: "progressed", progress });
  }

  /** It goes on after a rest. A promise that was rejected is replaced. */
  queue(): void {
    if (isSettled(this.state)) this.#finished = deferred();
    this.#put({ type: "queued", resumable: this.#isResumable });
  }

  rest(stop: Stop): void {
    const rejects = stop !== "paused" && !isSettled(this.state);
    this.#put({ type: stop });
    if (rejects) this.#finished.reject(abortError(this.#key, stop));
  }

  fail(cause: unknown): void {
    const error = isUploadError(cause) ? cause : unexpected(this.#key, cause);
    this.#put({ type: "failed", error });
    this.#finished.reject(error);
  }

  finish(result: UploadResult): void {
    this.#put({ type: "finished", result });
    this.#finished.resolve(result);
  }

  /** The database refused to keep what is stored. */
  becomeUnresumable(): void {
    this.#resumable(false);
  }

  #resumable(resumable: boolean): void {
    if (this.#isResumable === resumable) return;
    this.#isResumable = resumable;
    if (isWorking(this.state)) this.#put({ type: "resumable", resumable });
  }

  #put(event: UploadEvent): void {
    this.#state = transition(this.state, event);
    this.#outbox.put(this.#state);
  }
}

/** A mistake of ours or of an app's own store, not something that was met on the way. */
function unexpected(key: string, cause: unknown): UploadError {
  const words = isAbortError(cause) ? "something it started was aborted" : String(cause);
  return new UploadError("rejected", `The upload of "${key}" broke: ${words}`, { cause, temporary: true });
}
