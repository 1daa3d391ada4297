/**
 * Knows when the store cannot be reached, and who sleeps because of it. While that lasts one request at a time finds out whether it is
 * over; then everybody goes on at once. Otherwise the line would lie idle until the longest of their pauses has passed.
 */
import { Bell, type Ringing, sleepOrRing } from "../bell.js";
import type { Clock } from "../platform/clock.js";

/** A call that rests before it tries again. */
export interface Rest {
  /** The same for all attempts of the call. */
  readonly call: object;
  readonly ms: number;
  /** Its patience ends so many milliseconds from now: then it tries once more, whoever else does. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** By which the user ends the rest. */
  readonly bells: readonly Ringing[];
  /** Told how many milliseconds are left, at first and whenever that has changed; undefined while another call finds out. */
  readonly tell: (ms: number | undefined) => void;
}

/** So many failures in a row, of all requests of the page, are an outage … */
const suspicious = 2;
/** … if for so long nothing was answered and no body moved. A request that fails among others that succeed has a reason of its own. */
const quietMs = 2_000;
/** Of one that is longer, part may have been the computer's sleep. */
const longestNapMs = 120_000;

export class Outage {
  readonly #clock: Clock;
  /** Rings when the outage is over. */
  readonly over = new Bell();
  /** Rings when another call may find out whether it is. */
  readonly #free = new Bell();
  #failures = 0;
  #aliveAt = Number.NEGATIVE_INFINITY;
  #lasts = false;
  /** The call that is finding out. */
  #probe: object | undefined;
  #nextProbeAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get lasts(): boolean {
    return this.#lasts;
  }

  /** Call when the store has answered, be it with a refusal. */
  answered(): void {
    this.#failures = 0;
    this.moved();
    if (!this.#lasts) return;
    this.#lasts = false;
    this.#probe = undefined;
    this.over.ring();
  }

  /** Call when bytes of a body have moved. */
  moved(): void {
    this.#aliveAt = this.#clock.elapsed();
  }

  /** Call when an attempt got no answer of the store. */
  failed(): void {
    this.#failures += 1;
    if (this.#failures >= suspicious && this.#clock.elapsed() - this.#aliveAt >= quietMs) this.#lasts = true;
  }

  /** Call when a call has ended, in whatever way, or sleeps for a reason of its own: it finds out nothing now. */
  left(call: object): void {
    if (this.#probe !== call) return;
    this.#probe = undefined;
    this.#free.ring();
  }

  /** Lets a call ask something else before it tries again. It waits for that, so what is asked may find out in its place. */
  async letting(call: object, ask: () => Promise<void>): Promise<void> {
    const wasProbe = this.#probe === call;
    if (wasProbe) this.#probe = undefined;
    try {
      await ask();
    } finally {
      if (wasProbe && this.#lasts) this.#probe ??= call;
    }
  }

  /**
   * Resolves when the call may try again: its time is over and, in an outage, it is the one that finds out; or an outage has ended; or the
   * user does not want to wait.
   *
   * @returns the milliseconds that it has rested; time in which the computer slept does not count
   * @throws the signal's reason once it is aborted
   */
  async rest({ call, ms, patienceMs, signal, bells, tell }: Rest): Promise<number> {
    const began = this.#clock.elapsed();
    const latest = began + Math.max(ms, patienceMs);
    if (this.#probe === call || this.#nextProbeAt <= began) this.#nextProbeAt = began + ms;
    this.left(call);
    for (let rested = 0; ; ) {
      const now = this.#clock.elapsed();
      const mayTryAt = this.#mayTryAt(began + ms);
      const leftMs = Math.min(latest, mayTryAt ?? latest) - now;
      if (leftMs <= 0) {
        if (this.#lasts) this.#probe ??= call;
        return rested;
      }
      tell(mayTryAt === undefined ? undefined : leftMs);
      const napMs = Math.min(leftMs, longestNapMs);
      const by = await sleepOrRing(this.#clock, napMs, signal, [...bells, this.over, this.#free]);
      rested += Math.min(this.#clock.elapsed() - now, napMs);
      if (by !== undefined && by !== this.#free) return rested;
    }
  }

  /** @param restedAt when the call's own time is over. @returns undefined while another call finds out */
  #mayTryAt(restedAt: number): number | undefined {
    if (!this.#lasts) return restedAt;
    return this.#probe === undefined ? Math.max(restedAt, this.#nextProbeAt) : undefined;
  }
}
