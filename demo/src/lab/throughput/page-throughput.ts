/** The bytes that have left this page in each second of the last minute. The speed is the library's. Pure. */

export interface Throughput {
  /** @param moved bytes that have left this page in total. If it falls, because a part is sent again, nothing is counted */
  note(atMs: number, moved: number): void;
  /** Bytes of each of the last sixty seconds, oldest first; the last one is not over yet. */
  seconds(atMs: number): readonly number[];
  /** True if nothing has moved for a minute: there is nothing to draw. */
  isStill(atMs: number): boolean;
}

export const secondsShown = 60;

export function createThroughput(): Throughput {
  /** Bytes by whole second. */
  const bins = new Map<number, number>();
  let before: number | null = null;

  function seconds(atMs: number): readonly number[] {
    const last = Math.floor(atMs / 1000);
    return Array.from({ length: secondsShown }, (_, place) => bins.get(last - secondsShown + 1 + place) ?? 0);
  }

  return {
    note(atMs, moved) {
      const gain = Math.max(0, moved - (before ?? moved));
      before = moved;
      const second = Math.floor(atMs / 1000);
      bins.set(second, (bins.get(second) ?? 0) + gain);
      for (const old of bins.keys()) if (old <= second - secondsShown) bins.delete(old);
    },
    seconds,
    isStill: (atMs) => seconds(atMs).every((bytes) => bytes === 0),
  };
}
