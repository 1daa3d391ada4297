/**
 * One attempt of an upload to become an object. There is one way to go on, and it is the same after a pause, an error, an
 * offline hour or a dead tab. Laws 1, 4 and 7.
 */

import type { UploadResult } from "../api/upload.js";
import { type Head, readHead } from "../checkpoint/records.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import type { Job } from "../upload/engine.js";
import { choosePartSize, plan } from "../upload/plan.js";
import type { Reporter } from "../upload/reporter.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import { fitting } from "./checkpoints/fitting.js";
import type { RunContext, Settings, World } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { identify, openOnce } from "./file/identify.js";
import { runInParts } from "./in-parts.js";
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
  const granted = new AbortController();
  let others: Promise<Acceptable | undefined> | undefined;
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
      reporter.waiting({ reason: "other-tab" });
      others = whatOthersMake({ ...context, signal: AbortSignal.any([signal, granted.signal]) });
    };
    return await world.locks.hold(lockName(checkpointId), { signal, onWait }, async () => {
      granted.abort();
      await place.take();
      reporter.waiting(null);
      return await upload(context, await others);
    });
  } finally {
    place.leave();
    granted.abort();
    await others;
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

const firstLookMs = 200;
const longestLookMs = 10_000;

/**
 * Who holds the lock sends the same file to the same key. What it makes is what we were asked for only if it was asked for the
 * same, access rights included, and neither of us has an application server that is to hear of it. Its head record says so, once
 * it has begun.
 *
 * @param context with a signal that ends the wait
 * @returns undefined when that is not known to be so
 */
async function whatOthersMake({ world, job, checkpointId, signal }: RunContext): Promise<Acceptable | undefined> {
  const storedSince = world.store.moment();
  for (let waitMs = firstLookMs; ; waitMs = Math.min(2 * waitMs, longestLookMs)) {
    // Not loaded: without the lock nothing may be filled in of what this page remembers of it.
    const listed = (await world.checkpoints.list()).find(({ id }) => id === checkpointId);
    const head = readHead(listed?.head)?.head;
    if (head !== undefined) return isTheSame(world.store.fixed, head, job.target) ? { storedSince } : undefined;
    try {
      await world.clock.sleep(waitMs, signal);
    } catch {
      return undefined; // It is over: a sleep has no other way to fail.
    }
  }
}

function isTheSame(fixed: ObjectStore["fixed"], { target, needsCallback }: Head, asked: ObjectTarget): boolean {
  if (needsCallback || asked.callback !== undefined) return false;
  return fixed(target) === fixed(asked) && target.acl === asked.acl;
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
