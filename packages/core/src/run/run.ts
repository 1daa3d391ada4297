/**
 * One attempt of an upload to become an object. There is one way to go on, and it is the same after a pause, an error, an
 * offline hour or a dead tab. Laws 1, 4 and 7.
 */

import type { UploadResult } from "../api/upload.js";
import { readHead } from "../checkpoint/records.js";
import type { Job } from "../upload/engine.js";
import { choosePartSize, plan } from "../upload/plan.js";
import type { Reporter } from "../upload/reporter.js";
import { fixedOptions } from "../upload/target.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import type { RunContext, Settings, World } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { identify, openOnce } from "./file/identify.js";
import { MultipartRun } from "./multipart-run.js";
import { unlessItCrawls } from "./parts/unless-it-crawls.js";
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
  let others: Promise<Acceptable | undefined> | undefined;
  try {
    await place.take();
    reporter.event({ type: "started" });
    // It takes as long to start as the file takes to open and to be cut into samples.
    world.workers.warm();
    const file = await openOnce(job.memory);
    reporter.meter.fileIs(file.size);
    reporter.moved();
    const checkpointId = await identify(world, settings, job, signal);
    const target = withContentType(job.target, file);
    const context: RunContext = { world, settings, job, reporter, signal, file, checkpointId, target };

    const onWait = () => {
      place.leave();
      reporter.waiting({ reason: "other-tab" });
      others = whatOthersMake(context);
    };
    return await world.locks.hold(lockName(checkpointId), { signal, onWait }, async () => {
      await place.take();
      reporter.waiting(null);
      return await upload(context, await others);
    });
  } finally {
    place.leave();
    await others;
  }
}

/** @param others the object that somebody else made of the same file while we waited, as it may be recognised */
async function upload(context: RunContext, others: Acceptable | undefined): Promise<UploadResult> {
  const { world, settings, file, checkpointId, reporter } = context;
  const saved = await world.checkpoints.load(checkpointId);
  const partSize = choosePartSize(file.size, settings.partSize, world.store.limits, world.line, settings.connections);
  if (saved === undefined && others !== undefined) {
    const theirs = await settle(context, plan(file.size, partSize), new Map(), others);
    if (theirs !== undefined) return resultOf(context, theirs.object, theirs.proof, true);
  }
  const single = Math.min(settings.singlePutBelow ?? partSize, world.store.limits.maxPutSize);
  const inParts = file.size > 0 && (saved !== undefined || file.size > single);
  if (inParts) return await new MultipartRun(context, partSize).finish(saved);
  const mayBeCut = settings.singlePutBelow === undefined;
  const { value, smaller } = await unlessItCrawls(context, mayBeCut ? file.size : 0, putWhole);
  if (smaller === undefined) return value;
  reporter.event({ type: "contradicted" });
  return await new MultipartRun(context, smaller).finish(undefined);
}

/**
 * Who holds the lock sends the same file to the same key. What it makes is what we were asked for only if it was asked for the
 * same, access rights included, and neither of us has an application server that is to hear of it.
 *
 * @returns undefined when that is not known to be so
 */
async function whatOthersMake({ world, job, checkpointId }: RunContext): Promise<Acceptable | undefined> {
  const storedSinceMs = world.store.surelyPast();
  // Not loaded: without the lock nothing may be filled in of what this page remembers of it.
  const listed = (await world.checkpoints.list()).find(({ id }) => id === checkpointId);
  const head = readHead(listed?.head)?.head;
  if (head === undefined || head.needsCallback || job.target.callback !== undefined) return undefined;
  const isSame = fixedOptions(head.target) === fixedOptions(job.target) && head.target.acl === job.target.acl;
  return isSame ? { storedSinceMs } : undefined;
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
