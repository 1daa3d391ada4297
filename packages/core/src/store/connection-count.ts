/**
 * How many requests may be under way if the app does not say: three at first, more when the store answers promptly and when bodies
 * begin to move, half as many when the store refuses requests as too many or the line goes silent. Pure.
 */

/** Three fill most lines, and leave something for other pages until the first bytes move. */
const atFirst = 3;

/**
 * The time that a control request may take, with its preflight, to count as prompt. Then the store is awake, and nothing is queued on
 * the line, as it is behind somebody else's upload. Measured: the first bytes of bodies say the same, but 110 ms later.
 */
const promptMs = 200;

/** A request that is under way. */
export interface Counted {
  /** How often the number had been cut when it began. */
  readonly era: number;
  moved: boolean;
}

export class ConnectionCount {
  readonly #most: number;
  #allowed: number;
  /** How often the number was cut. A request that began before the last cut says nothing about the number after it. */
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

  /** Its first bytes are on their way. Until the first cut, each request that moves adds one. */
  moves(request: Counted): void {
    if (request.moved) return;
    request.moved = true;
    if (this.#era === 0) this.#grow();
  }

  /** A control request was answered. A prompt answer doubles the number; a slow one counts as bytes that move. */
  answered(request: Counted, ms: number): void {
    if (this.#era === 0 && ms <= promptMs) this.#allowed = Math.min(this.#most, this.#allowed * 2);
    else this.moves(request);
  }

  /** A part or object was stored. After a cut nothing else adds to the number: one for each whole round of stored parts. */
  stored(request: Counted): void {
    if (this.#era === 0 || request.era !== this.#era) return;
    this.#storedSinceChange += 1;
    if (this.#storedSinceChange >= this.#allowed) this.#grow();
  }

  /** It was refused as one too many, or went silent. The number is cut once for all requests that were under way together. */
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
