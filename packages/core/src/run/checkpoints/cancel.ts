/**
 * Cancels an upload that has stopped: deletes what it left, here and in the store. Law: the checkpoint outlives what it points at.
 */
import { isUploadError } from "../../errors.js";
import type { Cancelling as Asked } from "../../upload/engine.js";
import type { Job } from "../../upload/job.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
import { identify } from "../file/identify.js";
import type { Reporter } from "../progress/reporter.js";
import { carryOutInBackground } from "./carry-out.js";
import { type Marked, mark } from "./mark.js";

interface Cancelling extends Asked {
  readonly reporter: Reporter;
}

/** A disk that sleeps has answered by then. The app waits for this. */
const patienceMs = 5_000;

/** @returns when the checkpoint is marked, or within some seconds; what is left to do for it goes on in the background */
export async function cancelUpload(world: World, settings: Settings, cancelling: Cancelling): Promise<void> {
  await world.notes.remove(cancelling.job);
  const marking = markLeft(world, settings, cancelling);
  if (settings.fingerprint === "sampled") return await marking;
  // Every byte is read, which may take an hour: the app does not wait for it, and close() ends it.
  cancelling.inBackground(marking);
  const marked = new AbortController();
  const patience = world.clock.sleep(patienceMs, marked.signal);
  await Promise.race([marking, patience]).finally(() => marked.abort());
}

async function markLeft(world: World, settings: Settings, cancelling: Cancelling): Promise<void> {
  const { job, reporter, inFlight, closing, inBackground } = cancelling;
  try {
    const id = await identifyInTime(world, settings, job, closing);
    const marked = markedByRun(id, cancelling) ?? (await mark(world, id));
    if (marked === undefined || marked === "locked") return;
    world.files.release([id]);
    const callOptions = (until: AbortSignal) => reporter.callOptions(until);
    inBackground(carryOutInBackground(world, marked, { callOptions, closing, again: inFlight }));
  } catch (error) {
    // Without reading the file its checkpoint id is not known: the file may be gone, or many are cancelled at once.
    if (closing.aborted && error === closing.reason) world.warn(unread(job.target.key, "close() came first"));
    else if (isUploadError(error) && error.code === "file-unreadable")
      world.warn(unread(job.target.key, error.message));
    else throw error;
  } finally {
    // From now on a checkpoint with that id is another page's, which sends the same file again.
    job.memory.checkpointId = undefined;
  }
}

function unread(key: string, why: string): string {
  return `"${key}" is cancelled, but what an earlier page may have left of it is not, because its file was not read: ${why}`;
}

/** The run has marked it under its lock, which another upload of the same file may have by now. */
function markedByRun(checkpointId: string, { job }: Cancelling): Marked | undefined {
  const { uploadId } = job.memory;
  if (!job.isMarked || uploadId === undefined) return undefined;
  return { checkpointId, key: job.target.key, uploadId, isWreck: false };
}

/** Without end only where every byte is read, in which the digest has its own limit. */
async function identifyInTime(world: World, settings: Settings, job: Job, closing: AbortSignal): Promise<string> {
  if (settings.fingerprint === "full") return await identify(world, settings, job, closing);
  const reading = new AbortController();
  const { signal } = reading;
  return await answerOfDrive(identify(world, settings, job, signal), patienceMs, world, signal).finally(() =>
    reading.abort(),
  );
}
