/**
 * One attempt of an upload to become an object. There is one way to go on, and it is the same after a pause, an error, an
 * offline hour or a dead tab. Laws 1, 4 and 7.
 */

import type { UploadResult } from "../api/upload.js";
import { readHead } from "../checkpoint/records.js";
import type { ObjectTarget } from "../store/object-store.js";
import { checkpointIdOf, lockName } from "./checkpoint-id.js";
import { withContentType } from "./content-type.js";
import { look } from "./fingerprint.js";
import { MultipartRun } from "./multipart-run.js";
import { choosePartSize, plan } from "./plan.js";
import type { Reporter } from "./reporter.js";
import { resultOf } from "./result.js";
import { type Acceptable, settle } from "./settle.js";
import { putWhole } from "./single-put.js";
import { openSource } from "./source.js";
import { fixedOptions } from "./target.js";
import { unlessItCrawls } from "./unless-it-crawls.js";
import type { Memory, Settings, World } from "./world.js";

export interface Job {
  readonly memory: Memory;
  readonly target: ObjectTarget;
  readonly appData: unknown;
  readonly priority: "high" | "normal" | "low";
}

/** What the steps of a run share. */
export interface RunContext {
  readonly world: World;
  readonly settings: Settings;
  readonly job: Job;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly file: Blob;
  readonly checkpointId: string;
  /** The target with the content type of the file, where the app gave none. */
  readonly target: ObjectTarget;
}

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

/** @returns the checkpoint id, looking at the file if it is not known yet. @throws UploadError "file-unreadable" */
export async function identify(world: World, settings: Settings, job: Job, signal: AbortSignal): Promise<string> {
  const { memory, target } = job;
  const file = await openOnce(memory);
  if (memory.fingerprint === undefined) {
    const { fingerprint, digest } = await look(file, settings.fingerprint, world.workers, signal);
    memory.fingerprint = fingerprint;
    memory.digest = digest;
  }
  const { location } = world.store;
  memory.checkpointId ??= await checkpointIdOf(settings.scope, location, target.key, memory.fingerprint);
  return memory.checkpointId;
}

async function openOnce(memory: Memory): Promise<Blob> {
  memory.opened ??= await openSource(memory.source);
  return memory.opened.file;
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
