/**
 * Stop-and-delete. The wish is written down first, so that a page that dies here, or cannot reach the store, leaves it to a
 * later one; then server, then checkpoint. Law 4.
 */
import { readHead, readWreck, sealHead, type Wreck } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { CallOptions, MultipartUpload } from "../../store/object-store.js";
import type { World } from "../context.js";
import { lockName } from "./checkpoint-id.js";

/** What became of the wish. "locked": another tab is sending it, and nothing was done. */
export type Discarded = "discarded" | "locked";

export type SavedCheckpoint = NonNullable<Awaited<ReturnType<World["checkpoints"]["load"]>>>;

/**
 * Aborts the multipart upload of a checkpoint in the store and removes the checkpoint; without the right to abort, only that.
 * One that a later version of the library wrote is left alone.
 *
 * @param ifStill asked under the lock, of what is there then: another page may have gone on with it
 * @throws UploadError when the store cannot be reached: the checkpoint is marked, and offered no more
 */
export async function discard(
  world: World,
  checkpointId: string,
  options: CallOptions,
  ifStill: (saved: SavedCheckpoint) => boolean = () => true,
): Promise<Discarded> {
  const done = await world.locks.holdIfFree(lockName(checkpointId), async () => {
    const saved = await world.checkpoints.load(checkpointId);
    if (saved === undefined || !ifStill(saved)) return;
    const read = readHead(saved.head);
    if (read !== undefined) {
      const { head, handle, appData } = read;
      if (!head.cancelled) {
        await world.checkpoints.updateHead(checkpointId, sealHead({ ...head, cancelled: true }, { handle, appData }));
      }
      await abort(world, { key: head.target.key, id: head.uploadId }, options);
    } else {
      const wreck = readWreck(saved.head);
      if (wreck.isLater) return;
      await abortWreck(world, wreck, options);
    }
    await world.checkpoints.remove(checkpointId);
  });
  return done === undefined ? "locked" : "discarded";
}

/** Nobody waits for it and nobody is told: what fails is tried again by the next page that looks. */
export async function sweep(
  world: World,
  checkpointIds: readonly string[],
  options: CallOptions,
  ifStill: (saved: SavedCheckpoint) => boolean,
): Promise<void> {
  for (const id of checkpointIds) {
    try {
      await discard(world, id, options, ifStill);
    } catch (error) {
      if (options.signal.aborted) return;
      if (!isUploadError(error)) throw error;
    }
  }
}

async function abort(world: World, upload: MultipartUpload, options: CallOptions): Promise<void> {
  try {
    await world.store.abort(upload, options);
  } catch (error) {
    if (!isUploadError(error) || error.code !== "forbidden") throw error;
    world.warn(
      `"${upload.key}" was cancelled, but ${error.action} is not granted: its parts stay, and are billed, until the ` +
        "bucket's lifecycle rule removes them.",
    );
  }
}

/** An id that damage has made of another one is of no upload: what the store says of it keeps nobody. */
async function abortWreck(world: World, { key, uploadId }: Wreck, options: CallOptions): Promise<void> {
  if (key === undefined || uploadId === undefined) return;
  try {
    await world.store.abort({ key, id: uploadId }, options);
  } catch (error) {
    if (!isUploadError(error) || error.temporary) throw error;
  }
}
