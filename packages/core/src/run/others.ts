/**
 * Waits while another upload of this page, or another tab, sends the same file to the same key. The object that it makes will do for this
 * upload only if it was asked for the same, ACL included, and neither of the two has a callback: who has made it tells those that wait.
 * `settle` compares the object itself: its age, its headers, and every byte of our own file.
 */
import type { UploadResult } from "../api/upload.js";
import type { Clock } from "../platform/clock.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import type { RunContext } from "./context.js";
import { headShowsAll } from "./making.js";
import type { Acceptable } from "./proof/settle.js";

const firstLookMs = 200;

/** What is known of the others while we wait. */
export interface Others {
  /** Ends the wait. @returns the object that they have made, as it may be recognised; undefined when it may not be what we were asked for */
  ownTurn(): Promise<Acceptable | undefined>;
  /** Another page has said that it has made the object. */
  readonly isMade: boolean;
  /** Ends the wait, and what is known of it. */
  end(): Promise<void>;
}

/** Says why nothing moves, and shows the progress of an upload of this page that holds the lock. */
export function waitForOthers(context: RunContext): Others {
  const { world, checkpointId, reporter, job } = context;
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const storedSince = world.store.moment();
  const told = listenToOthers(context);
  let isOfPage = false;
  let looking: Promise<void> | undefined;
  /** The lock goes to the next in line: if that is none of this page, it is another tab. */
  const lookForOtherTab = async () => {
    if (isOfPage && !(await slept(world.clock, firstLookMs, signal))) return;
    if (world.holders.has(checkpointId)) return;
    isOfPage = false;
    reporter.waiting({ reason: "other-tab" });
  };
  const unwatch = world.holders.watch(checkpointId, {
    onHolder(target) {
      // It is our turn.
      if (target === job.target) return;
      if (target === undefined) {
        looking = lookForOtherTab();
        return;
      }
      isOfPage = true;
      reporter.waiting({ reason: "same-file" });
    },
    onProgress: (progress) => reporter.mirror(progress),
  });
  const endWait = async () => {
    unwatch();
    over.abort();
    await looking;
  };
  return {
    async ownTurn() {
      await endWait();
      return job.target.callback === undefined ? { storedSince, isAsWanted: told.isAsWanted } : undefined;
    },
    get isMade() {
      return told.isMade;
    },
    async end() {
      await endWait();
      told.end();
    },
  };
}

/** Hears what the object may be that we find: as the last one has made it, or as one was about to since, and may have died. */
function listenToOthers({ world, checkpointId, job }: RunContext) {
  let possible: readonly string[] = [];
  let isMade = false;
  const unlisten = world.channels.listen(lockName(checkpointId), (message) => {
    const { made, making } = JSON.parse(message) as Told;
    isMade ||= made !== undefined;
    possible = made === undefined ? [...possible, ...(making === undefined ? [] : [making])] : [made];
  });
  return {
    get isMade() {
      return isMade;
    },
    isAsWanted: () => {
      const wanted = askedFor(world.store, job.target);
      return possible.length === 0 ? headShowsAll(job) : possible.every((asked) => asked === wanted);
    },
    end: unlisten,
  };
}

/** Tells those that wait for the lock what the object is that they will find. */
export function tellMade(context: RunContext, { alreadyStored }: UploadResult): void {
  const { world, job } = context;
  // What "skip-identical" has found somebody else may have made, in another way.
  if (alreadyStored && job.target.ifExists === "skip-identical") return;
  tell(context, { made: askedFor(world.store, job.target) });
}

/** Called before the request that makes the object: this page may die before it knows that it has made it. */
export function tellMaking(context: RunContext): void {
  tell(context, { making: askedFor(context.world.store, context.job.target) });
}

/** What an upload tells that has the lock: what it was asked for. */
interface Told {
  readonly made?: string;
  readonly making?: string;
}

function tell({ world, checkpointId }: RunContext, told: Told): void {
  world.channels.tell(lockName(checkpointId), JSON.stringify(told));
}

/** The same text for the same wishes. */
function askedFor(store: ObjectStore, target: ObjectTarget): string {
  return JSON.stringify([store.fixed(target), target.acl ?? "", target.callback !== undefined]);
}

/** @returns false when the wait is over before */
async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false; // A sleep has no other way to fail.
  }
}
