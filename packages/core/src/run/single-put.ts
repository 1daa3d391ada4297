/** Sends a file in one PutObject and proves it. There is no checkpoint: sending it again costs one request. */

import type { UploadResult } from "../api/upload.js";
import { isUploadError } from "../errors.js";
import type { PartRange } from "../upload/plan.js";
import type { RunContext } from "./context.js";
import { digestSlice, onlyWanted } from "./file/digest.js";
import { compare, judge } from "./proof/prove.js";
import { settle } from "./proof/settle.js";
import { resultOf } from "./result.js";

export async function putWhole(context: RunContext): Promise<UploadResult> {
  const { world, settings, file, target, reporter, signal } = context;
  const whole: PartRange = { number: 1, start: 0, end: file.size };
  reporter.planned([whole], [], context.job.memory);
  const plan = file.size === 0 ? [] : [whole];
  const { digest: known } = context.job.memory;
  const digest =
    known === undefined
      ? await digestSlice(world.workers, file, settings.digests, { signal })
      : onlyWanted(known, settings.digests);
  reporter.event({ type: "prepared" });
  const storedSince = world.store.moment();
  try {
    const object = await world.store.putObject(target, file, digest, reporter.callOptions(signal, whole.number));
    reporter.stored(whole.number);
    const proof = await compare(context, object, plan.length === 0 ? [] : [object.body]);
    return resultOf(context, object, judge(context, object, proof), false);
  } catch (error) {
    // The object may be our own: made by a first attempt whose answer was lost.
    if (!isUploadError(error) || error.code !== "already-exists" || (error.attempts ?? 1) < 2) throw error;
    const ours = await settle(context, plan, new Map(), { storedSince });
    if (ours === undefined) throw error;
    return resultOf(context, ours.object, ours.proof, true);
  }
}
