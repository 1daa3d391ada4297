/** What both sides, or the one that speaks, say of an upload that is to go on. Laws 2 and 3. */
import { type Head, readHead } from "../checkpoint/records.js";
import { isUploadError } from "../errors.js";
import type { Moment, UploadId } from "../store/object-store.js";
import type { PartRange } from "../upload/plan.js";
import { abortQuietly, refreshCheckpoint, type SavedHead } from "./checkpoints/begin.js";
import type { RunContext } from "./context.js";
import { type Listing, reconcile, type Verdict } from "./parts/reconcile.js";
import { type Settled, settle } from "./proof/settle.js";

/** How the server contradicted the attempt before. */
export interface Doubts {
  /** The upload id that it does not know. */
  readonly gone: UploadId | undefined;
  /** It rejected the list of parts. */
  readonly rejected: boolean;
}

export const noDoubts: Doubts = { gone: undefined, rejected: false };

export type Found = Verdict;

export async function look(
  context: RunContext,
  saved: SavedHead,
  ranges: readonly PartRange[],
  doubts: Doubts,
): Promise<Found> {
  // Complete and later pages need what the app says now.
  await refreshCheckpoint(context, saved);
  const listing = await list(context, saved, ranges, doubts.gone);
  const doubted = listing.kind === "forbidden" && doubts.rejected;
  const believed = doubted ? saved.parts.filter(({ namedByUs }) => !namedByUs) : saved.parts;
  if (doubted && believed.length === saved.parts.length) {
    // The server rejected parts that our record vouches for, and may not say which: all of them go again.
    await abortQuietly(context, saved.upload);
    return { kind: "begin-anew" };
  }
  return reconcile(ranges, believed, listing);
}

/** @param gone where listing is forbidden, the server says so of an upload that does not exist as well */
export async function list(
  context: RunContext,
  { upload, head }: SavedHead,
  ranges: readonly PartRange[],
  gone?: UploadId,
): Promise<Listing> {
  const { world, reporter, signal } = context;
  const whenGone = async (): Promise<Listing> => {
    const since = markOf(head) ?? othersSince(context, head.uploadId);
    return { kind: "gone", proved: await settleSince(context, ranges, since) };
  };
  if (upload.id === gone) return await whenGone();
  try {
    return { kind: "parts", parts: await world.store.listParts(upload, reporter.call(signal)) };
  } catch (error) {
    if (!isUploadError(error)) throw error;
    if (error.code === "forbidden") return { kind: "forbidden" };
    if (error.code !== "upload-gone") throw error;
    return await whenGone();
  }
}

/**
 * An object at the key is this upload's only if Complete was sent, and the object is not older.
 *
 * @param since when that was; undefined = it was not, or nobody can tell
 */
export async function settleSince(
  context: RunContext,
  ranges: readonly PartRange[],
  since: Moment | undefined,
): Promise<Settled | undefined> {
  if (since === undefined) return undefined;
  return await settle(context, ranges, context.job.memory.proved, { storedSince: since });
}

/** When Complete of this upload was first sent, as far as the checkpoint says. */
export function markOf({ completingSince }: Pick<Head, "completingSince">): Moment | undefined {
  return completingSince === undefined ? undefined : () => completingSince;
}

/** The mark of the checkpoint as it is now. */
export async function savedMark({ world, checkpointId }: RunContext): Promise<Moment | undefined> {
  const read = readHead((await world.checkpoints.load(checkpointId))?.head);
  return read && markOf(read.head);
}

/** While this page rested another one may have completed this very upload: with our options, but for what Complete says. */
function othersSince({ job }: RunContext, uploadId: UploadId): Moment | undefined {
  const { acl, callback } = job.target;
  const isOurs = job.memory.uploadId === uploadId && acl === undefined && callback === undefined;
  return isOurs ? job.memory.restingSince : undefined;
}
