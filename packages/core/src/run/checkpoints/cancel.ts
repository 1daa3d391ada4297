/**
 * Cancels an upload that has stopped: deletes what it left, here and in the store. Law: the checkpoint outlives what it points at.
 */
import { isUploadError } from "../../errors.js";
import type { Cancelling, Job } from "../../upload/engine.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
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
    const id = await identifyInTime(world, settings, job);
    await discard(world, id, reporter.callOptions(signal));
    // A part that was in flight may have reached the store after the abort: abort once more.
    const { uploadId } = job.memory;
    if (inFlight && uploadId !== undefined)
      await world.store.abort({ key, id: uploadId }, reporter.callOptions(signal));
  } catch (error) {
    if (!isUploadError(error)) throw error;
    // Without reading the file its checkpoint id is not known, so there is nothing to delete.
    if (error.code !== "forbidden" && error.code !== "file-unreadable") {
      world.warn(`"${key}" is cancelled here; a later page will abort it in the store: ${error.message}`);
    }
  } finally {
    // From now on a checkpoint with that id is another page's, which sends the same file again.
    job.memory.checkpointId = undefined;
  }
}

/** A disk that sleeps has answered by then. The app waits for this. */
const patienceMs = 5_000;

/** Without end only where every byte is read, in which the digest has its own limit. */
async function identifyInTime(world: World, settings: Settings, job: Job): Promise<string> {
  const reading = new AbortController();
  const { signal } = reading;
  const identifying = identify(world, settings, job, signal);
  if (settings.fingerprint === "full") return await identifying;
  return await answerOfDrive(identifying, patienceMs, world, signal).finally(() => reading.abort());
}
