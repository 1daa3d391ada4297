/** Is a checkpoint meant for this upload? What it points at is aborted if it is not. Law 4. */
import { readHead, readPart } from "../../checkpoint/records.js";
import type { RunContext } from "../context.js";
import { abortQuietly, multipartUpload, refreshed, type SavedHead } from "./begin.js";

/** @returns undefined where there is none, none that is whole, or none that fits */
export async function fitting(
  context: RunContext,
  loaded: { readonly head: unknown; readonly parts: readonly unknown[] } | undefined,
): Promise<SavedHead | undefined> {
  const read = readHead(loaded?.head);
  if (loaded === undefined || read === undefined) return undefined;
  const { head } = read;
  const { world, job, file } = context;
  const upload = multipartUpload(context, head);
  const isWhole = !head.cancelled && head.file.size === file.size;
  const wants = world.store.fixed(head.target) === world.store.fixed(job.target);
  // The application server that was to hear of it would not.
  const losesCallback = head.needsCallback && job.target.callback === undefined;
  if (!isWhole || !wants || losesCallback) {
    await abortQuietly(context, upload);
    return undefined;
  }
  const parts = loaded.parts.flatMap((record) => readPart(record, head.uploadId)?.part ?? []);
  return { head: refreshed(context, head), extras: read, upload, parts, fresh: false };
}
