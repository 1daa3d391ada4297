/**
 * How full a progress bar is. It never goes back: after a loss, what is left of the bar is spread over what is left to do, so that it
 * moves on at once. Pure.
 */

/** Only what is completed is 1. The rest of the bar is for making and proving the object. */
export const fullest = 0.999;

export class Bar {
  /** Where the bar stood when so much was done. From there on each byte moves it by as much as the next. */
  #from = { done: 0, fraction: 0 };
  #shown = 0;

  /** @returns the fraction to be shown now, of `fullest` at most */
  show(done: number, total: number): number {
    const from = this.#from;
    const share = total > from.done ? (done - from.done) / (total - from.done) : 0;
    const fraction = from.fraction + (fullest - from.fraction) * Math.min(1, share);
    if (fraction < this.#shown) this.#from = { done, fraction: this.#shown };
    else this.#shown = fraction;
    return this.#shown;
  }

  /** An earlier page, or another upload of the same file, has shown so much. */
  notBelow(fraction: number): void {
    this.#shown = Math.max(this.#shown, Math.min(fullest, fraction));
  }
}

/** @param shown what an earlier page has shown of the bar */
export function fractionOf(done: number, total: number, shown: number): number {
  const bar = new Bar();
  bar.notBelow(shown);
  return bar.show(done, total);
}
