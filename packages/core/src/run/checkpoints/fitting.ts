/**
 * Decides whether an upload can go on from a checkpoint. If not, the multipart upload of the checkpoint is aborted. Law: the checkpoint
 * outlives what it points at.
 */
import { lastShown, readHead, readPart, readWreck } from "../../checkpoint/records.js";
import type { RunContext } from "../context.js";
import { abortQuietly, multipartUpload, refreshed, type SavedHead } from "./begin.js";
import type { SavedCheckpoint } from "./own.js";

/** @returns undefined if there is no checkpoint, or it is damaged, cancelled, or of another file or other options */
export async function fitting(
  context: RunContext,
  loaded: SavedCheckpoint | undefined,
): Promise<SavedHead | undefined> {
  if (loaded === undefined) return undefined;
  const { world, job, file, target } = context;
  const read = readHead(loaded.head);
  if (read === undefined) {
    const { uploadId } = readWreck(loaded.head);
    if (uploadId !== undefined) await abortQuietly(context, { key: target.key, id: uploadId });
    return undefined;
  }
  const { head } = read;
  const upload = multipartUpload(context, head);
  const isWhole = !head.cancelled && head.file.size === file.size;
  const wants = world.store.fixed(head.target) === world.store.fixed(job.target);
  // Without the callback the application server would not be told of the object.
  const losesCallback = head.needsCallback && job.target.callback === undefined;
  if (!isWhole || !wants || losesCallback) {
    await abortQuietly(context, upload);
    return undefined;
  }
  const recorded = loaded.parts.flatMap((record) => readPart(record, head.uploadId) ?? []);
  context.reporter.wasShown(lastShown(recorded));
  const parts = recorded.map(({ part }) => part);
  const ruler = { fileSize: file.size, unit: head.partSize };
  return { head: refreshed(context, head), extras: read, upload, ruler, parts, fresh: false };
}
