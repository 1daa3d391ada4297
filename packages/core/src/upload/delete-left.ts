/** Has the engine delete what a cancelled upload left. Law: nothing outlives its run. */
import { isUploadError } from "../errors.js";
import { notLoaded } from "../not-loaded.js";
import { orLate } from "../or-late.js";
import type { Cancelling } from "./engine.js";
import type { UploadTools } from "./upload-tools.js";

/** A script that answers at all has answered by then. The app waits for this. */
const patienceMs = 5_000;

/** @returns when nobody goes on with the upload. A failure is told to the developer: a later page deletes what is left */
export async function deleteLeft(
  cancelled: Pick<Cancelling, "job" | "outlet" | "inFlight">,
  { engine, closing, clock, inBackground, warn }: UploadTools,
): Promise<void> {
  try {
    // An engine that was loaded is there at once, also after close().
    const loaded = await orLate(engine(), patienceMs, clock, () => notLoaded("engine", "no answer"), closing);
    await loaded.cancel({ ...cancelled, closing, inBackground });
  } catch (error) {
    if (!isUploadError(error) && error !== closing.reason) throw error;
    const { message } = error as Error;
    warn(`"${cancelled.job.target.key}" is cancelled, but what an earlier page may have left of it is not: ${message}`);
  }
}
