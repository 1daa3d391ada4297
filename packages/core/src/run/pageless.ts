/**
 * What a page and the worker that goes on after an earlier one say to each other: the worker holds a second lock beside that of an upload,
 * so that a page can tell it from another tab, and lets go of both as soon as a page wants the upload. Law: crash-only; a page that takes an
 * upload over goes on as after any reload.
 */
import type { Channels } from "../platform/channels.js";
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import type { UploadHandle } from "../upload/upload-handle.js";
import { idOfLock, lockName } from "./checkpoints/checkpoint-id.js";

const wanted = JSON.stringify({ wanted: true });
/** Longer than a worker needs to end its requests. Where it takes longer the user is told that it is locked. */
const patienceMs = 5_000;

/** The lock that is held beside that of an upload by who goes on with it after its page. */
function besideLock(name: string): string {
  return `${name}:after-page`;
}

/** What goes on after a page is no tab: it is ours to take. @returns the locks of those uploads that a tab holds which runs */
export async function heldByTabs(locks: Locks, checkpointIds: readonly string[]): Promise<ReadonlySet<string>> {
  const held = await locks.held();
  return await locks.busy(checkpointIds.map(lockName).filter((name) => !held.has(besideLock(name))));
}

/** Says that a page wants an upload. Who holds it for no page lets go of it. */
export function askToLetGo({ channels }: { readonly channels: Channels }, checkpointId: string): void {
  channels.tell(lockName(checkpointId), wanted);
}

/**
 * Takes the lock of an upload that no tab holds, for something short.
 * @returns undefined where somebody does not let go of it
 */
export async function taking<T>(
  world: { readonly locks: Locks; readonly channels: Channels; readonly clock: Clock },
  checkpointId: string,
  act: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const { locks, clock } = world;
  const name = lockName(checkpointId);
  const free = await locks.holdIfFree(name, act);
  if (free !== undefined || (await heldByTabs(locks, [checkpointId])).size > 0) return free;
  const enough = new AbortController();
  const inTime = new AbortController();
  const late = clock.sleep(patienceMs, inTime.signal).then(
    () => enough.abort(),
    () => undefined,
  );
  try {
    const onWait = () => askToLetGo(world, checkpointId);
    return {
      value: await locks.hold(name, { signal: enough.signal, onWait }, async () => {
        inTime.abort();
        return await act();
      }),
    };
  } catch (error) {
    if (enough.signal.aborted) return undefined;
    throw error;
  } finally {
    inTime.abort();
    await late;
  }
}

/** Is it the lock of that upload, or of its note? */
export function isOf(lock: string, upload: Pick<UploadHandle, "checkpointId" | "isKeptAs">): boolean {
  const { checkpointId } = upload;
  return upload.isKeptAs(idOfLock(lock)) || (checkpointId !== undefined && lockName(checkpointId) === lock);
}

/** The locks of what goes on after a page. @param onWanted called with the name of a lock that a page wants */
export function lettingGo(locks: Locks, channels: Channels, onWanted: (lock: string) => void): Locks {
  const marked = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const done = await locks.holdIfFree(besideLock(name), work);
    // Nobody else takes it who does not hold the lock itself.
    return done === undefined ? await work() : done.value;
  };
  const listening = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const unlisten = channels.listen(name, (message) => {
      if (message === wanted) onWanted(name);
    });
    try {
      return await act();
    } finally {
      unlisten();
    }
  };
  return {
    // It listens before it has the lock: a page that meets it says only once what it wants.
    hold: (name, options, work) => listening(name, () => locks.hold(name, options, () => marked(name, work))),
    holdIfFree: (name, work) => listening(name, () => locks.holdIfFree(name, () => marked(name, work))),
    held: () => locks.held(),
    busy: (names) => locks.busy(names),
  };
}
