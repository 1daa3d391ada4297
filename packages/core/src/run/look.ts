/**
 * Finds out what is left to do for a multipart upload that goes on, from our record and the server's listing. Laws: both must agree;
 * nothing is claimed that the store did not show.
 */
import { type Head, readHead } from "../checkpoint/records.js";
import { isUploadError } from "../errors.js";
import type { Moment, UploadId } from "../store/object-store.js";
import { abortQuietly, refreshCheckpoint, type SavedHead } from "./checkpoints/begin.js";
import type { RunContext } from "./context.js";
import { areUnits } from "./parts/equal-parts.js";
import { likelyCut, type PartRange } from "./parts/positions.js";
import { type Listing, reconcile, type Verdict } from "./parts/reconcile.js";
import { type Settled, settle } from "./proof/settle.js";

/** How the server contradicted the last turn. */
export interface Doubts {
  /** The upload id that the server says is gone. */
  readonly gone: UploadId | undefined;
  /** True if the server rejected the list of parts in Complete. */
  readonly rejected: boolean;
}

export const noDoubts: Doubts = { gone: undefined, rejected: false };

export type Found = Verdict;

export async function look(context: RunContext, saved: SavedHead, doubts: Doubts): Promise<Found> {
  // Complete and later pages need the options that the app gave now.
  await refreshCheckpoint(context, saved);
  const listing = await list(context, saved, cutOf(context, saved), doubts.gone);
  const doubted = listing.kind === "forbidden" && doubts.rejected;
  const believed = doubted ? saved.parts.filter(({ namedByUs }) => !namedByUs) : saved.parts;
  if (doubted && believed.length === saved.parts.length) {
    // The server rejected parts that we have recorded, and may not list them: all are sent again.
    await abortQuietly(context, saved.upload);
    return { kind: "begin-anew" };
  }
  return reconcile(saved.ruler, believed, listing);
}

/** @returns what an object of this upload would be made of; undefined if nobody knows */
export function cutOf(context: RunContext, { ruler, parts }: SavedHead): readonly PartRange[] | undefined {
  return likelyCut(ruler, parts, areUnits(context, ruler));
}

/**
 * @param cut  the parts that an object of this upload would be made of; undefined if nobody knows
 * @param gone the upload id that is known to be gone: where listing is forbidden, ListParts does not say so
 */
export async function list(
  context: RunContext,
  { upload, head }: SavedHead,
  cut: readonly PartRange[] | undefined,
  gone?: UploadId,
): Promise<Listing> {
  const { world, reporter, signal } = context;
  const others = othersSince(context, head.uploadId);
  const whenGone = async (): Promise<Listing> => {
    return { kind: "gone", proved: await settleSince(context, cut, markOf(head) ?? others) };
  };
  if (upload.id === gone) return await whenGone();
  try {
    return { kind: "parts", parts: await world.store.listParts(upload, reporter.callOptions(signal)) };
  } catch (error) {
    if (!isUploadError(error)) throw error;
    if (error.code === "forbidden") {
      // Before a part goes to an upload that this page only remembers: another page that has completed it left an object.
      const proved = await settleSince(context, cut, others);
      return proved === undefined ? { kind: "forbidden" } : { kind: "gone", proved };
    }
    if (error.code !== "upload-gone") throw error;
    return await whenGone();
  }
}

/**
 * Looks for the object of this upload at the key. An object is this upload's only if it is no older than Complete.
 *
 * @param since when Complete was first sent; undefined if it was not, or the time is not known
 */
export async function settleSince(
  context: RunContext,
  cut: readonly PartRange[] | undefined,
  since: Moment | undefined,
): Promise<Settled | undefined> {
  if (since === undefined) return undefined;
  const { job } = context;
  const asked = job.target;
  const settled = await settle(context, cut, job.memory.proved, { storedSince: since });
  return settled !== undefined && job.settlesFor(asked) ? settled : undefined;
}

/** @returns when Complete was first sent, according to the head record */
export function markOf({ completingSince }: Pick<Head, "completingSince">): Moment | undefined {
  return completingSince === undefined ? undefined : () => completingSince;
}

/** @returns the mark in the checkpoint as it is now */
export async function savedMark({ world, checkpointId }: RunContext): Promise<Moment | undefined> {
  const read = readHead((await world.checkpoints.load(checkpointId))?.head);
  return read && markOf(read.head);
}

/**
 * While this page rested, another page may have completed this same multipart upload. It did so with our options, except for the ACL
 * and the callback, which Complete sets: with either, its object may not be what we want.
 */
function othersSince({ job }: RunContext, uploadId: UploadId): Moment | undefined {
  const { acl, callback } = job.target;
  const isOurs = job.memory.uploadId === uploadId && acl === undefined && callback === undefined;
  return isOurs ? job.memory.restingSince : undefined;
}
