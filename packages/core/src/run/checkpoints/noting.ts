/** The note of one upload, while the upload runs. Law: nothing outlives its run. */
import type { Checkpoints } from "../../checkpoint/checkpoint-store.js";
import type { Clock } from "../../platform/clock.js";
import type { Locks } from "../../platform/locks.js";
import type { Slots } from "../../slots.js";
import { lockName } from "./checkpoint-id.js";
import { inTurn } from "./in-turn.js";

/** What begins at once has a head record by then, or is stored. */
const noteAfterMs = 200;

/**
 * What becomes of a note when its upload runs no more. "kept": one that was not written yet is not written any more; the page may be
 * leaving. "stopped": it is.
 */
export type Fate = "removed" | "kept" | "stopped" | "paused";

interface NotingTools {
  readonly checkpoints: Pick<Checkpoints, "begin" | "load" | "remove">;
  readonly locks: Locks;
  readonly clock: Clock;
}

interface Content {
  /** Makes the record as it is now. */
  readonly record: (paused: boolean) => unknown;
  /** Is the record that is there this upload's, or nobody's? */
  readonly mayReplace: (record: unknown) => boolean;
}

export class Noting {
  readonly id: string;
  /** The database has a note, which is this upload's. */
  isThere = false;
  /** It was looked for, and there was none. */
  isMissing = false;
  readonly #tools: NotingTools;
  readonly #turns: Slots;
  readonly #content: Content;
  readonly #over = new AbortController();
  #fate: Fate = "kept";
  #isHolding = false;
  #isNoted = false;
  /** The note says what was asked for before. */
  #isStale = false;
  #written: Promise<void> = Promise.resolve();
  #ended: Promise<void> = Promise.resolve();

  constructor(id: string, tools: NotingTools, turns: Slots, content: Content) {
    this.id = id;
    this.#tools = tools;
    this.#turns = turns;
    this.#content = content;
  }

  /** @param isKnown the note was written before: it is looked for, under its lock. @returns when that is done */
  start(isKnown: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ended = this.#keep(isKnown, resolve);
      this.#ended.then(resolve, reject);
    });
  }

  /** Writes the note once more, if there is one, with what is new. */
  async rewrite(): Promise<void> {
    if (!this.#isNoted) return;
    await this.#written;
    await this.#write();
  }

  /** The app has asked for something else: the note is written once more, in its turn. */
  changed(): void {
    if (this.#over.signal.aborted || !this.#isNoted) return;
    this.#isStale = true;
    const write = () => inTurn(this.#turns, "normal", () => this.#write(), this.#over.signal);
    this.#written = this.#written.then(write);
  }

  /** The upload runs no more, or needs no note any more. Only the first call counts. @returns when nothing is under way */
  async end(fate: Fate): Promise<void> {
    if (!this.#over.signal.aborted) {
      this.#fate = fate;
      this.#over.abort();
    }
    await this.#ended;
  }

  async #keep(isKnown: boolean, looked: () => void): Promise<void> {
    if (!isKnown) {
      looked();
      await this.#slept();
    }
    if (isKnown || !this.#over.signal.aborted) await this.#underLock(() => this.#hold(isKnown, looked));
    looked();
    // Another tab has the lock, or the end came first.
    if (!this.#isHolding) {
      await this.#untilOver();
      if (this.#fate !== "kept") await this.#underLock(() => this.#conclude());
    }
  }

  async #hold(isKnown: boolean, looked: () => void): Promise<void> {
    this.#isHolding = true;
    if (isKnown) {
      const there = await this.#look();
      this.isThere = there === "own";
      this.isMissing = there === "nothing";
      looked();
      await this.#slept();
    }
    this.#written = inTurn(this.#turns, "normal", () => this.#write(), this.#over.signal);
    await this.#written;
    await this.#untilOver();
    // It may have changed meanwhile.
    await this.#written;
    await this.#conclude();
  }

  /** An app may pause, or cancel, a thousand at once: they take turns as well. What has been stored or begun goes first. */
  async #conclude(): Promise<void> {
    const lacks = this.#fate === "stopped" && (!this.isThere || this.#isStale);
    if (this.#fate === "paused" || lacks) await inTurn(this.#turns, "normal", () => this.#write());
    if (this.#fate === "removed") await inTurn(this.#turns, "high", () => this.#remove());
  }

  async #remove(): Promise<void> {
    if (this.isThere || (await this.#look()) === "own") await this.#tools.checkpoints.remove(this.id);
    this.isThere = false;
  }

  async #look(): Promise<"own" | "another's" | "nothing"> {
    const saved = await this.#tools.checkpoints.load(this.id, "look");
    if (saved === undefined) return "nothing";
    return this.#content.mayReplace(saved.head) ? "own" : "another's";
  }

  async #write(): Promise<void> {
    this.#isNoted = true;
    if (!this.isThere && (await this.#look()) === "another's") return;
    this.#isStale = false;
    await this.#tools.checkpoints.begin(this.id, this.#content.record(this.#fate === "paused"));
    this.isThere = true;
  }

  async #underLock(act: () => Promise<void>): Promise<void> {
    await this.#tools.locks.holdIfFree(lockName(this.id), act);
  }

  async #slept(): Promise<void> {
    try {
      await this.#tools.clock.sleep(noteAfterMs, this.#over.signal);
    } catch {
      // The end came first: a sleep has no other way to fail.
    }
  }

  async #untilOver(): Promise<void> {
    const { signal } = this.#over;
    if (signal.aborted) return;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}
