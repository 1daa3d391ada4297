/** What this page has measured of the line to the store. It decides nothing, and forgets with the page. Pure. */

/** Less is over before a connection has found its speed. */
const tellingBytes = 512 * 1024;
/** How much of a new measurement is believed: enough to follow a phone from the train to the office. */
const weight = 0.4;

export class Line {
  #bytesPerSecond: number | undefined;
  #roundTripMs: number | undefined;

  /** Of one connection, while the others were busy too. undefined: nothing was sent yet. */
  get bytesPerSecond(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** The shortest lately: what takes longer was waiting for the store. undefined: nothing was answered yet. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** A body was stored. @param ms from its first byte, preflight included, to the answer */
  carried(bytes: number, ms: number): void {
    if (bytes < tellingBytes || ms <= 0) return;
    const now = (bytes / ms) * 1000;
    const before = this.#bytesPerSecond ?? now;
    this.#bytesPerSecond = before + (now - before) * weight;
  }

  /** A request without a body to speak of was answered: a preflight and itself, two round trips. */
  answered(ms: number): void {
    this.#roundTripMs = Math.min(ms / 2, (this.#roundTripMs ?? Number.POSITIVE_INFINITY) * 1.1);
  }
}
