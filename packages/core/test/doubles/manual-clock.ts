/** Time that passes only when a test says so. */
import type { Clock } from "../../src/platform/clock.js";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #sleepers = new Set<Sleeper>();
  readonly #epoch: number;

  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** When the next sleep is over, on the clock of `elapsed()`. */
  get nextAt(): number | undefined {
    return this.#next()?.at;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const sleeper: Sleeper = {
        at: this.#elapsed + ms,
        wake: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Lets `ms` pass, and ends the sleeps that are over by then, in order of time. */
  advance(ms: number): void {
    const until = this.#elapsed + ms;
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) this.#wake(next);
    this.#elapsed = until;
  }

  /** Lets time pass until the next sleep is over. @returns false if there is none */
  advanceToNext(): boolean {
    const next = this.#next();
    if (next !== undefined) this.#wake(next);
    return next !== undefined;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    this.#elapsed = Math.max(this.#elapsed, sleeper.at);
    sleeper.wake();
  }
}
