/** What many runs have in common. Pure. */

/** The one in the middle; of an even number the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Medians of every field that is a number. */
export function medians<T extends object>(runs: readonly T[]): T {
  const [first] = runs;
  if (first === undefined) throw new Error("medians of no run");
  const fields = Object.keys(first).map((name) => {
    const values = runs.map((run) => (run as Record<string, number>)[name] ?? Number.NaN);
    return [name, median(values)];
  });
  return Object.fromEntries(fields) as T;
}

/** All things round by round, each round beginning one later: whatever drifts befalls every one of them alike. */
export function interleaved<T>(things: readonly T[], rounds: number): readonly T[] {
  return Array.from({ length: rounds }, (_, round) => {
    const from = things.length === 0 ? 0 : round % things.length;
    return [...things.slice(from), ...things.slice(0, from)];
  }).flat();
}
