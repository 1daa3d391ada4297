/**
 * Completes the object from the stored parts, proves it, then removes the checkpoint. Laws: nothing is claimed that the store did not
 * show; the checkpoint outlives what it points at.
 */
import type { UploadResult } from "../api/upload.js";
import { isUploadError, UploadError } from "../errors.js";
import type { StoredPart } from "../store/object-store.js";
import { markCompleting, type SavedHead } from "./checkpoints/begin.js";
import { keepResult } from "./checkpoints/keep-result.js";
import type { RunContext } from "./context.js";
import { list, markOf, settleSince } from "./look.js";
import { tellMaking } from "./others.js";
import type { PartRange } from "./parts/positions.js";
import { prove } from "./proof/prove.js";
import { resultOf } from "./result.js";

/** @throws UploadError "upload-gone" if the upload was completed already; what the store's `complete` throws */
export async function complete(
  context: RunContext,
  saved: SavedHead,
  cut: readonly PartRange[] | undefined,
  parts: readonly StoredPart[],
): Promise<UploadResult> {
  const { world, checkpointId, target, reporter, signal } = context;
  const asked = context.job.says();
  tellMaking(context);
  const marked = await markCompleting(context, saved);
  const beforeRepeating = async (error: UploadError, attempt: number): Promise<void> => {
    const isUseless = error.code === "server" && error.status !== undefined;
    if (attempt >= 2 && isUseless && (await isOver(context, marked, cut))) throw over(target.key, error);
  };
  try {
    const object = await world.store.complete(marked.upload, parts, asked, {
      ...reporter.callOptions(signal),
      beforeRepeating,
    });
    const { proof, object: seen } = await prove(context, object, parts);
    const result = await keepResult(context, resultOf(context, seen, proof, false));
    await world.checkpoints.remove(checkpointId);
    return result;
  } catch (error) {
    // The object is stored and the upload id is gone: only the application server was not told.
    if (isUploadError(error) && error.code === "callback-failed") await world.checkpoints.remove(checkpointId);
    throw error;
  }
}

/**
 * A Complete that got two useless answers may have taken effect all the same. Looking for the object is cheaper than repeating Complete
 * until patience ends.
 */
async function isOver(context: RunContext, saved: SavedHead, cut: readonly PartRange[] | undefined): Promise<boolean> {
  const listing = await list(context, saved, cut);
  if (listing.kind !== "forbidden") return listing.kind === "gone";
  return (await settleSince(context, cut, markOf(saved.head))) !== undefined;
}

function over(key: string, cause: UploadError): UploadError {
  return new UploadError(
    "upload-gone",
    `The multipart upload of "${key}" has ended, although no answer to Complete said so`,
    {
      cause,
    },
  );
}
