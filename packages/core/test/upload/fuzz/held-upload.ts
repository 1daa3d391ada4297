/** An upload as an app of the story holds it: every promise and every state that it was given. */
import type { UploadResult, UploadState } from "../../../src/api/upload.js";
import { isAbortError, isUploadError } from "../../../src/errors.js";
import { isWorking } from "../../../src/upload/state.js";
import type { UploadHandle } from "../../../src/upload/upload-handle.js";

type Outcome = { readonly result: UploadResult } | { readonly error: unknown };

/** Bytes. Smaller files are sent in one request. */
export const severalParts = 12;

export class HeldUpload {
  readonly upload: UploadHandle;
  readonly source: Blob;
  readonly told: UploadState[];
  /** cancel() was called when it was not completed yet. */
  isCancelled = false;
  /** How many states it was told of when its uploader had been closed. */
  #toldUntilClosed = Number.POSITIVE_INFINITY;
  /** Promises that a signal of the app has stopped. */
  readonly #stopped = new Set<Promise<UploadResult>>();
  readonly #outcomes = new Map<Promise<UploadResult>, Outcome | undefined>();

  constructor(upload: UploadHandle, source: Blob) {
    this.upload = upload;
    this.source = source;
    this.told = [upload.state];
    this.look();
    upload.subscribe((state) => {
      this.told.push(state);
      this.look();
    });
  }

  /** Takes the promise that there is now. To be called whenever it may have been replaced. */
  look(): void {
    const { finished } = this.upload;
    if (this.#outcomes.has(finished)) return;
    this.#outcomes.set(finished, undefined);
    finished.then(
      (result) => this.#outcomes.set(finished, { result }),
      (error: unknown) => this.#outcomes.set(finished, { error }),
    );
  }

  /** It sends parts, and says that a later page could go on. */
  get isResumable(): boolean {
    const { state } = this.upload;
    return state.phase === "uploading" && state.resumable;
  }

  /** It is being stopped for good: no upload() may be given it. */
  get isDoomed(): boolean {
    return this.isCancelled || this.#stopped.has(this.upload.finished);
  }

  closed(): void {
    this.#toldUntilClosed = this.told.length;
  }

  /** A signal that it was given is aborted now. What has begun to make the object may still be told that it is there. */
  signalled(): void {
    const { phase } = this.upload.state;
    const makesObject = this.source.size < severalParts || phase === "preparing" || phase === "completing";
    if (isWorking(this.upload.state) && !makesObject) this.#stopped.add(this.upload.finished);
  }

  /** Between two turns: what was told last is what is shown. */
  *whileRunning(): Generator<string> {
    if (this.told.at(-1) !== this.upload.state)
      yield `shows ${this.upload.state.phase}, told ${this.told.at(-1)?.phase}`;
  }

  *atRest(): Generator<string> {
    yield* this.whileRunning();
    const { state, finished } = this.upload;
    const outcome = this.#outcomes.get(finished);
    if (!agrees(state, outcome) && !this.#hadFailed(outcome))
      yield `${state.phase}, but finished ${described(outcome)}`;
    if (this.isCancelled && !["cancelled", "completed"].includes(state.phase)) yield `cancelled, but ${state.phase}`;
    if (this.told.slice(this.#toldUntilClosed).some(isWorking)) yield "goes on after close()";
    for (const promise of this.#stopped) {
      const outcome = this.#outcomes.get(promise);
      if (outcome === undefined || "result" in outcome || !isAbortError(outcome.error)) {
        yield `its signal was aborted, but ${described(outcome)}`;
      }
    }
    for (const [promise, earlier] of this.#outcomes) {
      if (promise !== finished && (earlier === undefined || "result" in earlier))
        yield `replaced: ${described(earlier)}`;
    }
    for (const [index, { phase }] of this.told.entries()) {
      const before = this.told[index - 1]?.phase;
      if (before === "completed" || before === "cancelled") yield `${before}, then ${phase}`;
    }
    yield* this.#faultsOfBar();
    if (state.progress.parts.inFlight > 0) yield `${state.phase} with parts in flight`;
  }

  *#faultsOfBar(): Generator<string> {
    for (const [index, { phase, progress }] of this.told.entries()) {
      const before = this.told[index - 1]?.progress.fraction ?? 0;
      if (!(progress.fraction >= before)) yield `the bar goes from ${before} to ${progress.fraction}`;
      if ((progress.fraction === 1) !== (phase === "completed")) yield `${phase} at ${progress.fraction}`;
    }
  }

  /** What had failed and is cancelled then: its promise was rejected already. */
  #hadFailed(outcome: Outcome | undefined): boolean {
    const [failed, cancelled] = this.told.slice(-2);
    if (failed?.phase !== "failed" || cancelled?.phase !== "cancelled") return false;
    return outcome !== undefined && "error" in outcome && outcome.error === failed.error;
  }
}

function agrees(state: UploadState, outcome: Outcome | undefined): boolean {
  switch (state.phase) {
    case "paused":
      return outcome === undefined;
    case "completed":
      return outcome !== undefined && "result" in outcome && outcome.result === state.result;
    case "failed":
      return outcome !== undefined && "error" in outcome && outcome.error === state.error && isUploadError(state.error);
    case "stopped":
    case "cancelled":
      return outcome !== undefined && "error" in outcome && isAbortError(outcome.error);
    default:
      return false;
  }
}

function described(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "pending";
  return "result" in outcome ? "resolved" : `rejected: ${String(outcome.error)}`;
}
