/** Digests parts that are to be compared with stored ones, not sent. */

import type { Digest, DigestOptions } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { bothDigests, digestSlices } from "../file/digest.js";
import { inLanes } from "./lanes.js";
import type { PartRange } from "./positions.js";

/** More calls would slow down reading the parts that are being sent. */
const callsAtOnce = 2;

/** @param use called once for each part, in any order */
export async function digestParts(
  { world, file }: RunContext,
  ranges: readonly PartRange[],
  { signal, priority }: DigestOptions,
  use: (range: PartRange, digest: Digest) => void,
): Promise<void> {
  await inLanes(inFours(ranges), callsAtOnce, signal, async (together, stop) => {
    const slices = together.map(({ start, end }) => file.slice(start, end));
    const options = { signal: stop, ...(priority && { priority }) };
    const digests = await Promise.all(digestSlices(world.workers, slices, bothDigests, options));
    for (const [i, range] of together.entries()) use(range, digests[i] as Digest);
  });
}

/** Groups of four, which `digestSlices` does fastest; the rest one by one, so that several workers can share it. */
export function inFours<T>(all: readonly T[]): readonly (readonly T[])[] {
  const fours = all.length - (all.length % 4);
  const starts = all.flatMap((_, i) => (i % 4 === 0 || i >= fours ? i : []));
  return starts.map((start) => all.slice(start, start < fours ? start + 4 : start + 1));
}
