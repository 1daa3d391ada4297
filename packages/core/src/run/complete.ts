/** Makes the object of the stored parts, and proves it; then the checkpoint goes. Laws 3 and 4. */
import type { UploadResult } from "../api/upload.js";
import { isUploadError, UploadError } from "../errors.js";
import type { StoredPart } from "../store/object-store.js";
import type { PartRange } from "../upload/plan.js";
import { markCompleting, type SavedHead } from "./checkpoints/begin.js";
import type { RunContext } from "./context.js";
import { list, markOf, settleSince } from "./look.js";
import { prove } from "./proof/prove.js";
import { resultOf } from "./result.js";

/** @throws UploadError "upload-gone" when it is over already; what the store's `complete` throws */
export async function complete(
  context: RunContext,
  saved: SavedHead,
  ranges: readonly PartRange[],
  parts: readonly StoredPart[],
): Promise<UploadResult> {
  const { world, checkpointId, target, reporter, signal } = context;
  const asked = context.job.says();
  const marked = await markCompleting(context, saved);
  const beforeRepeating = async (error: UploadError, attempt: number): Promise<void> => {
    const isUseless = error.code === "server" && error.status !== undefined;
    if (attempt >= 2 && isUseless && (await isOver(context, marked, ranges))) throw over(target.key, error);
  };
  try {
    const object = await world.store.complete(marked.upload, parts, asked, {
      ...reporter.call(signal),
      beforeRepeating,
    });
    const { proof, object: seen } = await prove(context, object, parts);
    await world.checkpoints.remove(checkpointId);
    return resultOf(context, seen, proof, false);
  } catch (error) {
    // The object is stored, the upload id is gone: only the application server did not hear of it.
    if (isUploadError(error) && error.code === "callback-failed") await world.checkpoints.remove(checkpointId);
    throw error;
  }
}

/**
 * Complete that was answered twice without being of use may have taken effect: it is looked for instead of being repeated for
 * as long as patience lasts.
 */
async function isOver(context: RunContext, saved: SavedHead, ranges: readonly PartRange[]): Promise<boolean> {
  const listing = await list(context, saved, ranges);
  if (listing.kind !== "forbidden") return listing.kind === "gone";
  return (await settleSince(context, ranges, markOf(saved.head))) !== undefined;
}

function over(key: string, cause: UploadError): UploadError {
  return new UploadError(
    "upload-gone",
    `The multipart upload of "${key}" is over, although Complete was not answered`,
    {
      cause,
    },
  );
}
