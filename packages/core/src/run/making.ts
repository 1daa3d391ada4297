/** What another page may have made of the file of an upload: as its note says, or since this page knew of it. */
import type { Note } from "../queued-note.js";
import type { Moment } from "../store/object-store.js";
import type { Making } from "../upload/memory.js";

type Asked = Pick<Note, "target">;

/** Does HEAD show all that an object is asked for? Of ACL and tags it shows nothing. */
export function headShowsAll({ target: { acl, tags } }: Asked): boolean {
  return (acl ?? tags) === undefined;
}

/** @returns what the page that left the note may have made in one request; undefined where it had not begun to */
export function makingOf({ puttingSince, target, needsCallback }: Note): Making | undefined {
  if (puttingSince === undefined) return undefined;
  return { since: () => puttingSince, acl: target.acl, withCallback: needsCallback };
}

/**
 * @param since when both pages knew of the file
 * @returns what another page may have made of it since; undefined where HEAD does not show all that is asked for
 */
export function makingBy(since: Moment, asked: Asked): Making | undefined {
  return headShowsAll(asked) ? { since, acl: undefined, withCallback: false } : undefined;
}
