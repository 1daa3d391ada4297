/**
 * What the uploader's progress counts: every upload since last nothing was unsettled. A batch ends at 100 %: what was cancelled
 * counts nowhere, what failed or was stopped counts as much as it has stored. The bar goes back only when there is more to do: a file
 * is added, or its size becomes known.
 */
import type { Progress, UploadState } from "../api/upload.js";
import { Bar } from "./bar.js";
import type { Counts } from "./counts.js";
import { longestGapMs, Speed, tellingMs } from "./speed.js";
import { isSettled, isWorking, nothingYet } from "./state.js";
import { totalProgress } from "./total-progress.js";

/** What a batch needs to know of an upload. */
export interface Counted {
  readonly state: UploadState;
  /** The same for who does not look at the progress: nobody has to ask for the size of a file. */
  readonly withoutSize: UploadState;
  readonly counts: Pick<Counts, "arrivedBytes" | "leftBytes">;
}

export class Batch<T extends Counted> {
  readonly #elapsed: () => number;
  readonly #uploads = new Set<T>();
  readonly #unsettled = new Set<T>();
  /** The uploads whose size the bar knows. */
  #sized = new WeakSet<T>();
  #bar = new Bar();
  /** Something was neither cancelled nor is it under way. */
  #hasEnded = false;
  /** Of uploads that the page has let go. */
  #gone: Progress = nothingYet;
  /** Of all uploads together: most files of a batch may be too small to have a speed of their own. */
  readonly #speed = new Speed();
  readonly #arrived = new WeakMap<T, number>();
  #movedAt = Number.NEGATIVE_INFINITY;

  /** @param elapsed milliseconds of a clock that nobody sets */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** 0 while nothing moves, and until there is data of five seconds. */
  get bytesPerSecond(): number {
    const now = this.#elapsed();
    if (now - this.#movedAt >= longestGapMs || ![...this.#unsettled].some(({ withoutSize }) => isWorking(withoutSize)))
      return 0;
    const { bytes, ms } = this.#speed.lately(now);
    return ms < tellingMs ? 0 : Math.round((bytes / ms) * 1000);
  }

  get progress(): Progress {
    const total = totalProgress([this.#gone, ...[...this.#uploads].map(({ state }) => counted(state))]);
    this.#size();
    const { bytesPerSecond } = this;
    const shown = this.#bar.show(total.fraction * total.totalBytes, total.totalBytes);
    return {
      ...total,
      fraction: this.#unsettled.size === 0 && this.#hasEnded ? 1 : shown,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? this.#leftBytes / bytesPerSecond : null,
    };
  }

  /** To be called after every change. */
  note(upload: T): void {
    this.#measure(upload);
    const state = upload.withoutSize;
    if (isSettled(state)) {
      if (this.#unsettled.delete(upload)) this.#hasEnded ||= state.phase !== "cancelled";
      return;
    }
    if (this.#unsettled.size === 0) this.#beginAnew();
    this.#unsettled.add(upload);
    this.#uploads.add(upload);
  }

  /** The page keeps it no more. It still counts. */
  letGo(upload: T): void {
    if (!this.#uploads.delete(upload)) return;
    this.#gone = totalProgress([this.#gone, counted(upload.state)]);
  }

  #beginAnew(): void {
    this.#uploads.clear();
    this.#gone = nothingYet;
    this.#sized = new WeakSet();
    this.#bar = new Bar();
    this.#hasEnded = false;
  }

  /** The bar begins anew where there is more to do than it knew. */
  #size(): void {
    const added = [...this.#uploads].filter((each) => !this.#sized.has(each) && each.state.progress.totalBytes > 0);
    if (added.length > 0) this.#bar = new Bar();
    for (const upload of added) this.#sized.add(upload);
  }

  #measure(upload: T): void {
    const { withoutSize } = upload;
    const { arrivedBytes } = upload.counts;
    const bytes = arrivedBytes - (this.#arrived.get(upload) ?? 0);
    this.#arrived.set(upload, arrivedBytes);
    if (bytes <= 0 && withoutSize.progress.parts.inFlight === 0) return;
    const now = this.#elapsed();
    const since = now - this.#movedAt < longestGapMs ? this.#movedAt : now;
    this.#movedAt = now;
    this.#speed.busy(since, now);
    if (bytes > 0) this.#speed.arrived({ bytes, from: since, to: now });
  }

  get #leftBytes(): number {
    let sum = 0;
    for (const { state, counts } of this.#unsettled) {
      if (sends(state)) sum += counts.leftBytes ?? state.progress.totalBytes;
    }
    return sum;
  }
}

/** It goes on by itself. What another upload of the same file brings to the store, this one need not. */
function sends(state: UploadState): boolean {
  return isWorking(state) && state.waiting?.reason !== "same-file";
}

function counted({ phase, progress }: UploadState): Progress {
  switch (phase) {
    case "cancelled":
      return nothingYet;
    case "failed":
    case "stopped":
      return { ...progress, fraction: 1, totalBytes: progress.storedBytes, sentBytes: progress.storedBytes };
    case "completed":
      return { ...progress, storedBytes: progress.totalBytes, sentBytes: progress.totalBytes };
    default:
      return progress;
  }
}
