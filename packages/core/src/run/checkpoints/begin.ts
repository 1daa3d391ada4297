/** Begins a checkpoint and keeps it up to date: the server first, then the checkpoint. Law: the checkpoint outlives what it points at. */
import { type Head, type HeadExtras, sealHead } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { MultipartUpload, StoredPart } from "../../store/object-store.js";
import { infoOf } from "../../upload/source.js";
import { completesAs } from "../../upload/target.js";
import type { RunContext } from "../context.js";
import type { Ruler } from "../parts/positions.js";

/** A multipart upload that exists at the server and has a checkpoint here. */
export interface SavedHead {
  readonly head: Head;
  /** The file handle and appData that are kept beside the head. */
  readonly extras: HeadExtras;
  readonly upload: MultipartUpload;
  /** How its parts are numbered. */
  readonly ruler: Ruler;
  /** The recorded parts. */
  readonly parts: readonly StoredPart[];
  /** True if this run began it: no part is stored. */
  readonly fresh: boolean;
}

/** Initiates a multipart upload. Resolves when its checkpoint would survive a power cut; no part may be sent before. */
export async function beginCheckpoint(context: RunContext, ruler: Ruler): Promise<SavedHead> {
  const { world, settings, job, file, target, checkpointId, reporter, signal } = context;
  const { memory } = job;
  const uploadId = await world.store.initiate(target, reporter.callOptions(signal));
  const head: Head = {
    uploadId,
    location: world.store.location,
    scope: settings.scope,
    fingerprint: memory.fingerprint ?? "",
    file: infoOf(file),
    partSize: ruler.unit,
    target: job.target,
    needsCallback: job.target.callback !== undefined,
    createdAt: world.clock.now(),
    cancelled: false,
    paused: false,
  };
  await world.checkpoints.begin(checkpointId, sealHead(head, extrasOf(context, {})));
  return { head, extras: {}, upload: multipartUpload(context, head), ruler, parts: [], fresh: true };
}

/**
 * @returns the head record with the options that the app gave now. The mark is dropped if they differ in what Complete sets (ACL,
 * callback): a Complete sent before did not make what is wanted now.
 */
export function refreshed({ job, file }: RunContext, head: Head): Head {
  const needsCallback = head.needsCallback || job.target.callback !== undefined;
  const isSaid = completesAs({ acl: head.target.acl, withCallback: head.needsCallback }, job.target);
  const completingSince = isSaid ? head.completingSince : undefined;
  return { ...head, file: infoOf(file), target: job.target, needsCallback, completingSince, paused: false };
}

/**
 * Marks the head record just before Complete is first sent. If the answer is then lost, the mark tells later runs that an object at
 * the key may be this upload's.
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

/** Writes the head, the file handle and appData for later pages. */
export async function refreshCheckpoint(context: RunContext, { head, extras }: SavedHead): Promise<void> {
  await context.world.checkpoints.updateHead(context.checkpointId, sealHead(head, extrasOf(context, extras)));
}

export function multipartUpload(context: RunContext, head: Head): MultipartUpload {
  const { key, trafficLimit } = context.target;
  return trafficLimit === undefined ? { key, id: head.uploadId } : { key, id: head.uploadId, trafficLimit };
}

/**
 * Aborts a multipart upload that is of no more use. If that fails the run goes on: the bucket's lifecycle rule removes the orphan.
 */
export async function abortQuietly(context: RunContext, upload: MultipartUpload): Promise<void> {
  const { world, reporter, signal } = context;
  try {
    await world.store.abort(upload, reporter.callOptions(signal));
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
