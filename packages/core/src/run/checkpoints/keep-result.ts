/** Where no page is there to be told, what was made is written down for the next one. Law: crash-only. */
import type { UploadResult } from "../../api/upload.js";
import { type Done, doneId } from "../../checkpoint/done-record.js";
import { sealHead } from "../../checkpoint/records.js";
import { infoOf } from "../../upload/source.js";
import type { RunContext } from "../context.js";

/** Called when the object is proved, and before its checkpoint is removed: who dies in between leaves both. */
export async function keepResult(context: RunContext, result: UploadResult): Promise<UploadResult> {
  const { world, settings, job, file, checkpointId } = context;
  if (!world.pageless) return result;
  const now = world.clock.now();
  const { callback } = result;
  const done: Done = {
    location: world.store.location,
    scope: settings.scope,
    target: job.target,
    needsCallback: false,
    createdAt: now,
    paused: false,
    file: infoOf(file),
    result: { ...result, callback: callback && { status: callback.status, body: "" } },
    madeOf: job.memory.uploadId,
    finishedAt: now,
  };
  const { appData } = job;
  await world.checkpoints.begin(doneId(checkpointId), sealHead(done, { ...(appData !== undefined && { appData }) }));
  return result;
}
