/**
 * Waits while another upload of this page, or another tab, sends the same file to the same key. The object that it makes will do for this
 * upload only if it was asked for the same, ACL included, and neither of the two has a callback. `settle` compares the object itself: its
 * age, its headers, and every byte of our own file.
 */
import { type Head, readHead } from "../checkpoint/records.js";
import type { Clock } from "../platform/clock.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import type { RunContext } from "./context.js";
import type { Acceptable } from "./proof/settle.js";

const firstLookMs = 200;
/** Often enough to see what another page has asked for before it completes. */
const longestLookMs = 2_000;

/** What is known of the others while we wait. */
export interface Others {
  /** Ends the wait. @returns the object that they have made, as it may be recognised; undefined when it may not be what we were asked for */
  end(): Promise<Acceptable | undefined>;
}

/** Says why nothing moves, and shows the progress of an upload of this page that holds the lock. */
export function waitForOthers(context: RunContext): Others {
  const { world, checkpointId, reporter, job } = context;
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const storedSince = world.store.moment();
  /** Whether the last upload of this page that held the lock was asked for the same. */
  let samePage: boolean | undefined;
  let looking: Promise<void> | undefined;
  /** The lock goes to the next in line: if that is none of this page, it is another tab. */
  const lookForOtherTab = async () => {
    if (samePage !== undefined && !(await slept(world.clock, firstLookMs, signal))) return;
    if (world.holders.has(checkpointId)) return;
    // What an upload of this page was asked for says nothing of what that tab makes.
    samePage = undefined;
    reporter.waiting({ reason: "other-tab" });
  };
  const unwatch = world.holders.watch(checkpointId, {
    onHolder(target) {
      // It is our turn: what we ask for ourselves says nothing of the others.
      if (target === job.target) return;
      if (target === undefined) {
        looking = lookForOtherTab();
        return;
      }
      samePage = isTheSame(world.store, target, target.callback !== undefined, job.target);
      reporter.waiting({ reason: "same-file" });
    },
    onProgress: (progress) => reporter.mirror(progress),
  });
  const otherTab = headOfOthers({ ...context, signal });
  return {
    async end() {
      unwatch();
      over.abort();
      await looking;
      const head = await otherTab;
      const { target } = job;
      const isSame =
        samePage ??
        (head === undefined ? isTold(target) : isTheSame(world.store, head.target, head.needsCallback, target));
      return isSame ? { storedSince } : undefined;
    },
  };
}

/**
 * Reads the head record that another tab writes once it has begun in parts. It may replace one that a dead page left: the last one counts.
 *
 * @param context with a signal that ends the wait
 */
async function headOfOthers({ world, checkpointId, signal }: RunContext): Promise<Head | undefined> {
  let last: Head | undefined;
  for (let waitMs = firstLookMs; ; waitMs = Math.min(2 * waitMs, longestLookMs)) {
    // Not loaded: without the lock nothing may be filled in of what this page remembers of it.
    const listed = (await world.checkpoints.list()).filter(({ id }) => lockName(id) === lockName(checkpointId));
    for (const { head } of listed) last = readHead(head)?.head ?? last;
    if (!(await slept(world.clock, waitMs, signal))) return last;
  }
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

/** Another tab that sends one request leaves no record: what HEAD tells of its object has to be all that we were asked for. */
function isTold({ acl, callback, tags }: ObjectTarget): boolean {
  return (acl ?? callback ?? tags) === undefined;
}

function isTheSame(store: ObjectStore, made: ObjectTarget, toldByCallback: boolean, asked: ObjectTarget): boolean {
  if (toldByCallback || asked.callback !== undefined) return false;
  return store.fixed(made) === store.fixed(asked) && made.acl === asked.acl;
}
