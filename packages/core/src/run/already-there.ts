/** Looks, before anything is sent, for the object that an earlier request for this file has made. */

import type { RunContext } from "./context.js";
import { madeElsewhere } from "./made-elsewhere.js";
import type { PartRange } from "./parts/positions.js";
import { type Acceptable, type Settled, settle } from "./proof/settle.js";
import { missedPut, wholeOf } from "./single-put.js";

/** An object that would do, and the parts that it would be made of; undefined where nobody knows these. */
interface Candidate {
  readonly acceptable: Acceptable;
  readonly cut: readonly PartRange[] | undefined;
}

/**
 * @param others how an object may be recognised that another page made of the same file while we waited for the lock
 * @param cut    what an object that another page has made of the file consists of; undefined where nobody knows
 */
export async function alreadyThere(
  context: RunContext,
  others: Acceptable | undefined,
  cut: readonly PartRange[] | undefined,
): Promise<Settled | undefined> {
  const { job, target } = context;
  const elsewhere = [
    ...(others ? [others] : []),
    ...madeElsewhere(job),
    ...(target.ifExists === "skip-identical" ? ["same-bytes" as const] : []),
  ];
  const candidates = [...byMissedPut(context), ...elsewhere.map((acceptable) => ({ acceptable, cut }))];
  const asked = job.target;
  for (const { cut: known, acceptable } of candidates) {
    const there = await settle(context, known, new Map(), acceptable);
    if (there === undefined) continue;
    // The comparison may have taken long: the app may ask for something else by now.
    const stillDoes = acceptable === "same-bytes" ? job.target.ifExists === "skip-identical" : job.settlesFor(asked);
    if (stillDoes) return there;
  }
  return undefined;
}

/** @returns the object of a PutObject whose answer this page has missed. It counts even if the file goes in parts this time */
export function byMissedPut({ job, file, target }: RunContext): readonly Candidate[] {
  const put = missedPut(job.memory, target);
  // HEAD does not show what the callback answered: the file is sent once more for it, if it may be.
  if (put === undefined || (target.callback !== undefined && target.ifExists !== "forbid")) return [];
  return [{ acceptable: { storedSince: put.since }, cut: wholeOf(file) }];
}
