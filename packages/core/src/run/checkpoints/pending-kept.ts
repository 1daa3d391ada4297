/**
 * Queued files of earlier pages that a keeper has, with their notes: nothing of them was begun, and the database knows nothing of them. One goes on
 * as if the app had called `upload()` with the same file and options.
 */
import type { Upload, UploadSource } from "../../api/upload.js";
import type { PendingUpload } from "../../api/uploader.js";
import type { Moment } from "../../store/object-store.js";
import { Memory } from "../../upload/memory.js";
import type { World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
import { openSource } from "../file/open-source.js";
import { tellingFile } from "../file/unreadable.js";
import { makingBy, makingOf } from "../making.js";
import { type Noted, noted } from "./pending-notes.js";
import { fileChanged, lacksCallback } from "./pending-refused.js";
import type { PendingTools } from "./pending-tools.js";
import { isAnother } from "./same-note.js";

export interface KeptQueued extends Noted {
  readonly file: Blob;
}

/** @returns those for this store. What another version of the library has left is none */
export async function keptQueued({ files, store }: Pick<World, "files" | "store">): Promise<readonly KeptQueued[]> {
  // Two keepers may have the same file: the one that was there when a page was left, and another one since.
  const kept = new Map((await files.queued()).map((each) => [each.id, each]));
  return [...kept.values()].flatMap(({ id, file, note }) => {
    const read = noted({ id, head: note });
    return read?.note.location === store.location ? [{ ...read, file }] : [];
  });
}

export function describeKept(entry: KeptQueued, tools: PendingTools): PendingUpload {
  const { id, note, appData } = entry;
  const { file, target, createdAt, needsCallback, paused } = note;
  const seen = tools.world.store.moment();
  return {
    ...{ id, key: target.key, file, storedBytes: 0, fraction: 0, createdAt, updatedAt: createdAt },
    ...{ appData, needsCallback, paused, needs: "nothing", active: false },
    resume: (source, options) => resumeKept({ ...entry, seen }, source, options ?? {}, tools),
    discard: async () => tools.world.files.release([id]),
  };
}

async function resumeKept(
  { id, note, appData, file, seen }: KeptQueued & { readonly seen: Moment },
  given: UploadSource | undefined,
  { signal, callback }: NonNullable<Parameters<PendingUpload["resume"]>[1]>,
  tools: PendingTools,
): Promise<Upload> {
  const { target, needsCallback } = note;
  const { world, settings, closing } = tools;
  if (needsCallback && callback === undefined) throw lacksCallback(target.key);
  const options = tools.check({ ...target, appData, signal, callback });
  const memory = new Memory(given ?? file);
  if (given !== undefined) {
    const stop = AbortSignal.any([closing, ...(options.signal ? [options.signal] : [])]);
    memory.opened = await tellingFile(
      () => note.file.name,
      () => answerOfDrive(openSource(given), settings.stallTimeoutMs, world, stop),
    );
    if (isAnother(memory.opened.file, note.file)) throw fileChanged(note.file.name);
  }
  memory.since = note.createdAt;
  memory.wasListed = true;
  memory.madeElsewhere = makingOf(note) ?? makingBy(seen, note);
  const upload = tools.start(memory, options);
  // From here on it is an upload of this page, which leaves its file as any other.
  world.files.release([id]);
  return upload;
}
