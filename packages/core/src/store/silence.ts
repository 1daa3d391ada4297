/** What the attempts of one call have shown of answers that did not come. */
import type { UploadError, UploadErrorDetails } from "../errors.js";
import type { Clock } from "../platform/clock.js";

/** What an error says when its body may have been too large for something on the way. */
export const tooLarge: UploadErrorDetails = {
  tooLarge: "guessed",
  hint:
    "Small requests are answered, bodies of this size are not: a limit on the way may refuse them in a way that no page can read " +
    "(nginx: client_max_body_size). Raise it, or pass a smaller `partSize`.",
};

export class Silence {
  readonly #clock: Pick<Clock, "now">;
  #sinceMs: number | undefined;
  #beganMs = 0;
  #looks = false;
  #wasAnswered = false;
  #bodies = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** See `CallOptions.unansweredSinceMs`. */
  get unansweredSinceMs(): number | undefined {
    return this.#looks ? this.#sinceMs : undefined;
  }

  /** How often in a row the body got no answer; from the second time on the store had just answered what it was asked. */
  get bodies(): number {
    return this.#bodies;
  }

  /** Call when an attempt begins. */
  begins(): void {
    this.#beganMs = this.#clock.now();
    this.#wasAnswered = false;
  }

  /** Call when the attempt was answered something. */
  answered(): void {
    this.#wasAnswered = true;
  }

  /** Call when the attempt has failed. */
  failed({ code, status }: UploadError): void {
    // A refused signature says nothing of what was stored, nor of sizes.
    if (code === "credentials") return;
    const isSilent = status === undefined && (code === "network" || code === "stalled");
    const isBody = isSilent && (this.#wasAnswered || !this.#looks);
    if (isSilent) this.#sinceMs ??= this.#beganMs;
    if (isBody && code === "network") this.#bodies = this.#wasAnswered ? this.#bodies + 1 : 1;
    else this.#bodies = 0;
    // A page that may put may be unable to ask: after a question without an answer the bytes go out all the same.
    this.#looks = isBody;
  }
}
