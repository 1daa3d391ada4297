/** Has the engine remember that an upload was paused, or stopped, before its run came to the engine. Law: nothing outlives its run. */
import { isUploadError } from "../errors.js";
import { notLoaded } from "../not-loaded.js";
import { orLate } from "../or-late.js";
import type { Job } from "./job.js";
import { handleOf } from "./source.js";
import type { UploadTools } from "./upload-tools.js";

/** A script that answers at all has answered by then. The app waits for this. */
const patienceMs = 5_000;

/** @returns when a later page would know of it, as far as there is anything to know and an engine to tell */
export async function keepRest(job: Job, tools: UploadTools): Promise<void> {
  if (job.isRestKnown || job.isCancelled || !(job.isPaused || job.isStopped) || !isKeepable(job)) return;
  const keeping = keep(job, tools);
  tools.inBackground(keeping);
  await keeping;
}

async function keep(job: Job, { engine, clock, closing }: UploadTools): Promise<void> {
  try {
    // An engine that was loaded is there at once, also after close().
    const loaded = await orLate(engine(), patienceMs, clock, () => notLoaded("engine", "no answer"), closing);
    await loaded.rests(job);
  } catch (error) {
    // Without an engine nothing was ever noted of it: the file is lost with the page, as one without a handle is.
    if (!isUploadError(error) && error !== closing.reason) throw error;
  }
}

function isKeepable({ memory: { source, opened, note, checkpointId } }: Job): boolean {
  return (opened?.handle ?? handleOf(source) ?? note ?? checkpointId) !== undefined;
}
