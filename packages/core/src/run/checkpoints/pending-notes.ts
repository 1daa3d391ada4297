/** What notes say of the queued files of earlier pages: which are offered, and how an upload of one begins, or is discarded. */
import type { Upload, UploadSource } from "../../api/upload.js";
import type { PendingUpload } from "../../api/uploader.js";
import { type HeadExtras, readNote, sealHead } from "../../checkpoint/records.js";
import type { Note } from "../../queued-note.js";
import type { Moment } from "../../store/object-store.js";
import { Memory } from "../../upload/memory.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
import { openSource } from "../file/open-source.js";
import { tellingFile } from "../file/unreadable.js";
import { makingOf } from "../making.js";
import { heldByTabs, taking } from "../pageless.js";
import { lockName } from "./checkpoint-id.js";
import { forgettingUnreadable } from "./forgetting-unreadable.js";
import type { Needs } from "./pending-needs.js";
import { fileChanged, lacksCallback, lacksFile, locked } from "./pending-refused.js";
import type { PendingTools } from "./pending-tools.js";
import { requestPermission } from "./permission.js";
import { isAnother, isSameFile } from "./same-note.js";
import { isDate, type Recorded } from "./unfinished.js";

export interface Noted extends HeadExtras {
  readonly id: string;
  readonly note: Note;
}

/** @returns undefined for a record that is no note */
export function noted({ id, head }: { readonly id: string; readonly head: unknown }): Noted | undefined {
  const read = readNote(head);
  return read && { id, ...read };
}

/** Thousands of files may be noted: each head looks only at the notes of its key. */
export function notesByKey(notes: readonly Noted[]): ReadonlyMap<string, readonly Noted[]> {
  const notesOf = new Map<string, Noted[]>();
  for (const entry of notes) {
    const same = notesOf.get(entry.note.target.key);
    if (same === undefined) notesOf.set(entry.note.target.key, [entry]);
    else same.push(entry);
  }
  return notesOf;
}

/** The upload of that file has begun: a page died before it removed the note. */
export function isTwin({ note }: Noted, { head }: Pick<Recorded, "head">): boolean {
  if (note.target.key !== head.target.key || note.file.name !== head.file.name) return false;
  return isSameFile(note.file, head.file);
}

export function isExpired({ note }: Noted, world: World, settings: Settings): boolean {
  const { createdAt } = note;
  return isDate(createdAt, world, settings) && world.clock.now() - createdAt > settings.expireAfterMs;
}

export async function removeNote(world: World, id: string): Promise<boolean> {
  return (await taking(world, id, () => world.checkpoints.remove(id))) !== undefined;
}

async function stillNoted({ checkpoints }: World, id: string): Promise<Noted | undefined> {
  return noted({ id, head: (await checkpoints.load(id, "look"))?.head });
}

/**
 * Removes notes that nobody needs any more.
 *
 * @param ifStill what has been noted anew meanwhile stays
 */
export async function sweepNotes(
  over: readonly Noted[],
  world: World,
  ifStill: (note: Noted) => boolean,
): Promise<void> {
  for (const { id } of over) {
    await world.locks.holdIfFree(lockName(id), async () => {
      const still = await stillNoted(world, id);
      if (still !== undefined && ifStill(still)) await world.checkpoints.remove(id);
    });
  }
}

/** One that a wrong clock has dated begins now: from now on it expires as any other. */
export async function datedNote(entry: Noted, world: World, settings: Settings): Promise<Noted> {
  const { id, note, ...extras } = entry;
  if (isDate(note.createdAt, world, settings)) return entry;
  const dated = { ...note, createdAt: world.clock.now() };
  await world.locks.holdIfFree(lockName(id), async () => {
    const still = await stillNoted(world, id);
    if (still?.note.createdAt === note.createdAt) await world.checkpoints.begin(id, sealHead(dated, extras));
  });
  return { ...entry, note: dated };
}

export function describeNote(
  entry: Noted,
  { needs, kept }: Needs,
  busy: ReadonlySet<string>,
  tools: PendingTools,
): PendingUpload {
  const { id, note, appData } = entry;
  const { file, target, createdAt, needsCallback, paused } = note;
  const seen = tools.world.store.moment();
  return {
    ...{ id, key: target.key, file, storedBytes: 0, fraction: 0, createdAt, updatedAt: createdAt },
    ...{ appData, needsCallback, paused, needs, active: busy.has(lockName(id)) },
    resume: (source, options) => resumeNote({ ...entry, seen, kept }, source, options ?? {}, tools),
    discard: async () => {
      await tools.world.locks.busy([lockName(id)]);
      if (!(await removeNote(tools.world, id))) throw locked(target.key);
      tools.world.files.release([id]);
    },
  };
}

async function resumeNote(
  entry: Noted & Pick<Needs, "kept"> & { readonly seen: Moment },
  given: UploadSource | undefined,
  { signal, callback }: NonNullable<Parameters<PendingUpload["resume"]>[1]>,
  tools: PendingTools,
): Promise<Upload> {
  const { world, settings } = tools;
  const { id, note, handle, appData, seen, kept } = entry;
  const { file, target, needsCallback } = note;
  if (needsCallback && callback === undefined) throw lacksCallback(target.key);
  const options = tools.check({ ...target, appData, signal, callback });
  // Before anything slow: the browser asks for permission only shortly after the click that called resume().
  if (given === undefined && kept === undefined && handle !== undefined) await requestPermission(handle);
  const ofOthers = world.notes.held.has(id) ? [] : [id];
  if ((await heldByTabs(world.locks, ofOthers)).size > 0) throw locked(target.key);
  const source = given ?? kept ?? handle;
  if (source === undefined) throw lacksFile(target.key, file.name);
  const stop = AbortSignal.any([tools.closing, ...(options.signal ? [options.signal] : [])]);
  const reading = tellingFile(
    () => file.name,
    () => answerOfDrive(openSource(source), settings.stallTimeoutMs, world, stop),
  );
  const opened = await (source === kept ? forgettingUnreadable(reading, [id], world) : reading);
  // Nothing was sent: a file that was edited meanwhile goes up as it is now.
  if (given !== undefined && isAnother(opened.file, file)) throw fileChanged(file.name);
  const memory = new Memory(source);
  memory.opened = { ...opened, handle: opened.handle ?? handle };
  memory.note = { id, seen, says: note };
  memory.since = note.createdAt;
  memory.wasListed = true;
  memory.madeElsewhere = makingOf(note);
  return tools.start(memory, options);
}
