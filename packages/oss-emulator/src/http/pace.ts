/** Limits bandwidth: makes a transfer wait until its bytes have taken the time that they need at so many bytes per second. */
import { setTimeout as sleep } from "node:timers/promises";

export class Pace {
  readonly #bytesPerMs: number;
  readonly #stopped = new AbortController();
  // `performance.now()` at which all bytes so far have had their time.
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resolves when the time for so many bytes is over, the pace was stopped, or the signal was aborted. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#bytesPerMs;
    const ends = AbortSignal.any([signal, this.#stopped.signal]);
    if (ends.aborted) return;
    try {
      await sleep(this.#freeAt - now, undefined, { signal: ends });
    } catch (error) {
      if (!ends.aborted) throw error;
    }
  }

  /** Ends all waits, and lets later bytes pass at once. */
  stop(): void {
    this.#stopped.abort();
  }
}
