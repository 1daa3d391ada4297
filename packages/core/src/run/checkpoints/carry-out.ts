/**
 * Carries out a cancel that is marked: first in the store, then here, holding no lock meanwhile. Law: the checkpoint outlives what it
 * points at.
 */
import { readHead, readWreck } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { CallOptions, MultipartUpload } from "../../store/object-store.js";
import type { World } from "../context.js";
import { lockName } from "./checkpoint-id.js";
import { type Marked, mark } from "./mark.js";
import type { SavedCheckpoint } from "./own.js";

export interface Background {
  readonly callOptions: (signal: AbortSignal) => CallOptions;
  /** Aborted when the uploader is closed. */
  readonly closing: AbortSignal;
  /** Parts were on their way: one of them may reach the store after the abort, which is repeated therefore. */
  readonly again?: boolean;
}

/**
 * A request on the wire may end after `close()`; one that waits, offline or between two tries, is left to a later page.
 * @returns when it is done or left to a later page, which is told to the developer
 */
export async function carryOutInBackground(world: World, marked: Marked, background: Background): Promise<void> {
  const { closing, callOptions, again = false } = background;
  const over = new AbortController();
  const ended = new AbortController();
  let isWaiting = false;
  const endIfWaiting = () => {
    if (isWaiting && closing.aborted) over.abort(closing.reason);
  };
  closing.addEventListener("abort", endIfWaiting, { signal: ended.signal });
  const onWaiting: CallOptions["onWaiting"] = (waiting) => {
    isWaiting = waiting !== null;
    endIfWaiting();
  };
  try {
    await carryOut(world, marked, { ...callOptions(over.signal), onWaiting }, again);
  } catch (error) {
    if (over.signal.aborted) return;
    if (!isUploadError(error)) throw error;
    const what = marked.key === undefined ? "An upload" : `"${marked.key}"`;
    world.warn(`${what} is cancelled here; a later page will abort it in the store: ${error.message}`);
  } finally {
    ended.abort();
  }
}

/**
 * Aborts the multipart upload of a marked checkpoint in the store and removes the checkpoint; without the right to abort, only that.
 *
 * @throws UploadError when the store cannot be reached: the mark stays, for a later page
 */
async function carryOut(world: World, marked: Marked, options: CallOptions, again = false): Promise<void> {
  const { checkpointId, key, uploadId, isWreck } = marked;
  if (key !== undefined && uploadId !== undefined) {
    const upload = { key, id: uploadId };
    await abort(world, upload, isWreck, options);
    if (again) await abort(world, upload, isWreck, options);
  }
  await world.locks.holdIfFree(lockName(checkpointId), async () => {
    const saved = await world.checkpoints.load(checkpointId);
    // Meanwhile the same file may have been begun anew: that is another upload.
    if (saved !== undefined && isStill(saved, marked)) await world.checkpoints.remove(checkpointId);
  });
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
      const marked = await mark(world, id, ifStill);
      if (marked !== undefined && marked !== "locked") await carryOut(world, marked, options);
    } catch (error) {
      if (options.signal.aborted) return;
      if (!isUploadError(error)) throw error;
    }
  }
}

function isStill(saved: SavedCheckpoint, { uploadId, isWreck }: Marked): boolean {
  const head = readHead(saved.head)?.head;
  if (head === undefined) return isWreck && readWreck(saved.head).uploadId === uploadId;
  return head.cancelled && head.uploadId === uploadId;
}

async function abort(world: World, upload: MultipartUpload, isWreck: boolean, options: CallOptions): Promise<void> {
  try {
    await world.store.abort(upload, options);
  } catch (error) {
    if (!isUploadError(error)) throw error;
    // A damaged upload id may name nothing: permanent refusals to abort it are ignored.
    if (isWreck && !error.temporary) return;
    if (error.code !== "forbidden") throw error;
    world.warn(
      `"${upload.key}" was cancelled, but ${error.action ?? "the right to abort"} is not granted: its parts stay, and are billed, until the ` +
        "bucket's lifecycle rule removes them.",
    );
  }
}
