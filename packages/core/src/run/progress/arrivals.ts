/**
 * Estimates how much of the bodies under way has arrived, and how fast. What the browser tells is what it handed to the network: the
 * first few 100 KB of a body lie in socket buffers at once, and then it tells nothing until they have left. So a body is taken to
 * arrive as fast as others did lately, and all together as fast as bytes surely arrived. Pure.
 */

import { longestGapMs, Speed, tellingMs } from "../../upload/speed.js";
import { BodyUnderWay } from "./body-under-way.js";

/** With less data no guess is made of how the bodies under way move. */
const guessMs = 1_000;
/** Nothing moves if there was no news for twice as long as the buffers need to empty; but no sooner, and no later, than this. */
const soonestStillMs = 5_000;
const latestStillMs = 30_000;

export class Arrivals {
  readonly #speed = new Speed();
  readonly #bodies = new Map<number, BodyUnderWay>();
  #landed = 0;
  /** Time is counted until then. */
  #until = Number.NEGATIVE_INFINITY;
  /** When something last told that bytes move. */
  #movedAt = 0;
  #stillFrom = 0;
  /** Bytes per millisecond of all bodies; 0 until bytes have surely arrived. */
  #rate = 0;
  /** A service worker lets the page see no progress of a body: it may be anywhere until it is stored. */
  #isBlind = false;

  /** Bytes of the bodies under way that have arrived, as well as can be told. */
  underWay(now: number): number {
    this.#advance(now);
    return this.#sum(({ arrived }) => arrived);
  }

  /** Bytes that have arrived since this was made. It shrinks when a body fails. */
  total(now: number): number {
    return this.#landed + this.underWay(now);
  }

  /** @param handed bytes of the body given to the network so far; 0, or fewer than before, when it begins once more */
  sends(part: number, handed: number, size: number, now: number): void {
    this.#advance(now);
    let body = this.#bodies.get(part);
    if (body === undefined || handed === 0 || handed < body.handed) {
      if (this.#bodies.size === 0) this.#goesOn(now);
      body = new BodyUnderWay(size, now);
      this.#bodies.set(part, body);
    }
    if (handed <= body.handed) return;
    this.#wakes(now);
    this.#speed.arrived(body.hands(handed, now));
    this.#moves(now);
  }

  /** The body has ended and is not stored. */
  dropped(part: number, now: number): void {
    this.#advance(now);
    this.#bodies.delete(part);
  }

  /** The body has arrived as a whole. */
  stored(part: number, now: number): void {
    this.#advance(now);
    const body = this.#bodies.get(part);
    if (body === undefined) return;
    this.#wakes(now);
    this.#isBlind = body.handed === 0 && body.size > 0;
    for (const arrived of body.ends(now)) this.#speed.arrived(arrived);
    this.#bodies.delete(part);
    this.#landed += body.size;
    this.#measure();
    this.#moves(now);
  }

  /** Nothing is under way any more. */
  clear(now: number): void {
    this.#advance(now);
    this.#bodies.clear();
  }

  /** @returns bytes per second; 0 while nothing moves, and until there is data of five seconds */
  bytesPerSecond(now: number): number {
    this.#advance(now);
    if (!this.isMoving(now) || this.#speed.lately(now).ms < tellingMs) return 0;
    return this.#rate * 1000;
  }

  isMoving(now: number): boolean {
    if (this.#bodies.size === 0) return now - this.#until < longestGapMs && this.#rate > 0;
    return now < this.#stillFrom;
  }

  /** The first body after a pause. */
  #goesOn(now: number): void {
    if (now - this.#until < longestGapMs) this.#speed.busy(this.#until, now);
    this.#until = now;
    this.#moves(now);
  }

  /** There is news. After a silence the speed is measured anew. */
  #wakes(now: number): void {
    if (this.isMoving(now)) return;
    this.#speed.forget();
    for (const body of this.#bodies.values()) body.slept(now - this.#movedAt, now);
  }

  /** It moves, and is taken to do so until the buffers should have emptied twice. */
  #moves(now: number): void {
    this.#movedAt = now;
    const buffered = this.#sum((body) => this.#most(body));
    const emptyMs = this.#rate === 0 ? latestStillMs : (2 * buffered) / this.#rate;
    this.#stillFrom = now + Math.min(latestStillMs, Math.max(soonestStillMs, emptyMs));
  }

  /** Lets the bodies under way move on until now. */
  #advance(now: number): void {
    const ms = now - this.#until;
    if (this.#bodies.size === 0 || ms <= 0) return;
    this.#speed.busy(this.#until, now);
    this.#until = now;
    this.#measure();
    const pace = this.#rate / this.#bodies.size;
    for (const body of this.#bodies.values()) body.moves(ms, pace, this.#isBlind ? body.size : body.handed, now);
  }

  /**
   * Of the bodies under way it is not known how much has arrived: they are taken to be as fast as the rest, but not to have brought more than
   * was handed over. Where they are nearly all there is, the rate stays what it was.
   */
  #measure(): void {
    const now = this.#until;
    const { bytes, ms } = this.#speed.lately(now);
    if (bytes === 0 && this.#rate === 0) return;
    const since = this.#speed.since(now);
    const count = this.#bodies.size;
    let sure = bytes;
    let known = ms;
    const open = new Map([...this.#bodies.values()].map((body) => [body, body.darkMs(since, now) / count]));
    for (const [, share] of open) known -= share;
    for (;;) {
      const rate = known < ms / 10 ? this.#rate : sure / known;
      const [late] = [...open].find(([body, share]) => rate * share > this.#most(body)) ?? [];
      if (late === undefined) {
        if (ms >= guessMs) this.#rate = rate;
        return;
      }
      sure += this.#most(late);
      known += open.get(late) ?? 0;
      open.delete(late);
    }
  }

  #most(body: BodyUnderWay): number {
    return this.#isBlind ? body.size : body.unsure;
  }

  #sum(of: (body: BodyUnderWay) => number): number {
    let sum = 0;
    for (const body of this.#bodies.values()) sum += of(body);
    return sum;
  }
}
