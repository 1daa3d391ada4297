/** Decides what a resumed upload still has to do. Pure: no clock, no network, no storage. Law: both must agree. */
import type { ListedPart, StoredPart } from "../../store/object-store.js";
import type { PartRange } from "../../upload/plan.js";
import type { Settled } from "../proof/settle.js";

export type Listing =
  /** The server listed its parts. */
  | { readonly kind: "parts"; readonly parts: readonly ListedPart[] }
  /** The page may not list parts: our record alone is trusted. */
  | { readonly kind: "forbidden" }
  /** There is no such upload. `proved` is the object at the key, if it is proved to be this upload's. */
  | { readonly kind: "gone"; readonly proved: Settled | undefined };

export type Verdict =
  | { readonly kind: "continue"; readonly done: readonly StoredPart[]; readonly todo: readonly PartTask[] }
  | { readonly kind: "finished"; readonly settled: Settled }
  | { readonly kind: "begin-anew" };

/** A part to be sent, or to be adopted if the server lists it with the bytes of our slice. */
export interface PartTask {
  readonly range: PartRange;
  readonly listed?: ListedPart;
}

/** The verdict to go on with the multipart upload. */
export type Remaining = Extract<Verdict, { readonly kind: "continue" }>;

/** @param recorded the recorded parts of this upload id, in any order, at most one for each number */
export function reconcile(plan: readonly PartRange[], recorded: readonly StoredPart[], listing: Listing): Verdict {
  if (listing.kind === "gone") {
    return listing.proved === undefined ? { kind: "begin-anew" } : { kind: "finished", settled: listing.proved };
  }

  const records = new Map(recorded.map((part) => [part.number, part]));
  const listed = listing.kind === "parts" ? new Map(listing.parts.map((part) => [part.number, part])) : undefined;
  const done: StoredPart[] = [];
  const todo: PartTask[] = [];
  for (const range of plan) {
    const size = range.end - range.start;
    const record = ofSize(records.get(range.number), size);
    const theirs = ofSize(listed?.get(range.number), size);
    if (record !== undefined && (listed === undefined || theirs?.etag === record.etag)) done.push(record);
    else todo.push(theirs === undefined ? { range } : { range, listed: theirs });
  }
  return { kind: "continue", done, todo };
}

/** @returns the verdict for a multipart upload that has just begun: all parts are to be sent */
export function everything(plan: readonly PartRange[]): Remaining {
  return { kind: "continue", done: [], todo: plan.map((range) => ({ range })) };
}

function ofSize<T extends { readonly size: number }>(part: T | undefined, size: number): T | undefined {
  return part?.size === size ? part : undefined;
}
