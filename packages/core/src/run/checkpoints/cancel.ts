/** Cancelling, once nothing of the upload is running: what it left is deleted, here and in the store. Law 4. */
import { isUploadError } from "../../errors.js";
import type { Cancelling } from "../../upload/engine.js";
import type { Settings, World } from "../context.js";
import { identify } from "../file/identify.js";
import { discard } from "./discard.js";

export async function cancelUpload(
  world: World,
  settings: Settings,
  { job, reporter, inFlight }: Cancelling,
): Promise<void> {
  const { key } = job.target;
  const { signal } = new AbortController();
  try {
    const id = await identify(world, settings, job, signal);
    await discard(world, id, reporter.call(signal));
    // A part that was on its way may have reached the store after the abort.
    const { uploadId } = job.memory;
    if (inFlight && uploadId !== undefined) await world.store.abort({ key, id: uploadId }, reporter.call(signal));
  } catch (error) {
    if (!isUploadError(error)) throw error;
    // A file that cannot be read has no name to look a checkpoint up by.
    if (error.code !== "forbidden" && error.code !== "file-unreadable") {
      world.warn(`"${key}" is cancelled here; a later page will abort it in the store: ${error.message}`);
    }
  } finally {
    // From now on a checkpoint of that name is another page's, which sends the file once more.
    job.memory.checkpointId = undefined;
  }
}
