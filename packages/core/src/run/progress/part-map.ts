/** The parts of a file, in its order, and what became of each; of what is not cut yet, the parts that it would make now. */
import type { PartRange } from "../parts/positions.js";
import { gapsBetween, type Span } from "../parts/spans.js";

/** The values in `Upload.partMap()`. */
export const partState = { todo: 0, inFlight: 1, stored: 2, storedBefore: 3 } as const;

type PartState = (typeof partState)[keyof typeof partState];

interface Entry extends PartRange {
  state: PartState;
}

export class PartMap {
  /** Ascending. */
  readonly #parts: Entry[] = [];
  readonly #byNumber = new Map<number, Entry>();
  readonly #fileSize: number;
  #nextSize: number;
  /** Parts and what is not cut, as last asked for. */
  #drawn: readonly (Span & { readonly state: PartState })[] | undefined;

  /** @param nextSize how large a part of what is not cut would be; bytes */
  constructor(fileSize: number, nextSize: number) {
    this.#fileSize = fileSize;
    this.#nextSize = nextSize;
  }

  /** A part was cut. */
  add({ number, start, end }: PartRange, nextSize: number, state: PartState = partState.todo): void {
    const entry = { number, start, end, state };
    // Nearly always the last one: a loop from the end is short.
    let at = this.#parts.length;
    while (at > 0 && (this.#parts[at - 1]?.start ?? 0) > start) at -= 1;
    this.#parts.splice(at, 0, entry);
    this.#byNumber.set(number, entry);
    this.#nextSize = nextSize;
    this.#drawn = undefined;
  }

  /** It will be cut in another way. */
  remove(number: number): void {
    const at = this.#parts.findIndex((part) => part.number === number);
    if (at >= 0) this.#parts.splice(at, 1);
    this.#byNumber.delete(number);
    this.#drawn = undefined;
  }

  sizeOf(number: number): number {
    const { start, end } = this.#byNumber.get(number) ?? { start: 0, end: 0 };
    return end - start;
  }

  /** @returns undefined if no part has that number */
  get(number: number): PartState | undefined {
    return this.#byNumber.get(number)?.state;
  }

  set(number: number, state: PartState): void {
    const entry = this.#byNumber.get(number);
    if (entry !== undefined) entry.state = state;
  }

  /** Parts that were cut. */
  get count(): number {
    return this.#parts.length;
  }

  /** Parts of the present plan. */
  get total(): number {
    return this.#all.length;
  }

  states(): Uint8Array {
    return Uint8Array.from(this.#all, ({ state }) => state);
  }

  starts(): Float64Array {
    return Float64Array.from(this.#all, ({ start }) => start);
  }

  get #all(): readonly (Span & { readonly state: PartState })[] {
    this.#drawn ??= [...this.#parts, ...this.#uncut()].sort((a, b) => a.start - b.start);
    return this.#drawn;
  }

  #uncut() {
    const size = this.#nextSize;
    return gapsBetween({ fileSize: this.#fileSize }, this.#parts).flatMap(({ start, end }) =>
      Array.from({ length: Math.ceil((end - start) / size) }, (_, i) => {
        const from = start + i * size;
        return { start: from, end: Math.min(from + size, end), state: partState.todo };
      }),
    );
  }
}
