/** Takes both digests of parts that are compared, not sent. */

import type { PartRange } from "../../upload/plan.js";
import type { Digest, DigestOptions } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { bothDigests, digestsOf } from "../file/digest.js";
import { inLanes } from "./lanes.js";

/** More would only take the disk from the parts that are being sent. */
const callsAtOnce = 2;

/** @param use is told of each part, once; in any order */
export async function digestParts(
  { world, file }: RunContext,
  ranges: readonly PartRange[],
  { signal, priority }: DigestOptions,
  use: (number: number, digest: Digest) => void,
): Promise<void> {
  await inLanes(inFours(ranges), callsAtOnce, signal, async (together, stop) => {
    const slices = together.map(({ start, end }) => file.slice(start, end));
    const options = { signal: stop, ...(priority && { priority }) };
    const digests = await Promise.all(digestsOf(world.workers, slices, bothDigests, options));
    for (const [i, { number }] of together.entries()) use(number, digests[i] as Digest);
  });
}

/** What `digestsOf` does best, and what is left one by one: the calls may go to several workers. */
export function inFours<T>(all: readonly T[]): readonly (readonly T[])[] {
  const fours = all.length - (all.length % 4);
  const starts = all.flatMap((_, i) => (i % 4 === 0 || i >= fours ? i : []));
  return starts.map((start) => all.slice(start, start < fours ? start + 4 : start + 1));
}
