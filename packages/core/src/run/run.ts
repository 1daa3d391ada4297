/**
 * One attempt of an upload to become an object. There is one way to go on, and it is the same after a pause, an error, an
 * offline hour or a dead tab. Laws 1, 4 and 7.
 */

import type { UploadResult } from "../api/upload.js";
import type { Job } from "../upload/job.js";
import { choosePartSize, plan } from "../upload/plan.js";
import type { Reporter } from "../upload/reporter.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import { fitting } from "./checkpoints/fitting.js";
import { markCancelled } from "./checkpoints/mark.js";
import type { RunContext, Settings, World } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { identify, openOnce } from "./file/identify.js";
import { runInParts } from "./in-parts.js";
import { type Others, waitForOthers } from "./others.js";
import { type Acceptable, settle } from "./proof/settle.js";
import { resultOf } from "./result.js";
import { putWhole } from "./single-put.js";

/**
 * @returns once the object is proved and the checkpoint removed
 * @throws UploadError; the signal's reason. What was stored by then is kept
 */
export async function run(
  world: World,
  settings: Settings,
  job: Job,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<UploadResult> {
  const place = new Place(world, job, reporter, signal);
  let others: Others | undefined;
  try {
    await place.take();
    reporter.event({ type: "started" });
    // It takes as long to start as the file takes to open and to be cut into samples.
    world.workers.warm();
    const file = await openOnce(job.memory);
    reporter.fileIs(file.size);
    const checkpointId = await identify(world, settings, job, signal);
    const target = withContentType(job.target, file);
    const context: RunContext = { world, settings, job, reporter, signal, file, checkpointId, target };

    const onWait = () => {
      place.leave();
      others = waitForOthers(context);
    };
    return await world.locks.hold(lockName(checkpointId), { signal, onWait }, () =>
      holding(context, async () => {
        const made = await others?.end();
        await place.take();
        reporter.waiting(null);
        return await upload(context, made);
      }),
    );
  } finally {
    place.leave();
    await others?.end();
  }
}

/** Under the lock. What is cancelled is marked before the next one gets it. */
async function holding(context: RunContext, act: () => Promise<UploadResult>): Promise<UploadResult> {
  const { world, checkpointId, job, reporter } = context;
  const leave = world.holders.enter(checkpointId, { job, reporter });
  try {
    return await act();
  } catch (error) {
    if (job.isCancelled) job.isMarked = await markCancelled(world, checkpointId);
    throw error;
  } finally {
    leave();
  }
}

/** @param others the object that somebody else made of the same file while we waited, as it may be recognised */
async function upload(context: RunContext, others: Acceptable | undefined): Promise<UploadResult> {
  const { world, settings, file, checkpointId, target } = context;
  const loaded = await world.checkpoints.load(checkpointId);
  const partSize = choosePartSize(file.size, settings.partSize, world.store.limits, world.line, settings.connections);
  const single = Math.min(settings.singlePutBelow ?? partSize, world.store.limits.maxPutSize);
  const inParts = file.size > 0 && (loaded !== undefined || file.size > single);
  const saved = inParts ? await fitting(context, loaded) : undefined;
  if (saved === undefined) {
    const acceptable = [
      ...(others ? [others] : []),
      ...(target.ifExists === "skip-identical" ? ["same-bytes" as const] : []),
    ];
    for (const each of acceptable) {
      const there = await settle(context, plan(file.size, inParts ? partSize : single), new Map(), each);
      if (there !== undefined) return resultOf(context, there.object, there.proof, true);
    }
  }
  return await (inParts ? runInParts(context, partSize, saved) : putWhole(context));
}

/** A place among the uploads that run at the same time; given back while another tab does the work. */
class Place {
  readonly #take: () => Promise<() => void>;
  #release: (() => void) | undefined;

  constructor(world: World, job: Job, reporter: Reporter, signal: AbortSignal) {
    this.#take = async () => {
      if (!world.places.free) reporter.waiting({ reason: "slot" });
      return await world.places.acquire(job.priority, signal);
    };
  }

  async take(): Promise<void> {
    this.#release ??= await this.#take();
  }

  leave(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
