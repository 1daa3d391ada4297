/** How fast bytes have left this page in the last minute: a smoothed speed, and the bytes of each second. Pure. */

export interface Throughput {
  /** @param moved bytes that have left this page in total. If it falls, because a part is sent again, nothing is counted */
  note(atMs: number, moved: number): void;
  /** Bytes per second over about the last three seconds; 0 until half a second was measured. */
  rate(atMs: number): number;
  /** Bytes of each of the last sixty seconds, oldest first; the last one is not over yet. */
  seconds(atMs: number): readonly number[];
  /** True if nothing has moved for a minute: there is nothing to draw. */
  isStill(atMs: number): boolean;
}

export const secondsShown = 60;
/** Long enough to smooth out the jumps of socket buffers, short enough to follow a change of network. */
const smoothedMs = 3000;

export function createThroughput(): Throughput {
  /** Bytes by whole second. */
  const bins = new Map<number, number>();
  let samples: { readonly at: number; readonly total: number }[] = [];
  let total = 0;
  let before: number | null = null;

  function seconds(atMs: number): readonly number[] {
    const last = Math.floor(atMs / 1000);
    return Array.from({ length: secondsShown }, (_, place) => bins.get(last - secondsShown + 1 + place) ?? 0);
  }

  return {
    note(atMs, moved) {
      const gain = Math.max(0, moved - (before ?? moved));
      before = moved;
      total += gain;
      const second = Math.floor(atMs / 1000);
      bins.set(second, (bins.get(second) ?? 0) + gain);
      for (const old of bins.keys()) if (old <= second - secondsShown) bins.delete(old);
      samples = samples.filter(({ at }) => at > atMs - smoothedMs);
      samples.push({ at: atMs, total });
    },
    rate(atMs) {
      const oldest = samples.find(({ at }) => at > atMs - smoothedMs);
      if (oldest === undefined) return 0;
      const elapsed = atMs - oldest.at;
      // The first half second says nothing: its bytes only fill buffers.
      return elapsed < 500 ? 0 : Math.round(((total - oldest.total) / elapsed) * 1000);
    },
    seconds,
    isStill: (atMs) => seconds(atMs).every((bytes) => bytes === 0),
  };
}
