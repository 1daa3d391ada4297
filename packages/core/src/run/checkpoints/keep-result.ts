/** Where no page is there to be told, what was made is written down for the next one. Law: crash-only. */
import type { UploadResult } from "../../api/upload.js";
import { type Done, doneId, readDone } from "../../checkpoint/done-record.js";
import { sealHead } from "../../checkpoint/records.js";
import { infoOf } from "../../upload/source.js";
import { completesAs } from "../../upload/target.js";
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
    needsCallback: job.target.callback !== undefined,
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

/**
 * What this page wants was completed without it, after it was listed or while its lock was waited for.
 * @returns what was made, which is told by this; undefined if it is not what is asked for
 */
export async function takeResult({ world, job, checkpointId }: RunContext): Promise<UploadResult | undefined> {
  const id = doneId(checkpointId);
  const done = readDone((await world.checkpoints.load(id, "look"))?.head)?.done;
  // Word that nobody was told may be months old: the user sends the file once more.
  if (done === undefined || done.finishedAt < (job.memory.since ?? 0)) return undefined;
  if (world.store.fixed(done.target) !== world.store.fixed(job.target)) return undefined;
  if (!completesAs({ acl: done.target.acl, withCallback: done.needsCallback }, job.says())) return undefined;
  await world.checkpoints.remove(id);
  return done.result;
}
