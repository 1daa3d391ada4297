/**
 * Runs an upload once, from file to object. A first run, and a run after a pause, an error, an offline hour or a dead tab, are all this
 * same function. Laws: crash-only; the checkpoint outlives what it points at; nothing outlives its run.
 */

import type { UploadResult } from "../api/upload.js";
import type { Job } from "../upload/job.js";
import { alreadyThere } from "./already-there.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import { fitting } from "./checkpoints/fitting.js";
import { keepResult, takeResult } from "./checkpoints/keep-result.js";
import { markCancelled, markPaused } from "./checkpoints/mark.js";
import { loadOwn } from "./checkpoints/own.js";
import type { RunContext, Settings, World } from "./context.js";
import { withContentType } from "./file/content-type.js";
import { identify, openOnce } from "./file/identify.js";
import { patientDigests } from "./file/patient-digests.js";
import { runInParts } from "./in-parts.js";
import { type Others, tellMade, waitForOthers } from "./others.js";
import { askToLetGo } from "./pageless.js";
import { areUnits } from "./parts/equal-parts.js";
import { inOneRequest } from "./parts/part-size.js";
import { likelyCut } from "./parts/positions.js";
import { chooseUnit } from "./parts/unit.js";
import type { Reporter } from "./progress/reporter.js";
import type { Acceptable } from "./proof/settle.js";
import { resultOf } from "./result.js";
import { putWhole, wholeOf } from "./single-put.js";
import { isTooLarge } from "./too-large.js";

/**
 * Resolves when the object is proved and the checkpoint removed.
 *
 * @throws UploadError, or the signal's reason. What is stored by then is kept
 */
export async function run(
  given: World,
  settings: Settings,
  job: Job,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<UploadResult> {
  const world = { ...given, workers: patientDigests(given, reporter) };
  const slot = new UploadSlot(world, job, reporter, signal);
  let others: Others | undefined;
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
      others = waitForOthers(context);
      if (!world.pageless) askToLetGo(world, checkpointId);
    };
    return await world.locks.hold(lockName(checkpointId), { signal, onWait }, () =>
      holding(context, async () => {
        const made = await others?.ownTurn();
        await slot.take();
        reporter.waiting(null);
        return await upload(context, made, others?.isMade === true);
      }),
    );
  } catch (error) {
    const { isPaused, isCancelled, memory } = job;
    if (isPaused && !isCancelled && memory.checkpointId !== undefined) await markPaused(world, memory.checkpointId);
    throw error;
  } finally {
    slot.leave();
    await others?.end();
  }
}

/** Holds the lock. An upload that was cancelled is marked before the next one gets the lock. */
async function holding(context: RunContext, act: () => Promise<UploadResult>): Promise<UploadResult> {
  const { world, checkpointId, job, reporter } = context;
  const leave = world.holders.enter(checkpointId, { job, reporter });
  const tellNoMore = world.channels.keepOpen();
  try {
    const result = await act();
    tellMade(context, result);
    return result;
  } catch (error) {
    if (job.isCancelled) job.isMarked = await markCancelled(world, checkpointId);
    // What goes on after an earlier page may be next in line. The user has stopped it as well.
    if (isStopped(job) && !world.pageless) askToLetGo(world, checkpointId);
    throw error;
  } finally {
    tellNoMore();
    leave();
  }
}

function isStopped({ isPaused, isStopped, isCancelled }: Job): boolean {
  return isPaused || isStopped || isCancelled;
}

/**
 * @param others how an object may be recognised that another page made of the same file while we waited for the lock
 * @param isTold the user of that page knows of it
 */
async function upload(identified: RunContext, others: Acceptable | undefined, isTold: boolean): Promise<UploadResult> {
  const { world, settings, file, job } = identified;
  const { id, saved: loaded } = isNeverInParts(file, settings)
    ? { id: identified.checkpointId, saved: undefined }
    : await loadOwn(world, identified.checkpointId);
  job.memory.checkpointId = id;
  if (loaded !== undefined) world.files.found(id);
  const context = { ...identified, checkpointId: id };
  const { isBegun, wasListed } = job.memory;
  if (loaded === undefined && !world.pageless && (isBegun || wasListed || others !== undefined)) {
    const made = await takeResult(context);
    if (made !== undefined) return made;
  }
  const unit = chooseUnit(file.size, settings, world.store.limits, world.line);
  const ruler = { fileSize: file.size, unit };
  const single = Math.min(singlePutBelow(settings, unit, world), world.store.limits.maxPutSize);
  const inParts = file.size > 0 && (loaded !== undefined || file.size > single);
  const saved = inParts ? await fitting(context, loaded) : undefined;
  if (saved === undefined) {
    const there = await alreadyThere(
      context,
      others,
      inParts ? likelyCut(ruler, [], areUnits(context, ruler)) : wholeOf(file),
    );
    if (there !== undefined) {
      const result = resultOf(context, there.object, there.proof, true);
      if (!isTold) await keepResult(context, result);
      // What was there can not be gone on with, and is aborted.
      if (loaded !== undefined) await world.checkpoints.remove(id);
      return result;
    }
  }
  if (inParts) return await runInParts(context, ruler, saved);
  const divisible = file.size > unit;
  try {
    return await keepResult(context, await putWhole(context, divisible));
  } catch (error) {
    if (!isTooLarge(error) || !divisible) throw error;
    world.line.refused(file.size);
    identified.reporter.event({ type: "contradicted" });
    // If it is a guess the object may be stored, and only the answers were lost.
    const there = await alreadyThere(context, undefined, wholeOf(file));
    if (there !== undefined) return await keepResult(context, resultOf(context, there.object, there.proof, true));
    return await runInParts(context, ruler, undefined);
  }
}

/**
 * No page makes a checkpoint of such a file, so none is looked for: of hundreds of small files each question would cost as much as a tenth of
 * its request. If an app had asked for smaller parts before, that checkpoint stays until it is resumed, discarded or expires.
 */
function isNeverInParts({ size }: Blob, { singlePutBelow, partSize, unit }: Settings): boolean {
  return partSize === "auto" && singlePutBelow === undefined && size <= unit;
}

/** @returns bytes: up to which size a file is sent in one request. An app that has chosen a part size means that one */
function singlePutBelow({ singlePutBelow, partSize }: Settings, unit: number, { line }: World): number {
  return singlePutBelow ?? (partSize === "auto" ? inOneRequest(line) : unit);
}

/** This upload's slot among those that run at the same time. It is given back while another upload or tab does the work. */
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
