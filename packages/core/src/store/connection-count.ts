/**
 * How many requests go out at a time when the app leaves it to us: few at first, more when the store answers promptly and
 * with each that moves, half as many when the store or the line has had enough. Pure.
 */

/** Enough to fill most lines, and to leave something for others until the first bytes move. */
const atFirst = 3;

/**
 * Preflight and answer of a word. Where that takes no longer nothing stands in a queue on the line, as it does behind
 * somebody else's upload, and the store is awake: measured, the first bytes of bodies tell the same 110 ms later.
 */
const promptMs = 200;

/** A request as it is counted. */
export interface Counted {
  readonly era: number;
  moved: boolean;
}

export class ConnectionCount {
  readonly #most: number;
  #allowed: number;
  /** Counts the cuts: what was begun before one says nothing about the time after it. */
  #era = 0;
  #storedSinceChange = 0;

  constructor(most: number) {
    this.#most = most;
    this.#allowed = Math.min(atFirst, most);
  }

  get allowed(): number {
    return this.#allowed;
  }

  began(): Counted {
    return { era: this.#era, moved: false };
  }

  /** Its first bytes are on their way. Until something has gone wrong, every request that moves makes room for one more. */
  moves(request: Counted): void {
    if (request.moved) return;
    request.moved = true;
    if (this.#era === 0) this.#grow();
  }

  /** A word was answered: twice as many if it was promptly, otherwise it is like bytes that move. */
  answered(request: Counted, ms: number): void {
    if (this.#era === 0 && ms <= promptMs) this.#allowed = Math.min(this.#most, this.#allowed * 2);
    else this.moves(request);
  }

  /** After a cut only what arrives makes room again, and slowly: a whole round of parts for one more. */
  stored(request: Counted): void {
    if (this.#era === 0 || request.era !== this.#era) return;
    this.#storedSinceChange += 1;
    if (this.#storedSinceChange >= this.#allowed) this.#grow();
  }

  /** Refused as too much, or gone silent. One cut for all that were under way together. */
  choked(request: Counted): void {
    if (request.era !== this.#era) return;
    this.#era += 1;
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
    this.#storedSinceChange = 0;
  }

  #grow(): void {
    this.#allowed = Math.min(this.#most, this.#allowed + 1);
    this.#storedSinceChange = 0;
  }
}
