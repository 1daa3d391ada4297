/** Measures the line, the network between this page and the store. It decides nothing and is not kept across pages. Pure. */

/** A smaller body is sent before the connection has reached its speed. */
const tellingBytes = 512 * 1024;
/** Weight of a new measurement in the moving average: high enough to follow a phone from the train to the office. */
const weight = 0.4;

export class Line {
  #bytesPerSecond: number | undefined;
  #roundTripMs: number | undefined;
  #isBlind = false;

  /** True once a body was answered of which the browser told nothing: behind a service worker it never tells how much is sent. */
  get isBlind(): boolean {
    return this.#isBlind;
  }

  /** Call when a body was answered, and no event had told that it was sent. */
  sawNoProgress(): void {
    this.#isBlind = true;
  }

  /** Speed of one connection while the others are busy too. undefined until a large enough body was sent. */
  get bytesPerSecond(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** The shortest recent round trip: longer ones include time that the store needed. undefined before the first answer. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** Call when a body was stored. @param ms from its first byte, preflight included, to the answer */
  carried(bytes: number, ms: number): void {
    if (bytes < tellingBytes || ms <= 0) return;
    const now = (bytes / ms) * 1000;
    const before = this.#bytesPerSecond ?? now;
    this.#bytesPerSecond = before + (now - before) * weight;
  }

  /** Call when a control request was answered. Its time is two round trips: the preflight's and its own. */
  answered(ms: number): void {
    this.#roundTripMs = Math.min(ms / 2, (this.#roundTripMs ?? Number.POSITIVE_INFINITY) * 1.1);
  }
}
