/** Cancelling, once nothing of the upload is running: what it left is deleted, here and in the store. Law 4. */
import { isUploadError } from "../../errors.js";
import type { Cancelling } from "../../upload/engine.js";
import type { Settings, World } from "../context.js";
import { identify } from "../file/identify.js";
import { carryOutInBackground } from "./carry-out.js";
import { type Marked, mark } from "./mark.js";

/** @returns when the checkpoint is marked; what is left to do for it goes on in the background */
export async function cancelUpload(world: World, settings: Settings, cancelling: Cancelling): Promise<void> {
  const { job, reporter, inFlight, closing, inBackground } = cancelling;
  const { signal } = new AbortController();
  try {
    const id = await identify(world, settings, job, signal);
    const marked = markedByRun(id, cancelling) ?? (await mark(world, id));
    if (marked === undefined || marked === "locked") return;
    const callOptions = (until: AbortSignal) => reporter.call(until);
    inBackground(carryOutInBackground(world, marked, { callOptions, closing, again: inFlight }));
  } catch (error) {
    // A file that cannot be read has no name to look a checkpoint up by.
    if (!isUploadError(error) || error.code !== "file-unreadable") throw error;
  } finally {
    // From now on a checkpoint of that name is another page's, which sends the file once more.
    job.memory.checkpointId = undefined;
  }
}

/** The run has marked it under its lock, which another upload of the same file may have by now. */
function markedByRun(checkpointId: string, { job }: Cancelling): Marked | undefined {
  const { uploadId } = job.memory;
  if (!job.isMarked || uploadId === undefined) return undefined;
  return { checkpointId, key: job.target.key, uploadId, isWreck: false };
}
