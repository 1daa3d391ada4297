/** Decides what a resumed upload still has to do. Pure: no clock, no network, no storage. Law: both must agree. */
import type { ListedPart, StoredPart } from "../../store/object-store.js";
import type { Settled } from "../proof/settle.js";
import { type PartRange, placed, type Ruler } from "./positions.js";
import { apart, gapsBetween, type Span } from "./spans.js";

export type Listing =
  /** The server listed its parts. */
  | { readonly kind: "parts"; readonly parts: readonly ListedPart[] }
  /** The page may not list parts: our record alone is trusted. */
  | { readonly kind: "forbidden" }
  /** There is no such upload. `proved` is the object at the key, if it is proved to be this upload's. */
  | { readonly kind: "gone"; readonly proved: Settled | undefined };

export type Verdict =
  | { readonly kind: "continue"; readonly done: readonly StoredPart[]; readonly todo: readonly Missing[] }
  | { readonly kind: "finished"; readonly settled: Settled }
  | { readonly kind: "begin-anew" };

/** Bytes that are not known to be stored: a part that the server lists, or a gap that is cut into parts when they are sent. */
export interface Missing extends Span {
  readonly listed?: ListedPart;
}

/** A part to be sent, or to be adopted if the server lists it with the bytes of our slice. */
export interface PartTask {
  readonly range: PartRange;
  readonly listed?: ListedPart;
}

/** The verdict to go on with the multipart upload. */
export type Remaining = Extract<Verdict, { readonly kind: "continue" }>;

/**
 * Parts overlap where a late PUT landed after its bytes had been cut in another way: those that both sides agree on are taken, then
 * those that the server lists. A part that is not taken is not named in Complete.
 *
 * @param recorded the recorded parts of this upload id, in any order, at most one for each number
 */
export function reconcile(ruler: Ruler, recorded: readonly StoredPart[], listing: Listing): Verdict {
  if (listing.kind === "gone") {
    return listing.proved === undefined ? { kind: "begin-anew" } : { kind: "finished", settled: listing.proved };
  }
  const listed = listing.kind === "parts" ? listing.parts : undefined;
  const theirs = new Map(listed?.map((part) => [part.number, part]));
  const agreed = ({ number, size, etag }: StoredPart) =>
    listed === undefined || (theirs.get(number)?.etag === etag && theirs.get(number)?.size === size);
  const done = apart(placed(ruler, recorded.filter(agreed)));
  const open = gapsBetween(ruler, done);
  const adoptable = apart(within(open, placed(ruler, listed ?? [])));
  const taken = [...done, ...adoptable].sort(ascending);
  const todo: Missing[] = [
    ...adoptable.map(({ start, end, part }) => ({ start, end, listed: part })),
    ...gapsBetween(ruler, taken),
  ];
  return { kind: "continue", done: done.map(({ part }) => part), todo: todo.sort(ascending) };
}

/** @returns the verdict for a multipart upload that has just begun: all bytes are to be sent */
export function everything({ fileSize }: Pick<Ruler, "fileSize">): Remaining {
  return { kind: "continue", done: [], todo: [{ start: 0, end: fileSize }] };
}

/** @returns the spans that lie in a gap. Both lists are ascending */
function within<T extends Span>(gaps: readonly Span[], spans: readonly T[]): readonly T[] {
  let at = 0;
  return spans.filter(({ start, end }) => {
    while ((gaps[at]?.end ?? end) <= start) at += 1;
    const gap = gaps[at];
    return gap !== undefined && gap.start <= start && end <= gap.end;
  });
}

function ascending(a: Span, b: Span): number {
  return a.start - b.start;
}
