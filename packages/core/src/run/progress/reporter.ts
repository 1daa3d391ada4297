/** Turns what a run does into events. Throttles progress, and shows a reason to wait only while nothing moves. */

import type { Progress, Waiting } from "../../api/upload.js";
import type { Clock } from "../../platform/clock.js";
import type { CallOptions, StoredPart } from "../../store/object-store.js";
import type { Outlet } from "../../upload/engine.js";
import type { Memory } from "../../upload/memory.js";
import type { UploadEvent } from "../../upload/state.js";
import type { HowFar } from "../parts/part-size.js";
import type { PartRange } from "../parts/positions.js";
import type { ProgressMeter } from "./progress-meter.js";

/** Ten times a second: the eye follows no more. */
const publishEveryMs = 100;
/** Progress is published at least this often while something moves: the browser is silent while its buffers empty, and the bar is not. */
const heartbeatMs = 250;

export interface ReporterOptions extends Outlet {
  readonly meter: ProgressMeter;
  readonly clock: Clock;
  readonly priority: NonNullable<CallOptions["priority"]>;
}

/** Each run has its own, and is over only when `close()` has resolved. */
export class Reporter {
  readonly #meter: ProgressMeter;
  readonly #options: ReporterOptions;
  readonly #waits = new Map<object, Waiting>();
  readonly #ended = new AbortController();
  readonly #followers = new Set<(progress: Progress) => void>();
  #standing: Waiting | null = null;
  #shown: Waiting | null = null;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #timer: Promise<void> | undefined;
  #progressedAt: number;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#meter = options.meter;
    this.#progressedAt = options.clock.elapsed();
  }

  /** Emits a change of phase. It clears the reason to wait of the last phase and publishes the progress. */
  event(event: UploadEvent): void {
    this.#standing = null;
    this.#shown = null;
    // Progress first: otherwise the new phase would start with old progress, and a resumed upload would show 0 %.
    this.#publish();
    this.#options.emit(event);
  }

  /** Sets why the run itself waits, until it sets null or the phase changes. */
  waiting(waiting: Waiting | null): void {
    this.#standing = waiting;
    this.#showWaiting();
  }

  /** Call when a checkpoint is written: a later page could go on. */
  becameResumable(): void {
    this.#options.emit({ type: "resumable", resumable: true });
  }

  /** What is stored, and what has not left the page. */
  get howFar(): HowFar {
    return this.#meter.howFar;
  }

  /** As it was last shown. */
  get progress(): Progress {
    return this.#meter.snapshot();
  }

  /** Another upload of the same file waits for this one, and shows its progress. @returns what ends that */
  follow(listener: (progress: Progress) => void): () => void {
    this.#followers.add(listener);
    return () => {
      this.#followers.delete(listener);
    };
  }

  /** Shows how far another upload of the same file is, until this one has something to show. */
  mirror(progress: Progress): void {
    this.#options.emit({ type: "progressed", progress: this.#meter.mirror(progress) });
  }

  /** Call when the checkpoint is read. @param fraction what the last page has shown of the bar, as far as it is kept */
  wasShown(fraction: number): void {
    this.#meter.wasShown(fraction);
  }

  /** Call when the file is open. */
  fileIs(totalBytes: number): void {
    this.#meter.fileIs(totalBytes);
    this.#moved();
  }

  /**
   * Call when a run knows what is stored.
   * @param parts    those that are known by then
   * @param nextSize how large the parts of the rest would be; bytes
   * @param done     those of the parts that are stored
   * @param memory   tells which of those this page sent
   */
  planned(
    parts: readonly PartRange[],
    nextSize: number,
    done: readonly Pick<StoredPart, "number">[],
    memory: Pick<Memory, "wasSent">,
  ): void {
    const numbers = done.map(({ number }) => number);
    const already = new Set(numbers.filter((number) => memory.wasSent(number)));
    this.#meter.planned(parts, nextSize, new Set(numbers.filter((number) => !already.has(number))), already);
  }

  /** Call when a part was cut. @param nextSize how large the parts of the rest would be; bytes */
  cut(range: PartRange, nextSize: number): void {
    this.#meter.cut(range, nextSize);
  }

  /** Call when a part will not be stored as it was cut. */
  uncut(part: number): void {
    this.#meter.uncut(part);
  }

  /** Call when a part is stored. The patience with failures starts anew. @param before true if an earlier page sent it without recording it */
  stored(part: number, before = false): void {
    this.#meter.stored(part, before);
    this.#progressedAt = this.#options.clock.elapsed();
    this.#moved();
  }

  /** Call when a part is no longer in flight, and was not stored. */
  dropped(part: number): void {
    this.#meter.dropped(part);
  }

  /** Call when a part stored by an earlier page turns out not to be of this file. */
  disproved(part: number): void {
    this.#meter.disproved(part);
    this.#moved();
  }

  /** Body bytes handed to the network by this page, resends included; bytes that earlier pages had stored. */
  get totals(): { readonly sentBytes: number; readonly resumedBytes: number } {
    return { sentBytes: this.#meter.bodyBytes, resumedBytes: this.#meter.snapshot().resumedBytes };
  }

  #moved(): void {
    const wait = this.#publishedAt + publishEveryMs - this.#options.clock.elapsed();
    if (wait <= 0) this.#publish();
    else this.#timer ??= this.#publishAfter(wait);
    this.#showWaiting();
  }

  /** Makes the options for one call to the store. @param part the number of the part that the call sends, if any */
  callOptions(signal: AbortSignal, part?: number): CallOptions {
    const { priority, onRequest, hurry } = this.#options;
    const token = {};
    return {
      signal,
      priority,
      hurry,
      ...(onRequest && { onRequest }),
      ...(part !== undefined && {
        onSent: (bytes: number) => {
          this.#meter.sent(part, bytes);
          this.#moved();
        },
      }),
      onWaiting: (waiting) => {
        if (part !== undefined && waiting !== null) this.#meter.dropped(part);
        if (waiting === null) this.#waits.delete(token);
        else this.#waits.set(token, waiting);
        this.#moved();
      },
      lastProgressAt: () => this.#progressedAt,
    };
  }

  /** Ends the timers. To be called last. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#timer;
  }

  #publish(): void {
    this.#publishedAt = this.#options.clock.elapsed();
    const progress = this.#meter.snapshot();
    this.#options.emit({ type: "progressed", progress });
    for (const follow of this.#followers) follow(progress);
    if (this.#meter.isMoving) this.#timer ??= this.#publishAfter(heartbeatMs);
  }

  async #publishAfter(ms: number): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, this.#ended.signal);
    } catch {
      return; // The reporter was closed: a sleep rejects for no other reason.
    }
    this.#timer = undefined;
    this.#publish();
  }

  #showWaiting(): void {
    const moving = this.#meter.inFlight > 0;
    const longest = [...this.#waits.values()].reduce<Waiting | null>(
      (latest, wait) => ((wait.untilMs ?? 0) >= (latest?.untilMs ?? 0) ? wait : latest),
      null,
    );
    const waiting = moving ? null : (longest ?? this.#standing);
    if (waiting === this.#shown) return;
    this.#shown = waiting;
    this.#options.emit({ type: "waiting", waiting });
  }
}
