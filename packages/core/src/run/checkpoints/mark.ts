/**
 * Marks a checkpoint as cancelled, under its lock. From then on no page goes on with the upload; if this page dies, or cannot reach the
 * store, a later page carries the cancel out. Law: the checkpoint outlives what it points at.
 */
import { readHead, readWreck, sealHead } from "../../checkpoint/records.js";
import type { UploadId } from "../../store/object-store.js";
import type { World } from "../context.js";
import { lockName } from "./checkpoint-id.js";

export type SavedCheckpoint = NonNullable<Awaited<ReturnType<World["checkpoints"]["load"]>>>;

/** A checkpoint that nobody goes on with. */
export interface Marked {
  readonly checkpointId: string;
  /** undefined where damage hides it. */
  readonly key: string | undefined;
  /** undefined where damage hides it. */
  readonly uploadId: UploadId | undefined;
  /** The record was damaged: what it says of the upload may be wrong. */
  readonly isWreck: boolean;
}

/**
 * Marks the checkpoint as cancelled. One that a later version of the library wrote is left alone.
 *
 * @param ifStill asked under the lock, of what is there then: another page may have gone on with it
 * @returns undefined where there is none; "locked": another upload of the same file is under way, and nothing was done
 */
export async function mark(
  world: World,
  checkpointId: string,
  ifStill: (saved: SavedCheckpoint) => boolean = () => true,
): Promise<Marked | "locked" | undefined> {
  const done = await world.locks.holdIfFree(lockName(checkpointId), async () => {
    const saved = await world.checkpoints.load(checkpointId);
    if (saved === undefined || !ifStill(saved)) return undefined;
    const read = readHead(saved.head);
    if (read === undefined) return markedWreck(checkpointId, saved);
    if (!read.head.cancelled) await writeMark(world, checkpointId, read);
    return { checkpointId, key: read.head.target.key, uploadId: read.head.uploadId, isWreck: false };
  });
  return done === undefined ? "locked" : done.value;
}

/** Marks the checkpoint of a run that still holds the lock. @returns whether there was one */
export async function markCancelled(world: World, checkpointId: string): Promise<boolean> {
  const read = readHead((await world.checkpoints.load(checkpointId))?.head);
  if (read === undefined) return false;
  await writeMark(world, checkpointId, read);
  return true;
}

async function writeMark(world: World, id: string, read: NonNullable<ReturnType<typeof readHead>>): Promise<void> {
  const { head, handle, appData } = read;
  await world.checkpoints.updateHead(id, sealHead({ ...head, cancelled: true }, { handle, appData }));
}

function markedWreck(checkpointId: string, saved: SavedCheckpoint): Marked | undefined {
  const { key, uploadId, isLater } = readWreck(saved.head);
  if (isLater) return undefined;
  return { checkpointId, key, uploadId, isWreck: true };
}
