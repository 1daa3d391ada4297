/**
 * Deletes an upload: first marks its checkpoint as cancelled, so that a later page finishes the job if this one dies or cannot reach
 * the store; then aborts at the server; then removes the checkpoint. Law: the checkpoint outlives what it points at.
 */
import { readHead, readWreck, sealHead, type Wreck } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { CallOptions, MultipartUpload } from "../../store/object-store.js";
import type { World } from "../context.js";
import { lockName } from "./checkpoint-id.js";

/** "locked": another tab is sending the upload, and nothing was done. */
export type Discarded = "discarded" | "locked";

export type SavedCheckpoint = NonNullable<Awaited<ReturnType<World["checkpoints"]["load"]>>>;

/**
 * Aborts the multipart upload of a checkpoint in the store, then removes the checkpoint. Without the right to abort it only removes the
 * checkpoint. It leaves a checkpoint of a later version of the library alone.
 *
 * @param ifStill decides, under the lock, whether to go on: another page may have used the checkpoint meanwhile
 * @throws UploadError if the store cannot be reached; the checkpoint stays, marked as cancelled, and `pending()` no longer offers it
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

/** Discards checkpoints in the background. A failure is ignored: the next page that calls `pending()` tries again. */
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
      `"${upload.key}" was cancelled, but ${error.action ?? "the right to abort"} is not granted: its parts stay, and are billed, until the ` +
        "bucket's lifecycle rule removes them.",
    );
  }
}

/** A damaged upload id may name nothing: permanent refusals to abort it are ignored. */
async function abortWreck(world: World, { key, uploadId }: Wreck, options: CallOptions): Promise<void> {
  if (key === undefined || uploadId === undefined) return;
  try {
    await world.store.abort({ key, id: uploadId }, options);
  } catch (error) {
    if (!isUploadError(error) || error.temporary) throw error;
  }
}
