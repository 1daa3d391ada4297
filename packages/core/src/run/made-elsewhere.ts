/** Says how an object may be recognised that another page may have made of a queued file: the one that left its note, or one that took the note up. */
import type { Job } from "../upload/job.js";
import { completesAs } from "../upload/target.js";
import type { Acceptable } from "./proof/settle.js";

/** @returns how that object may be recognised; nothing where it may not be what is asked for now */
export function madeElsewhere({ memory, target }: Job): readonly Acceptable[] {
  const made = memory.madeElsewhere;
  return made !== undefined && completesAs(made, target) ? [{ storedSince: made.since }] : [];
}
