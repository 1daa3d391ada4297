/**
 * One body on its way to the store. The browser tells what it handed to the network; how much of that has arrived is an estimate, never
 * more than was handed over, and never less than what is sure. Pure.
 */
import type { Arrived } from "../../upload/speed.js";

/** What a body hands over in this time fills buffers; what it hands over later, others have made room for by leaving. */
const fillingMs = 1_500;
/** Where nobody knows the pace, a body comes closer to what was handed over by two thirds in this time. */
const unknownPaceMs = 5_000;
/** Where it is known, it slows down so long before it meets that. */
const slowingMs = 700;

type Span = readonly [from: number, to: number];

export class BodyUnderWay {
  readonly size: number;
  #began: number;
  #handed = 0;
  /** What was handed over at once, and lies in buffers as long as it flows. */
  #buffered = 0;
  /** When bytes were first and last handed over. */
  #firstAt: number | undefined;
  #grewAt: number;
  /** From then on what is handed over counts as arrived. undefined while it may only fill buffers. */
  #flowsSince: number | undefined;
  /** Bytes that surely arrived, and about when. */
  #sure = 0;
  /** What arrived before it began to flow. */
  #filled: number | undefined;
  #arrived = 0;
  /** For how long it has been close to what was handed over. */
  #closeMs = 0;

  constructor(size: number, began: number) {
    this.size = size;
    this.#began = began;
    this.#grewAt = began;
  }

  get handed(): number {
    return this.#handed;
  }

  /** Bytes that have arrived, as well as can be told. It only grows. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Bytes of which it is not known when they arrive, or have arrived. */
  get unsure(): number {
    return this.#handed - this.#sure;
  }

  /** @param handed bytes, more than before. @returns what has surely arrived meanwhile */
  hands(handed: number, now: number): Arrived {
    const growth = handed - this.#handed;
    const from = this.#grewAt;
    const flows = this.#firstAt !== undefined && now - this.#firstAt >= fillingMs;
    if (this.#firstAt === undefined) {
      this.#firstAt = now;
      this.#buffered = growth;
    }
    if (flows) {
      this.#flowsSince ??= from;
      this.#sure += growth;
    }
    this.#handed = handed;
    this.#grewAt = now;
    this.#closeMs = 0;
    return { bytes: flows ? growth : 0, from, to: now };
  }

  /** The network was silent for so long, which says nothing about it. */
  slept(ms: number, now: number): void {
    this.#began = Math.min(now, this.#began + ms);
    this.#grewAt = Math.min(now, this.#grewAt + ms);
    if (this.#flowsSince !== undefined) this.#flowsSince = Math.min(now, this.#flowsSince + ms);
  }

  /** It is stored. @returns when those bytes arrived that were not sure until now */
  ends(now: number): readonly Arrived[] {
    const rest = this.size - this.#sure;
    const [first = [now, now], last] = this.#dark(now);
    if (last === undefined) return [arrived(rest, first)];
    const filled = this.#filled ?? rest * (lengthOf(first) / Math.max(1, lengthOf(first) + lengthOf(last)));
    return [arrived(filled, first), arrived(rest - filled, last)];
  }

  /** Milliseconds since the moment `since` in which nothing was known of it. */
  darkMs(since: number, now: number): number {
    return this.#dark(now).reduce((sum, [from, to]) => sum + Math.max(0, to - Math.max(from, since)), 0);
  }

  /**
   * Moves on. One that is late must not stand still, and must not be taken for stored: it goes slower and slower.
   *
   * @param pace bytes per millisecond; 0 where nobody knows
   * @param most bytes of it that may have arrived
   */
  moves(ms: number, pace: number, most: number, now: number): void {
    const room = Math.max(0, most - this.#arrived);
    const slowing = (pace === 0 ? unknownPaceMs : slowingMs) + this.#closeMs;
    const slowly = room * (1 - Math.exp(-ms / slowing));
    const isClose = pace === 0 || slowly < pace * ms;
    if (isClose && room > 0) this.#closeMs += ms;
    const step = isClose ? slowly : pace * ms;
    // Where the estimate was ahead of what it flows by, it waits for that, and still moves.
    const next = Math.max(this.#arrived + step / 4, Math.min(this.#arrived + step, this.#flowed(pace, now)));
    this.#arrived = Math.max(next, this.#flowed(pace, this.#grewAt));
  }

  /** When nothing was known of it: while it filled buffers, and since they were last seen to empty. */
  #dark(now: number): readonly Span[] {
    if (this.#flowsSince === undefined) return [[this.#began, now]];
    return [
      [this.#began, this.#flowsSince],
      [this.#grewAt, now],
    ];
  }

  /** What has arrived of a body that flows: what did before it began to, what is sure, and what went since it last told. */
  #flowed(pace: number, now: number): number {
    if (this.#flowsSince === undefined) return now === this.#grewAt ? 0 : Number.POSITIVE_INFINITY;
    if (pace > 0) this.#filled ??= Math.min(this.unsure - this.#buffered, pace * (this.#flowsSince - this.#began));
    return (this.#filled ?? 0) + this.#sure + pace * (now - this.#grewAt);
  }
}

function lengthOf([from, to]: Span): number {
  return to - from;
}

function arrived(bytes: number, [from, to]: Span): Arrived {
  return { bytes, from, to };
}
