/** What reached the server since the last reset, whoever answered it. */

export interface Counts {
  /** Preflights left out. */
  readonly requests: number;
  readonly preflights: number;
  /** Bodies, those that broke off too. */
  readonly bodyBytes: number;
  /** Of those, what was bytes of files: the bodies of parts and objects. */
  readonly fileBytes: number;
  /** When a part or an object was stored for the first time, milliseconds since the epoch; 0: none was. */
  readonly firstStoredAt: number;
  /** Requests under way, on average over the time from the first request to the end of the last one. */
  readonly busy: number;
}

export class Tally {
  #requests = 0;
  #preflights = 0;
  #bodyBytes = 0;
  #fileBytes = 0;
  #firstStoredAt = 0;
  #under = 0;
  #beganAt = 0;
  #changedAt = 0;
  #busyMs = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];

  reset(): void {
    this.#requests = 0;
    this.#preflights = 0;
    this.#bodyBytes = 0;
    this.#fileBytes = 0;
    this.#firstStoredAt = 0;
    this.#busyMs = 0;
    this.#beganAt = 0;
  }

  begin(isPreflight: boolean): void {
    this.#move(1);
    if (isPreflight) this.#preflights += 1;
    else this.#requests += 1;
  }

  /** @param isOfFile whether they are of a part or an object */
  body(bytes: number, isOfFile: boolean): void {
    this.#bodyBytes += bytes;
    if (isOfFile) this.#fileBytes += bytes;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** A part or an object is stored. */
  stored(): void {
    if (this.#firstStoredAt === 0) this.#firstStoredAt = performance.timeOrigin + performance.now();
  }

  end(): void {
    this.#move(-1);
  }

  #move(by: 1 | -1): void {
    const now = performance.now();
    if (this.#beganAt === 0) this.#beganAt = now;
    else this.#busyMs += this.#under * (now - this.#changedAt);
    this.#changedAt = now;
    this.#under += by;
    if (this.#under === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Resolves when no request is under way: bytes of a page that is gone may still be on the line. */
  async idle(): Promise<void> {
    if (this.#under > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  get counts(): Counts {
    const lasted = this.#changedAt - this.#beganAt;
    return {
      requests: this.#requests,
      preflights: this.#preflights,
      bodyBytes: this.#bodyBytes,
      fileBytes: this.#fileBytes,
      firstStoredAt: this.#firstStoredAt,
      busy: lasted > 0 ? this.#busyMs / lasted : 0,
    };
  }

  /** Resolves when so many bytes of bodies have come since the reset. @returns when that was, milliseconds since the epoch */
  async reach(bytes: number): Promise<number> {
    while (this.#bodyBytes < bytes) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return performance.timeOrigin + performance.now();
  }
}
