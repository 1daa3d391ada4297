/** Cuts what is missing into parts, one at a time, when they are asked for. */
import { cutFrom, type PartRange, type Ruler } from "../../upload/positions.js";
import type { Missing, PartTask } from "./reconcile.js";

export interface CutOptions {
  readonly ruler: Ruler;
  /** @returns how large the next part is to be: bytes, a whole number of units, at least one */
  readonly nextSize: () => number;
  readonly onCut: (range: PartRange) => void;
}

export class Cutter {
  readonly #options: CutOptions;
  /** What no part was made of yet, ascending, but for what was given back. */
  readonly #left: Missing[];

  constructor(missing: readonly Missing[], options: CutOptions) {
    this.#options = options;
    this.#left = [...missing];
  }

  /** @returns undefined when nothing is left */
  next(): PartTask | undefined {
    const { ruler, nextSize, onCut } = this.#options;
    const first = this.#left.shift();
    if (first === undefined) return undefined;
    const { listed, start, end } = first;
    const range = cutFrom(ruler, first, listed === undefined ? nextSize() : end - start);
    if (range.end < end) this.#left.unshift({ start: range.end, end });
    onCut(range);
    return listed === undefined ? { range } : { range, listed };
  }
}
