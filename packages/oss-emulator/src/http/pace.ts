/** Bandwidth: makes whoever takes bytes wait until the line would have carried them. */
import { setTimeout as sleep } from "node:timers/promises";

export class Pace {
  readonly #bytesPerMs: number;
  readonly #stopped = new AbortController();
  // When the line has carried all that was taken so far.
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resolves when `bytes` have had the time they need, the pace was stopped, or the signal was aborted. */
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

  /** Lets everybody who waits go on. */
  stop(): void {
    this.#stopped.abort();
  }
}
