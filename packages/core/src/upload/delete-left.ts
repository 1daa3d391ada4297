/** Has the engine delete what a cancelled upload left. Law: nothing outlives its run. */
import { isUploadError } from "../errors.js";
import type { Cancelling } from "./engine.js";
import type { UploadTools } from "./upload-tools.js";

/** @returns when nobody goes on with the upload. A failure is told to the developer: a later page deletes what is left */
export async function deleteLeft(
  cancelled: Pick<Cancelling, "job" | "reporter" | "inFlight">,
  { engine, closing, inBackground, warn }: UploadTools,
): Promise<void> {
  const { job, reporter } = cancelled;
  try {
    await (await engine()).cancel({ ...cancelled, closing, inBackground });
  } catch (error) {
    if (!isUploadError(error)) throw error;
    warn(`"${job.target.key}" is cancelled, but what an earlier page may have left of it is not: ${error.message}`);
  } finally {
    await reporter.close();
  }
}
