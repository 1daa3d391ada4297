/**
 * Runs an upload once, from file to object. A first run, and a run after a pause, an error, an offline hour or a dead tab, are all this
 * same function. Laws: crash-only; the checkpoint outlives what it points at; nothing outlives its run.
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
 * Resolves when the object is proved and the checkpoint removed.
 *
 * @throws UploadError, or the signal's reason. What is stored by then is kept
 */
export async function run(
  world: World,
  settings: Settings,
  job: Job,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<UploadResult> {
  const slot = new UploadSlot(world, job, reporter, signal);
  const granted = new AbortController();
  let others: Promise<Acceptable | undefined> | undefined;
  try {
    await slot.take();
    reporter.event({ type: "started" });
    // Starting a worker takes about as long as opening the file and cutting it into samples: do both at once.
    world.workers.warm();
    const file = await openOnce(world, settings, job.memory, signal);
    reporter.fileIs(file.size);
    const checkpointId = await identify(world, settings, job, signal);
    const target = withContentType(job.target, file);
    const context: RunContext = { world, settings, job, reporter, signal, file, checkpointId, target };

    const onWait = () => {
      slot.leave();
      reporter.waiting({ reason: "other-tab" });
      others = whatOthersMake({ ...context, signal: AbortSignal.any([signal, granted.signal]) });
    };
    return await world.locks.hold(lockName(checkpointId), { signal, onWait }, async () => {
      granted.abort();
      await slot.take();
      reporter.waiting(null);
      return await upload(context, await others);
    });
  } finally {
    slot.leave();
    granted.abort();
    await others;
  }
}

/** @param others how an object may be recognised that another page made of the same file while we waited for the lock */
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
 * The page that holds the lock sends the same file to the same key. Its object will do for us only if its options, ACL included, are
 * ours, and neither of us has a callback. Its head record tells; so this waits until there is one.
 *
 * @param context its signal ends the wait
 * @returns undefined if the other page's object will not do, or the wait ended first
 */
async function whatOthersMake({ world, job, checkpointId, signal }: RunContext): Promise<Acceptable | undefined> {
  const storedSince = world.store.moment();
  for (let waitMs = firstLookMs; ; waitMs = Math.min(2 * waitMs, longestLookMs)) {
    // list(), not load(): load() may write to the checkpoint what this page remembers, which needs the lock.
    const listed = (await world.checkpoints.list()).find(({ id }) => id === checkpointId);
    const head = readHead(listed?.head)?.head;
    if (head !== undefined) return isTheSame(world.store, head, job.target) ? { storedSince } : undefined;
    try {
      await world.clock.sleep(waitMs, signal);
    } catch {
      return undefined; // The wait was ended: a sleep rejects for no other reason.
    }
  }
}

function isTheSame(store: ObjectStore, { target, needsCallback }: Head, asked: ObjectTarget): boolean {
  if (needsCallback || asked.callback !== undefined) return false;
  return store.fixed(target) === store.fixed(asked) && target.acl === asked.acl;
}

/** This upload's slot among those that run at the same time. It is given back while another tab does the work. */
class UploadSlot {
  readonly #take: () => Promise<() => void>;
  #release: (() => void) | undefined;

  constructor(world: World, job: Job, reporter: Reporter, signal: AbortSignal) {
    this.#take = async () => {
      if (!world.uploadSlots.free) reporter.waiting({ reason: "slot" });
      return await world.uploadSlots.acquire(job.priority, signal);
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
