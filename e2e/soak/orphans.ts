/**
 * Upload ids that nobody ever used. A page that is gone between Initiate and its head record leaves one, and so does an answer
 * that is lost; nothing else may. Read off the emulator's log: whoever got an id goes on with it.
 */
import type { RequestEntry } from "@ossicle/oss-emulator";
import { stories } from "../support/fault-stories.js";
import { faultOf, type Story } from "../support/fault-story.js";

/** A page went, was stopped, or lost its line, while the log grew from one length to the other. */
export interface Disturbance {
  readonly from: number;
  readonly to: number;
}

export interface Orphans {
  /** The page was told no id, or half of one. */
  readonly answersLost: number;
  /** Somebody stopped the page, or its line, between Initiate and what should have followed. */
  readonly pagesGone: number;
  /** Initiates that were answered to a page that nobody disturbed, and went no further. */
  readonly unexcused: readonly RequestEntry[];
}

const withoutEffect = new Set(["refuse", "reset", "slow-down"]);
/** Faults after which Initiate took effect and its page was told no id. */
const answersLostBy: ReadonlySet<string> = new Set(
  Object.values<Story>(stories).flatMap((story) => (story.orphan === true ? [faultOf(story, 0).kind] : [])),
);

/** @param log of a round, oldest first, with whatever belongs to no upload in between */
export function orphansIn(log: readonly RequestEntry[], disturbances: readonly Disturbance[]): Orphans {
  const unused = unusedInitiates(log);
  const lost = unused.filter(({ entry }) => answersLostBy.has(entry.fault ?? ""));
  const others = unused.filter((one) => !lost.includes(one));
  const gone = others.filter(({ at, until }) => disturbances.some(({ from, to }) => from <= until && to >= at));
  return {
    answersLost: lost.length,
    pagesGone: gone.length,
    unexcused: others.filter((one) => !gone.includes(one)).map(({ entry }) => entry),
  };
}

interface Unused {
  readonly entry: RequestEntry;
  readonly at: number;
  /** Where the next Initiate for that key, or the first use of another new id, is. */
  readonly until: number;
}

/** Those that may have taken effect, and after which the next id that is used is an old one, or none. */
function unusedInitiates(log: readonly RequestEntry[]): readonly Unused[] {
  const unused: Unused[] = [];
  const known = new Set<string>();
  const open = new Map<string, { readonly entry: RequestEntry; readonly at: number }>();
  for (const [at, entry] of log.entries()) {
    const { action, key, uploadId } = entry;
    if (key === undefined || action === "Preflight") continue;
    if (action === "InitiateMultipartUpload") {
      const earlier = open.get(key);
      if (earlier !== undefined) unused.push({ ...earlier, until: at });
      open.set(key, { entry, at });
    } else if (uploadId !== undefined && !known.has(uploadId)) {
      known.add(uploadId);
      open.delete(key);
    }
  }
  for (const last of open.values()) unused.push({ ...last, until: log.length });
  return unused.filter(({ entry }) => mayHaveTakenEffect(entry));
}

function mayHaveTakenEffect({ status, fault }: RequestEntry): boolean {
  if (withoutEffect.has(fault ?? "")) return false;
  return status < 400 || answersLostBy.has(fault ?? "");
}
