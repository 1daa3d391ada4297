/** Cuts what is missing into parts, one at a time, when they are asked for. */
import { cutFrom, type PartRange, type Ruler } from "./positions.js";
import type { Missing, PartTask } from "./reconcile.js";

export interface CutOptions {
  readonly ruler: Ruler;
  /** @returns how large the next part of such a gap is to be: bytes, a whole number of units, at least one */
  readonly nextSize: (gapBytes: number) => number;
  readonly onCut: (range: PartRange) => void;
  readonly onGivenBack: (range: PartRange) => void;
}

export class Cutter {
  readonly #options: CutOptions;
  /** What no part was made of yet, ascending, but for what was given back. */
  readonly #left: Missing[];

  constructor(missing: readonly Missing[], options: CutOptions) {
    this.#options = options;
    this.#left = [...missing];
  }

  /** A part will not be stored as it was cut: its bytes are cut anew, and go next. */
  giveBack(range: PartRange): void {
    this.#left.unshift({ start: range.start, end: range.end });
    this.#options.onGivenBack(range);
  }

  /** @returns undefined when nothing is left */
  next(): PartTask | undefined {
    const { ruler, nextSize, onCut } = this.#options;
    const first = this.#left.shift();
    if (first === undefined) return undefined;
    const { listed, start, end } = first;
    const range = cutFrom(ruler, first, listed === undefined ? nextSize(end - start) : end - start);
    if (range.end < end) this.#left.unshift({ start: range.end, end });
    onCut(range);
    return listed === undefined ? { range } : { range, listed };
  }
}
