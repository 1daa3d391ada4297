/** Says whether another page may have made the object of a queued file: the one that left its note, or one that took the note up. */
import type { Note } from "../queued-note.js";
import type { Moment } from "../store/object-store.js";
import type { Job } from "../upload/job.js";
import type { Making } from "../upload/memory.js";
import { completesAs } from "../upload/target.js";
import { shows } from "./checkpoints/same-note.js";
import type { Acceptable } from "./proof/settle.js";

/**
 * @param since when both pages knew of the file
 * @returns what another page may have made of it since; undefined where HEAD does not show all that is asked for
 */
export function makingBy(since: Moment, { target }: Pick<Note, "target">): Making | undefined {
  return shows({ target }) ? { since, acl: undefined, withCallback: false } : undefined;
}

/** @returns how that object may be recognised; nothing where it may not be what is asked for now */
export function madeElsewhere({ memory, target }: Job): readonly Acceptable[] {
  const made = memory.madeElsewhere;
  return made !== undefined && completesAs(made, target) ? [{ storedSince: made.since }] : [];
}
