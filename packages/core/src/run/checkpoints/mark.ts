/**
 * Marks a checkpoint as cancelled, under its lock. From then on no page goes on with the upload; if this page dies, or cannot reach the
 * store, a later page carries the cancel out. Law: the checkpoint outlives what it points at.
 */
import { type Head, readHead, readWreck, sealHead } from "../../checkpoint/records.js";
import type { UploadId } from "../../store/object-store.js";
import type { World } from "../context.js";
import { taking } from "../pageless.js";
import { loadOwn, type SavedCheckpoint } from "./own.js";

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
 * Marks the checkpoint as cancelled. One that a later version of the library wrote is left alone; this version's own beside it is not.
 *
 * @param ifStill asked under the lock, of what is there then: another page may have gone on with it
 * @returns undefined where there is none; "locked": another upload of the same file is under way, and nothing was done
 */
export async function mark(
  world: World,
  checkpointId: string,
  ifStill: (saved: SavedCheckpoint) => boolean = () => true,
): Promise<Marked | "locked" | undefined> {
  const done = await taking(world, checkpointId, async () => {
    const { id, saved } = await loadOwn(world, checkpointId);
    if (saved === undefined || !ifStill(saved)) return undefined;
    const read = readHead(saved.head);
    if (read === undefined) return markedWreck(id, saved);
    if (!read.head.cancelled) await changeHead(world, id, read, { cancelled: true });
    return { checkpointId: id, key: read.head.target.key, uploadId: read.head.uploadId, isWreck: false };
  });
  return done === undefined ? "locked" : done.value;
}

/** Marks the checkpoint of a run that still holds the lock. @returns whether there was one */
export async function markCancelled(world: World, checkpointId: string): Promise<boolean> {
  const { id, saved } = await loadOwn(world, checkpointId);
  const read = readHead(saved?.head);
  if (read === undefined) return false;
  await changeHead(world, id, read, { cancelled: true });
  return true;
}

/** Notes that the user has paused it, unless another tab is sending it by now. */
export async function markPaused(world: World, checkpointId: string): Promise<void> {
  await taking(world, checkpointId, async () => {
    const { id, saved } = await loadOwn(world, checkpointId);
    const read = readHead(saved?.head);
    if (read !== undefined) await changeHead(world, id, read, { paused: true });
  });
}

/** Writes a head once more, with something else in it. Called under the lock. */
export async function changeHead(
  world: World,
  id: string,
  { head, handle, appData }: NonNullable<ReturnType<typeof readHead>>,
  changed: Partial<Head>,
): Promise<void> {
  await world.checkpoints.updateHead(id, sealHead({ ...head, ...changed }, { handle, appData }));
}

function markedWreck(checkpointId: string, saved: SavedCheckpoint): Marked {
  const { key, uploadId } = readWreck(saved.head);
  return { checkpointId, key, uploadId, isWreck: true };
}
