/** Lists what earlier pages left unfinished on this device, resumes it and discards it. */

import type { Upload, UploadSource } from "../../api/upload.js";
import type { PendingUpload } from "../../api/uploader.js";
import type { Head } from "../../checkpoint/records.js";
import { fractionOf } from "../../upload/bar.js";
import type { PageOfUploads } from "../../upload/engine.js";
import { type Fingerprint, Memory } from "../../upload/memory.js";
import type { OpenedSource } from "../../upload/source.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
import { fingerprintKind, fingerprintOf } from "../file/fingerprint.js";
import { openSource } from "../file/open-source.js";
import { patientDigests } from "../file/patient-digests.js";
import { tellingFile } from "../file/unreadable.js";
import { heldByTabs } from "../pageless.js";
import { carryOutInBackground, sweep } from "./carry-out.js";
import { lockName } from "./checkpoint-id.js";
import { forgettingUnreadable } from "./forgetting-unreadable.js";
import { leftByOthers, type Offered } from "./left-by-others.js";
import { mark } from "./mark.js";
import type { SavedCheckpoint } from "./own.js";
import { describeDone, isOutdated, notDone, sweepDone, withoutCompleted } from "./pending-done.js";
import { describeKept } from "./pending-kept.js";
import { type Needs, needsOfAll } from "./pending-needs.js";
import { describeNote, isExpired, removeNote, sweepNotes } from "./pending-notes.js";
import { fileChanged, lacksCallback, lacksFile, locked } from "./pending-refused.js";
import type { PendingTools } from "./pending-tools.js";
import { requestPermission } from "./permission.js";
import { isOver, readUnfinished, type Unfinished } from "./unfinished.js";

/** @returns newest first. What is damaged, cancelled or expired is swept in the background */
export async function pendingUploads(world: World, settings: Settings, page: PageOfUploads): Promise<PendingUpload[]> {
  const { notes, over, expired, done, kept, ...found } = await leftByOthers(world, settings);
  const { completed, unfinished } = withoutCompleted(found.unfinished, done);
  const all = [...over, ...unfinished.flatMap(idsOf), ...notes.map(({ id }) => id)];
  const busy = await heldByTabs(world.locks, all);
  const gone = over.filter((id) => !busy.has(lockName(id)) && !page.resting.has(id));
  const isStillOver = (saved: SavedCheckpoint) =>
    isOver(readUnfinished("", saved, world, settings), saved, world, settings);
  page.inBackground(sweep(world, gone, page.call(page.closing), isStillOver));
  const waiting = notDone(notes, done, world);
  const finished = notes.filter((note) => !waiting.includes(note));
  page.inBackground(sweepNotes(expired, world, (still) => isExpired(still, world, settings)));
  page.inBackground(sweepNotes(finished, world, (still) => notDone([still], done, world).length === 0));
  page.inBackground(sweepDone(world, settings, done, completed));
  const heads = unfinished.filter(({ id, head }) => !page.isKnown(id, head.target.key, head.file.size));
  const queued = waiting.filter(({ id, note }) => !page.isKnown(id, note.target.key, note.file.size));
  const left = notDone(kept, done, world).filter(({ id, note }) => !page.isKnown(id, note.target.key, note.file.size));
  // The user may pick a file next, and waits while a worker takes its fingerprint: start the worker now.
  if (heads.length + queued.length + left.length > 0) world.workers.warm();
  const tools = { ...page, world, settings };
  const begun = heads.map((entry) => ({ ids: keptIdsOf(entry), handle: handleOf(entry) }));
  const noted = queued.map(({ id, handle }) => ({ ids: [id], handle }));
  const needs = await needsOfAll([...begun, ...noted], world);
  const offered = [
    ...heads.map((entry, index) => describePending(entry, needs[index] as Needs, busy, tools)),
    ...queued.map((entry, index) => describeNote(entry, needs[heads.length + index] as Needs, busy, tools)),
    ...left.map((entry) => describeKept(entry, tools)),
    ...done.filter((entry) => !isOutdated(entry, world, settings)).map((entry) => describeDone(entry, tools)),
  ];
  return offered.sort((a, b) => b.updatedAt - a.updatedAt);
}

function describePending(
  entry: Offered,
  { needs, kept }: Needs,
  busy: ReadonlySet<string>,
  tools: PendingTools,
): PendingUpload {
  const { id, head, appData, storedBytes, updatedAt } = entry;
  return {
    id,
    key: head.target.key,
    file: head.file,
    storedBytes,
    fraction: barOf(entry),
    createdAt: head.createdAt,
    updatedAt,
    appData,
    needs,
    needsCallback: head.needsCallback,
    paused: isPaused(entry),
    active: idsOf(entry).some((each) => busy.has(lockName(each))),
    resume: (source, options) => resumePending(entry, kept, source, options ?? {}, tools),
    discard: () => discardPending(entry, tools),
  };
}

async function resumePending(
  entry: Offered,
  kept: Blob | undefined,
  given: UploadSource | undefined,
  { signal, callback }: NonNullable<Parameters<PendingUpload["resume"]>[1]>,
  tools: PendingTools,
): Promise<Upload> {
  const { world } = tools;
  const { id, head, appData } = entry;
  const handle = handleOf(entry);
  if (head.needsCallback && callback === undefined) throw lacksCallback(head.target.key);
  const options = tools.check({ ...head.target, appData, signal, callback });
  // Before anything slow: the browser asks for permission only shortly after the click that called resume().
  if (given === undefined && kept === undefined && handle !== undefined) await requestPermission(handle);
  const ofOthers = idsOf(entry).filter((each) => !world.holders.has(each) && !world.notes.held.has(each));
  if ((await heldByTabs(world.locks, ofOthers)).size > 0) throw locked(head.target.key);
  const source = given ?? kept ?? handle;
  if (source === undefined) throw lacksFile(head.target.key, head.file.name);
  const stop = AbortSignal.any([tools.closing, ...(options.signal ? [options.signal] : [])]);
  const reading = openSame(source, head, tools, stop);
  const opened = await (source === kept ? forgettingUnreadable(reading, keptIdsOf(entry), world) : reading);
  const memory = new Memory(source);
  memory.opened = { ...opened, handle: opened.handle ?? handle };
  memory.checkpointId = id;
  memory.shown = barOf(entry);
  memory.fingerprint = head.fingerprint as Fingerprint;
  memory.isBegun = true;
  memory.since = head.createdAt;
  for (const twin of entry.twins) await removeNote(world, twin.id);
  if (entry.kept.length > 0) world.files.release(entry.kept.map(({ id }) => id));
  return tools.start(memory, options);
}

/** @throws UploadError "file-changed" for another file than the head's, "file-unreadable" */
async function openSame(
  source: UploadSource,
  head: Head,
  tools: PendingTools,
  stop: AbortSignal,
): Promise<OpenedSource> {
  const { world, settings } = tools;
  const workers = patientDigests(world, { callOptions: tools.call });
  const kind = fingerprintKind(head.fingerprint);
  const { opened, same } = await tellingFile(
    () => head.file.name,
    async () => {
      const opened = await answerOfDrive(openSource(source), settings.stallTimeoutMs, world, stop);
      const { file } = opened;
      const fits = file.size === head.file.size;
      return { opened, same: fits && (await fingerprintOf(file, kind, workers, stop)) === head.fingerprint };
    },
  );
  if (!same) throw fileChanged(head.file.name);
  return opened;
}

/** The user may have queued the file anew, and paused it before anybody knew that it had begun: what was written last counts. */
function isPaused({ head, updatedAt, twins }: Offered): boolean {
  const newest = twins.reduce(
    (a, { note }) => (note.createdAt >= a.at ? { at: note.createdAt, paused: note.paused } : a),
    {
      at: updatedAt,
      paused: head.paused,
    },
  );
  return newest.paused;
}

function handleOf({ handle, twins }: Offered): FileSystemFileHandle | undefined {
  return handle ?? twins.find((twin) => twin.handle !== undefined)?.handle;
}

function idsOf({ id, twins }: Offered): readonly string[] {
  return [id, ...twins.map((twin) => twin.id)];
}

/** Under any of them a keeper may have the file. */
function keptIdsOf(entry: Offered): readonly string[] {
  return [...idsOf(entry), ...entry.kept.map(({ id }) => id)];
}

/** How full its progress bar is when it goes on. */
function barOf({ storedBytes, head, shown }: Unfinished): number {
  return fractionOf(storedBytes, head.file.size, shown);
}

/** @returns when it is marked, so that nobody goes on with it */
async function discardPending(entry: Offered, { world, call, closing, inBackground }: PendingTools): Promise<void> {
  await world.locks.busy(idsOf(entry).map(lockName));
  for (const { id } of entry.twins) if (!(await removeNote(world, id))) throw locked(entry.head.target.key);
  const marked = await mark(world, entry.id);
  if (marked === "locked") throw locked(entry.head.target.key);
  world.files.release(keptIdsOf(entry));
  if (marked !== undefined) inBackground(carryOutInBackground(world, marked, { callOptions: call, closing }));
}
