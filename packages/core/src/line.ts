/**
 * Measures the line, the network between this page and store, by what was stored: never by what was given to the network, which may lie in
 * its buffers. Time in which nothing was under way, in backoff or offline, says nothing, and silence little. Pure.
 */
import { BodyLimit } from "./store/body-limit.js";
import type { Carried, ConnectionCount, Counted } from "./store/connection-count.js";

/** Of a longer silence no more than this counts as time that the line has needed. */
const quietMs = 10_000;
/** The speed is that of so many milliseconds of the page, or of one part for each connection if they took longer. */
const windowMs = 1_000;
/** A body of so many bytes, the smallest part, says how fast the line is, whatever its time was spent on … */
const tellingBytes = 128 * 1024;
/** … a smaller one only if it took so many round trips: most of its time went by for its bytes … */
const tellingRoundTrips = 4;
/** … and while no round trip is known, if it is not tiny and took longer than such round trips do. */
const tinyBytes = 16 * 1024;
const longRoundTripMs = 250;
/** At least this share of a part's time is taken for its body, however long the round trips seem. */
const leastBody = 1 / 4;

/** A request that is under way. */
export interface UnderWay {
  /** undefined for a control request. */
  readonly bytes: number | undefined;
  readonly counted: Counted;
  readonly startedAt: number;
  /** Clocks of the line when it began. */
  readonly moving: number;
  readonly shared: number;
}

/** What is kept of a line for the next page. */
export interface KnownLine {
  /** Of the whole page. */
  readonly bytesPerSecond: number;
  readonly roundTripMs: number | undefined;
  readonly connections: number;
}

export class Line {
  readonly #elapsed: () => number;
  readonly #count: ConnectionCount;
  /** What the last bodies took, the latest last. */
  readonly #carried: Carried[] = [];
  #known: KnownLine | undefined;
  #roundTripMs: number | undefined;
  readonly #limit = new BodyLimit();
  #isBlind = false;
  #bodies = 0;
  #at = 0;
  /** Two clocks: milliseconds in which a body was under way, and the same divided by the number of bodies. */
  #moving = 0;
  #shared = 0;

  /**
   * @param elapsed milliseconds of a clock that nobody sets
   * @param count   how many connections there may be
   * @param known   what an earlier page has learnt of this line
   */
  constructor(elapsed: () => number, count: ConnectionCount, known?: KnownLine) {
    this.#elapsed = elapsed;
    this.#count = count;
    this.#known = known;
    this.#roundTripMs = known?.roundTripMs;
  }

  /** What the page gets through while bodies move, over all connections. undefined until one was stored that says it. */
  get bytesPerSecond(): number | undefined {
    if (this.#carried.length === 0) return this.#known?.bytesPerSecond;
    const bytes = this.#carried.reduce((sum, body) => sum + body.bytes, 0);
    return (bytes / this.#carried.reduce((sum, { bodyMs }) => sum + bodyMs, 0)) * 1000;
  }

  /** The shortest recent round trip: longer ones include time that the store or a queue needed. undefined before the first answer. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** How many connections are used. */
  get connections(): number {
    return this.#count.allowed;
  }

  /** While bodies are so small that they take hardly more than round trips, so many requests more wait in the browser. */
  get waiting(): number {
    return this.#count.waiting;
  }

  /** Do the connections share one line? undefined while nobody knows. */
  get areShared(): boolean | undefined {
    return this.#count.areShared;
  }

  /** Bytes. Something between page and store refuses larger bodies. */
  get largestBody(): number {
    return this.#limit.bytes;
  }

  /** No request of this page tells how much of its body has left: a service worker sends it. */
  get isBlind(): boolean {
    return this.#isBlind;
  }

  sawNoProgress(): void {
    this.#isBlind = true;
  }

  /** A body did not come through, as it seems because of its size: the next ones are no more than half of it. */
  refused(bytes: number): void {
    this.#limit.guessed(bytes);
  }

  /** An answer said that a body is too large. */
  toldTooLarge(bytes: number): void {
    this.#limit.refused(bytes);
  }

  /** A request takes a connection. @param bytes of its body; undefined for a control request */
  begins(bytes: number | undefined): UnderWay {
    this.#tick();
    if (bytes !== undefined) this.#bodies += 1;
    const counted = this.#count.began();
    return { bytes, counted, startedAt: this.#at, moving: this.#moving, shared: this.#shared };
  }

  /** Bytes of it left. */
  moves(): void {
    this.#tick();
  }

  /** It was answered as it should be: a body is stored. */
  answered({ bytes, counted, startedAt, moving, shared }: UnderWay): void {
    this.#tick();
    if (bytes === undefined) {
      // A control request is two round trips: the preflight's and its own.
      const roundTripMs = (this.#at - startedAt) / 2;
      this.#roundTripMs = Math.min(roundTripMs, (this.#roundTripMs ?? Number.POSITIVE_INFINITY) * 1.1);
      return;
    }
    this.#limit.stored(bytes);
    const ms = this.#moving - moving;
    const shareMs = this.#shared - shared;
    if (ms <= 0 || bytes === 0) return;
    if (!this.#tells(bytes, ms)) {
      this.#count.storedBriefly(counted);
      return;
    }
    const bodyShare = Math.max(leastBody, 1 - (2 * (this.#roundTripMs ?? 0)) / ms);
    const body = { bytes, ms, shareMs, bodyMs: shareMs * bodyShare };
    this.#carried.push(body);
    this.#forget();
    this.#count.stored(counted, body);
  }

  /** Does a body say how many bytes the line carries? A small one may say only how far away the store is. */
  #tells(bytes: number, ms: number): boolean {
    if (bytes >= tellingBytes) return true;
    if (this.#roundTripMs === undefined) return bytes >= tinyBytes && ms >= tellingRoundTrips * longRoundTripMs;
    return ms >= tellingRoundTrips * this.#roundTripMs;
  }

  /** It was refused as one too many, or went silent. */
  choked({ counted }: UnderWay): void {
    this.#count.choked(counted);
  }

  /** It gives its connection back, in whatever way it ended. */
  ended({ bytes }: UnderWay): void {
    this.#tick();
    if (bytes !== undefined) this.#bodies -= 1;
  }

  /** @returns what this page has learnt; undefined while that is nothing */
  get known(): KnownLine | undefined {
    if (this.#carried.length === 0) return undefined;
    const { bytesPerSecond, roundTripMs } = this;
    const connections = this.#count.forParts;
    return bytesPerSecond === undefined ? undefined : { bytesPerSecond, roundTripMs, connections };
  }

  /** Drops the oldest bodies that the later ones can do without. */
  #forget(): void {
    let ms = 0;
    let from = this.#carried.length;
    while (from > 0 && (ms < windowMs || this.#carried.length - from < this.connections)) {
      from -= 1;
      ms += this.#carried[from]?.shareMs ?? 0;
    }
    this.#carried.splice(0, from);
  }

  #tick(): void {
    const now = this.#elapsed();
    const ms = Math.min(now - this.#at, quietMs);
    this.#at = now;
    if (this.#bodies === 0) return;
    this.#moving += ms;
    this.#shared += ms / this.#bodies;
  }
}
