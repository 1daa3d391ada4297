/** Decides what a resumed upload still has to do. Pure: no clock, no network, no storage. Law 2. */
import type { ListedPart, ObjectInfo, StoredPart } from "../../store/object-store.js";
import type { PartRange } from "../../upload/plan.js";

export type Listing =
  /** The server told us. */
  | { readonly kind: "parts"; readonly parts: readonly ListedPart[] }
  /** The right to list was not granted: our record alone is trusted. */
  | { readonly kind: "forbidden" }
  /** No such upload; `proved` is the object at the key if it provably is our file. */
  | { readonly kind: "gone"; readonly proved: ObjectInfo | undefined };

export type Verdict =
  | { readonly kind: "continue"; readonly done: readonly StoredPart[]; readonly todo: readonly PartTask[] }
  | { readonly kind: "finished"; readonly object: ObjectInfo }
  | { readonly kind: "restart" };

/** A part that is to be sent, unless the server already lists it with the bytes of our slice: then it is adopted. */
export interface PartTask {
  readonly range: PartRange;
  readonly listed?: ListedPart;
}

/** What is still to be done of an upload id that goes on. */
export type Remaining = Extract<Verdict, { readonly kind: "continue" }>;

/** @param recorded what the checkpoint holds of this upload id, in any order, at most one for each number */
export function reconcile(plan: readonly PartRange[], recorded: readonly StoredPart[], listing: Listing): Verdict {
  if (listing.kind === "gone") {
    return listing.proved === undefined ? { kind: "restart" } : { kind: "finished", object: listing.proved };
  }

  const records = new Map(recorded.map((part) => [part.number, part]));
  const listed = listing.kind === "parts" ? new Map(listing.parts.map((part) => [part.number, part])) : undefined;
  const done: StoredPart[] = [];
  const todo: PartTask[] = [];
  for (const range of plan) {
    const size = range.end - range.start;
    const record = fitting(records.get(range.number), size);
    const theirs = fitting(listed?.get(range.number), size);
    if (record !== undefined && (listed === undefined || theirs?.etag === record.etag)) done.push(record);
    else todo.push(theirs === undefined ? { range } : { range, listed: theirs });
  }
  return { kind: "continue", done, todo };
}

/**
 * Parts that no page can have sent: they need not wait for the listing. Parts are begun in ascending order, so what was on
 * its way when a page died lies within one page's lanes above its records, and one further where a power cut took the last
 * of the records. Where it took more, what goes out before the listing comes may go again: no more than a part a connection.
 *
 * @param lanes how many parts of an upload are at most under way at a time
 */
export function untouched(
  plan: readonly PartRange[],
  recorded: readonly StoredPart[],
  lanes: number,
): readonly PartRange[] {
  const highest = recorded.reduce((number, part) => Math.max(number, part.number), 0);
  return plan.slice(highest + lanes + 1);
}

function fitting<T extends { readonly size: number }>(part: T | undefined, size: number): T | undefined {
  return part?.size === size ? part : undefined;
}
