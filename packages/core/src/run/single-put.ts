/** A file that fits one request: digest, PutObject, proof. It needs no checkpoint; sending it again costs one request. */

import type { UploadResult } from "../api/upload.js";
import { isUploadError } from "../errors.js";
import type { PartRange } from "../upload/plan.js";
import type { RunContext } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { digestOf, onlyWanted } from "./file/digest.js";
import { judge } from "./proof/prove.js";
import { settle } from "./proof/settle.js";
import { resultOf } from "./result.js";

export async function putWhole(context: RunContext): Promise<UploadResult> {
  const { world, settings, file, job, reporter, signal } = context;
  const whole: PartRange = { number: 1, start: 0, end: file.size };
  reporter.planned([whole], [], job.memory);
  const plan = file.size === 0 ? [] : [whole];
  const { digest: known } = job.memory;
  const digest =
    known === undefined
      ? await digestOf(world.workers, file, settings.digests, { signal })
      : onlyWanted(known, settings.digests);
  reporter.event({ type: "prepared" });
  const storedSince = world.store.moment();
  const asked = withContentType(job.says(), file);
  try {
    const object = await world.store.putObject(asked, file, digest, reporter.call(signal, whole.number));
    reporter.stored(whole.number);
    const proof = await world.store.matches(object, plan.length === 0 ? [] : [object.body], reporter.call(signal));
    return resultOf(context, object, judge(context, object, proof), false);
  } catch (error) {
    // A first attempt whose answer was lost may have made the object that the second one met.
    if (!isUploadError(error) || error.code !== "already-exists" || (error.attempts ?? 1) < 2) throw error;
    const ours = await settle(context, plan, new Map(), { storedSince });
    if (ours === undefined) throw error;
    return resultOf(context, ours.object, ours.proof, true);
  }
}
