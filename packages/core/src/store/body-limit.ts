/**
 * How large a body may be for what stands between page and store. An answer that says so is believed; a body that only got no answer may
 * have had another reason, a mobile network that breaks off: larger ones are tried again after a while. Pure.
 */

/** So many bodies that are nearly as large as they may be are stored before twice as much is tried … */
const firstTrialAfter = 16;
/** … and if that fails again, so many times more before the next trial. */
const rarer = 4;
const lastTrialAfter = 1024;

export class BodyLimit {
  /** Bytes of the smallest body that an answer said was too large. */
  #refused = Number.POSITIVE_INFINITY;
  /** Bytes. By a guess no more is tried at present. */
  #tried = Number.POSITIVE_INFINITY;
  /** Bytes of the largest body that was stored, unless such a body failed again when it was tried again. */
  #stored = 0;
  #trialAfter = firstTrialAfter;
  /** Bodies to be stored until more is tried. */
  #untilTrial = 0;
  /** No body was stored yet that is as large as is tried now. */
  #isTrial = false;

  /** Bytes. */
  get bytes(): number {
    const proved = this.#stored < this.#refused ? this.#stored : 0;
    return Math.min(Math.max(half(this.#refused), proved), this.#tried);
  }

  /** A body was stored. */
  stored(bytes: number): void {
    this.#stored = Math.max(this.#stored, bytes);
    if (bytes * 2 <= this.#tried) return;
    this.#isTrial = false;
    this.#untilTrial -= 1;
    if (this.#untilTrial > 0) return;
    this.#tried *= 2;
    this.#untilTrial = this.#tried < this.#stored ? 1 : this.#trialAfter;
    this.#isTrial = true;
  }

  /** An answer said that a body is too large. */
  refused(bytes: number): void {
    this.#refused = Math.min(this.#refused, bytes);
  }

  /** A body is thought to be too large. One of a size that was stored before has another reason, which may be over soon. */
  guessed(bytes: number): void {
    // Those that were under way together are one guess.
    if (bytes >= this.#refused || half(bytes) >= this.#tried) return;
    const isAnother = bytes <= this.#stored;
    if (this.#isTrial && isAnother) this.#stored = bytes - 1;
    if (this.#isTrial && !isAnother) this.#trialAfter = Math.min(this.#trialAfter * rarer, lastTrialAfter);
    this.#isTrial = false;
    this.#tried = half(bytes);
    this.#untilTrial = isAnother ? 1 : this.#trialAfter;
  }
}

function half(bytes: number): number {
  return Math.floor(bytes / 2);
}
