/** How fast bytes have arrived lately. Pure. */

/** Bytes that arrived between two moments. */
export interface Arrived {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Over so much: long enough to hide the jumps of socket buffers and of whole parts, short enough to follow a change of network. */
const windowMs = 12_000;
/** Before there is so much data a speed is a guess, and not shown. */
export const tellingMs = 5_000;
const binMs = 500;
/** A pause between two bodies belongs to the speed; a longer one is an outage or a rest, and says nothing about it. */
export const longestGapMs = 2_000;

interface Bin {
  bytes: number;
  /** How much of this half second something was under way. */
  ms: number;
}

export class Speed {
  readonly #bins = new Map<number, Bin>();

  /** The moment that "lately" begins at. */
  since(now: number): number {
    return (Math.floor(now / binMs) + 1) * binMs - windowMs;
  }

  forget(): void {
    this.#bins.clear();
  }

  /** When exactly between the two moments is not known: they are spread evenly. */
  arrived({ bytes, from, to }: Arrived): void {
    if (bytes === 0) return;
    const span = to - from;
    if (span <= 0) this.#bin(to).bytes += bytes;
    else
      this.#each(from, to, (bin, ms) => {
        bin.bytes += (bytes * ms) / span;
      });
  }

  /** Something was under way between the two moments: only such time counts. */
  busy(from: number, to: number): void {
    this.#each(from, to, (bin, ms) => {
      bin.ms += ms;
    });
  }

  /** @returns what arrived lately, and how many milliseconds of that time something was under way */
  lately(now: number): { readonly bytes: number; readonly ms: number } {
    const first = this.since(now) / binMs;
    let bytes = 0;
    let ms = 0;
    for (const [place, bin] of this.#bins) {
      if (place < first) this.#bins.delete(place);
      else {
        bytes += bin.bytes;
        ms += bin.ms;
      }
    }
    return { bytes, ms };
  }

  #each(from: number, to: number, act: (bin: Bin, ms: number) => void): void {
    for (let at = Math.max(from, this.since(to)); at < to; ) {
      const end = Math.min(to, (Math.floor(at / binMs) + 1) * binMs);
      act(this.#bin(at), end - at);
      at = end;
    }
  }

  #bin(at: number): Bin {
    const place = Math.floor(at / binMs);
    const bin = this.#bins.get(place) ?? { bytes: 0, ms: 0 };
    this.#bins.set(place, bin);
    return bin;
  }
}
