/** Sends a file in one PutObject and proves it. There is no checkpoint: sending it again costs one request. */

import type { UploadResult } from "../api/upload.js";
import { isUploadError } from "../errors.js";
import type { ObjectTarget } from "../store/object-store.js";
import type { Memory } from "../upload/memory.js";
import { completesAs } from "../upload/target.js";
import type { RunContext } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { digestSlice, onlyWanted } from "./file/digest.js";
import { tellMaking } from "./others.js";
import type { PartRange } from "./parts/positions.js";
import { compare, judge } from "./proof/prove.js";
import { settle } from "./proof/settle.js";
import { resultOf } from "./result.js";

/** @param divisible the file may go in parts instead, if it is too large for one request */
export async function putWhole(context: RunContext, divisible: boolean): Promise<UploadResult> {
  const { world, settings, file, job, reporter, signal } = context;
  const plan = wholeOf(file);
  const whole: PartRange = { number: 1, start: 0, end: file.size };
  reporter.planned([whole], file.size, [], job.memory);
  const { digest: known } = job.memory;
  const digest =
    known === undefined
      ? await digestSlice(world.workers, file, settings.digests, { signal })
      : onlyWanted(known, settings.digests);
  reporter.event({ type: "prepared" });
  const asked = withContentType(job.says(), file);
  tellMaking(context);
  const before = missedPut(job.memory, asked);
  const storedSince = before?.since ?? world.store.moment();
  job.memory.put = { since: storedSince, acl: asked.acl, withCallback: asked.callback !== undefined };
  await world.notes.puts(job);
  try {
    const options = { ...reporter.callOptions(signal, whole.number), divisible };
    const object = await world.store.putObject(asked, file, digest, options);
    reporter.stored(whole.number);
    const proof = await compare(context, object, plan.length === 0 ? [] : [object.body]);
    return resultOf(context, object, judge(context, object, proof), false);
  } catch (error) {
    if (!isUploadError(error)) throw error;
    const isFirst = before === undefined && (error.attempts ?? 1) < 2;
    // The object may be our own: made by an attempt whose answer was lost, or by a run that was paused before it came.
    if (error.code !== "already-exists" || isFirst) {
      if (!error.temporary) job.memory.put = undefined;
      throw error;
    }
    const ours = await settle(context, plan, new Map(), { storedSince });
    if (ours === undefined) throw error;
    return resultOf(context, ours.object, ours.proof, true);
  }
}

/** @returns the PutObject of an earlier run of this upload, if its object would be what is asked for now */
export function missedPut({ put }: Memory, asked: ObjectTarget): Memory["put"] {
  return put !== undefined && completesAs(put, asked) ? put : undefined;
}

/** @returns what an object is made of that was sent in one request, as its ETag tells */
export function wholeOf({ size }: Pick<Blob, "size">): readonly PartRange[] {
  return size === 0 ? [] : [{ number: 1, start: 0, end: size }];
}
