/** What was completed after its page was left: offered once, with its result, and nothing is sent. */
import type { Upload } from "../../api/upload.js";
import type { PendingUpload } from "../../api/uploader.js";
import { checkpointOf, type Done, readDone } from "../../checkpoint/done-record.js";
import { type HeadExtras, readHead } from "../../checkpoint/records.js";
import type { Note } from "../../queued-note.js";
import type { UploadId } from "../../store/object-store.js";
import { Memory } from "../../upload/memory.js";
import type { Settings, World } from "../context.js";
import { taking } from "../pageless.js";
import { lockName } from "./checkpoint-id.js";
import type { PendingTools } from "./pending-tools.js";
import { isSameFile } from "./same-note.js";
import { isDate, type Recorded } from "./unfinished.js";

export interface DoneElsewhere extends HeadExtras {
  readonly id: string;
  readonly done: Done;
}

/** @returns undefined for a record that is none of these */
export function doneElsewhere({
  id,
  head,
}: {
  readonly id: string;
  readonly head: unknown;
}): DoneElsewhere | undefined {
  const read = readDone(head);
  return read && { id, ...read };
}

/** Who has completed one may have died before its checkpoint was removed: it is unfinished no more. */
export function withoutCompleted<Entry extends Pick<Recorded, "id" | "head">>(
  all: readonly Entry[],
  done: readonly DoneElsewhere[],
): { readonly completed: readonly Entry[]; readonly unfinished: readonly Entry[] } {
  const madeOf = new Map(done.map((each) => [checkpointOf(each.id), each.done.madeOf]));
  const isCompleted = ({ id, head }: Entry) => madeOf.get(id) === head.uploadId;
  return { completed: all.filter(isCompleted), unfinished: all.filter((entry) => !isCompleted(entry)) };
}

/** What was queued on a page that was left may have been completed since: a keeper has its file for nothing. @returns the rest */
export function notDone<Queued extends { readonly id: string; readonly note: Note }>(
  queued: readonly Queued[],
  done: readonly DoneElsewhere[],
  { files }: World,
): readonly Queued[] {
  const isDone = ({ note }: Queued) =>
    done.some(({ done: { target, file, finishedAt } }) => {
      if (note.target.key !== target.key || note.createdAt > finishedAt) return false;
      return note.file.name === file.name && isSameFile(note.file, file);
    });
  const completed = queued.filter(isDone);
  if (completed.length > 0) files.release(completed.map(({ id }) => id));
  return queued.filter((entry) => !completed.includes(entry));
}

/** Nobody was told in all that time. */
export function isOutdated({ done }: DoneElsewhere, world: World, settings: Settings): boolean {
  const { finishedAt } = done;
  return isDate(finishedAt, world, settings) && world.clock.now() - finishedAt > settings.expireAfterMs;
}

/** What is completed needs no checkpoint, and what nobody was told of for so long nobody will be. What has been begun anew meanwhile stays. */
export async function sweepDone(
  world: World,
  settings: Settings,
  done: readonly DoneElsewhere[],
  completed: readonly Pick<Recorded, "id" | "head">[],
): Promise<void> {
  for (const entry of done) if (isOutdated(entry, world, settings)) await world.checkpoints.remove(entry.id);
  for (const { id, head } of completed) {
    await world.locks.holdIfFree(lockName(id), () => removeCompleted(world, id, head.uploadId));
  }
}

/** Called under the lock. */
async function removeCompleted(world: World, id: string, madeOf: UploadId | undefined): Promise<void> {
  const still = readHead((await world.checkpoints.load(id, "look"))?.head);
  if (still !== undefined && still.head.uploadId === madeOf) await world.checkpoints.remove(id);
}

export function describeDone({ id, done, appData }: DoneElsewhere, tools: PendingTools): PendingUpload {
  const { file, target, result, createdAt, finishedAt } = done;
  const { world } = tools;
  const forget = async () => {
    // Who has just completed it may be about to remove the checkpoint.
    await taking(world, checkpointOf(id), () => removeCompleted(world, checkpointOf(id), done.madeOf));
    await world.checkpoints.remove(id);
  };
  return {
    ...{ id, key: target.key, file, storedBytes: file.size, fraction: 1, createdAt, updatedAt: finishedAt, appData },
    ...{ result, needs: "nothing", needsCallback: false, paused: false, active: false },
    resume: async (_source, options): Promise<Upload> => {
      const memory = new Memory(new Blob());
      memory.done = { file, result };
      const upload = tools.start(memory, tools.check({ ...target, appData, signal: options?.signal }));
      await forget();
      return upload;
    },
    discard: forget,
  };
}
