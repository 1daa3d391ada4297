/**
 * Begins the uploads of a page, a few in each task of the event loop. An app may add thousands in one loop, and to begin one costs: Chromium
 * asks another process for the size of each picked file, and the page waits for the answer. Law: nothing outlives its run.
 */
import type { Clock } from "../platform/clock.js";
import { callSafely } from "./call-safely.js";

/** Of what 500 at once cost in Chromium, four fifths were the questions for their sizes: so many begin in a task at most … */
const inOneTask = 50;
/** … and none any more after so many milliseconds: what has begun goes on between the tasks, and needs the page meanwhile. */
const longestTaskMs = 5;

export class Starts {
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  #waiting: (() => void)[] = [];
  #begun = 0;
  #spentMs = 0;
  #goingOn: Promise<void> | undefined;

  /** @param closing what waits when it is aborted is never begun */
  constructor(clock: Clock, closing: AbortSignal) {
    this.#clock = clock;
    this.#closing = closing;
  }

  /** Calls `begin` at once, or in a later task, in the order of the calls. */
  add(begin: () => void): void {
    if (this.#goingOn === undefined && this.#mayBegin) {
      this.#begin(begin);
    } else {
      this.#waiting.push(begin);
      this.#goingOn ??= this.#goOn();
    }
  }

  /** @returns when nothing is going to begin any more. To be called when `closing` is aborted */
  async ended(): Promise<void> {
    await this.#goingOn;
  }

  async #goOn(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#clock.sleep(0, this.#closing);
        this.#begun = this.#spentMs = 0;
        while (this.#mayBegin) {
          const begin = this.#waiting.shift();
          if (begin === undefined) break;
          this.#begin(begin);
        }
      }
    } catch {
      return; // Closed: a sleep has no other way to fail.
    }
    this.#goingOn = undefined;
  }

  get #mayBegin(): boolean {
    return this.#begun < inOneTask && this.#spentMs < longestTaskMs;
  }

  #begin(begin: () => void): void {
    const since = this.#clock.elapsed();
    this.#begun += 1;
    // What one throws keeps no other one from beginning.
    callSafely(begin);
    this.#spentMs += this.#clock.elapsed() - since;
  }
}
