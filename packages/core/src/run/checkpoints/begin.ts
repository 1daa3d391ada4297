/** How a checkpoint comes to be, is kept up to date, and is given up: server first, then checkpoint. Law 4. */
import { type Head, type HeadExtras, sealHead } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { MultipartUpload, StoredPart } from "../../store/object-store.js";
import { infoOf } from "../../upload/source.js";
import { completesAs } from "../../upload/target.js";
import type { RunContext } from "../context.js";

/** A multipart upload that is known here and there. */
export interface SavedHead {
  readonly head: Head;
  /** What an earlier page kept with it. */
  readonly extras: HeadExtras;
  readonly upload: MultipartUpload;
  /** What our record holds of it. */
  readonly parts: readonly StoredPart[];
  /** This run began it, and nothing of it is stored. */
  readonly fresh: boolean;
}

/** Initiates, and resolves when the new checkpoint would survive a power cut: no part may go out before. */
export async function beginCheckpoint(context: RunContext, partSize: number): Promise<SavedHead> {
  const { world, settings, job, file, target, checkpointId, reporter, signal } = context;
  const { memory } = job;
  const uploadId = await world.store.initiate(target, reporter.call(signal));
  const head: Head = {
    uploadId,
    location: world.store.location,
    scope: settings.scope,
    fingerprint: memory.fingerprint ?? "",
    file: infoOf(file),
    partSize,
    target: job.target,
    needsCallback: job.target.callback !== undefined,
    createdAt: world.clock.now(),
    cancelled: false,
  };
  await world.checkpoints.begin(checkpointId, sealHead(head, extrasOf(context, {})));
  return { head, extras: {}, upload: multipartUpload(context, head), parts: [], fresh: true };
}

/**
 * The same upload, with what the app says of it now: another ACL or callback is for Complete. One that was sent without them has
 * not made what is asked for now.
 */
export function refreshed({ job, file }: RunContext, head: Head): Head {
  const needsCallback = head.needsCallback || job.target.callback !== undefined;
  const isSaid = completesAs({ acl: head.target.acl, withCallback: head.needsCallback }, job.target);
  const completingSince = isSaid ? head.completingSince : undefined;
  return { ...head, file: infoOf(file), target: job.target, needsCallback, completingSince };
}

/**
 * Notes that Complete is about to be sent, before it is: should its answer be lost, and only then, an object at the key may be
 * this upload's.
 */
export async function markCompleting(context: RunContext, saved: SavedHead): Promise<SavedHead> {
  const { world, checkpointId } = context;
  // What Complete says may have been asked for after this run began.
  const asked = refreshed(context, saved.head);
  if (asked.completingSince !== undefined) return saved;
  const head: Head = { ...asked, completingSince: world.store.moment()() };
  await world.checkpoints.updateHead(checkpointId, sealHead(head, extrasOf(context, saved.extras)));
  return { ...saved, head };
}

/** Keeps that, the handle and the appData for later pages. */
export async function refreshCheckpoint(context: RunContext, { head, extras }: SavedHead): Promise<void> {
  await context.world.checkpoints.updateHead(context.checkpointId, sealHead(head, extrasOf(context, extras)));
}

export function multipartUpload(context: RunContext, head: Head): MultipartUpload {
  const { key, trafficLimit } = context.target;
  return trafficLimit === undefined ? { key, id: head.uploadId } : { key, id: head.uploadId, trafficLimit };
}

/**
 * Aborts an upload that nobody will go on with. Failing is no reason not to begin the next one: what remains is an orphan,
 * which the bucket's lifecycle rule removes.
 */
export async function abortQuietly(context: RunContext, upload: MultipartUpload): Promise<void> {
  const { world, reporter, signal } = context;
  try {
    await world.store.abort(upload, reporter.call(signal));
  } catch (error) {
    if (!isUploadError(error)) throw error;
    world.warn(
      `An earlier multipart upload of "${upload.key}" could not be aborted (${error.code}): ` +
        "the bucket needs a lifecycle rule that removes unfinished uploads.",
    );
  }
}

function extrasOf(context: RunContext, saved: HeadExtras): HeadExtras {
  const handle = context.job.memory.opened?.handle ?? saved.handle;
  const appData = context.job.appData ?? saved.appData;
  return { ...(handle !== undefined && { handle }), ...(appData !== undefined && { appData }) };
}
