/** Lists what earlier pages left unfinished on this device, resumes it and discards it. */

import type { Upload, UploadSource } from "../../api/upload.js";
import type { PendingUpload } from "../../api/uploader.js";
import { readHead, readWreck } from "../../checkpoint/records.js";
import { UploadError } from "../../errors.js";
import { fractionOf } from "../../upload/bar.js";
import type { PageOfUploads } from "../../upload/engine.js";
import { type Fingerprint, Memory } from "../../upload/memory.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "../file/answer-of-drive.js";
import { fingerprintKind, fingerprintOf } from "../file/fingerprint.js";
import { openSource } from "../file/open-source.js";
import { tellingFile } from "../file/unreadable.js";
import { carryOutInBackground, sweep } from "./carry-out.js";
import { lockName } from "./checkpoint-id.js";
import { mark } from "./mark.js";
import { needsOf, requestPermission } from "./permission.js";
import { dated, isOver, readUnfinished, type Unfinished } from "./unfinished.js";

interface PendingTools extends PageOfUploads {
  readonly world: World;
  readonly settings: Settings;
}

/** The checkpoints on this device with the location of the store and the scope of the uploader. */
interface LeftByOthers {
  /** Newest first. */
  readonly unfinished: readonly Unfinished[];
  /** Ids of the checkpoints that are damaged, cancelled or expired. */
  readonly over: readonly string[];
}

/** @returns newest first. Checkpoints that are damaged, cancelled or expired are swept in the background */
export async function pendingUploads(
  world: World,
  settings: Settings,
  page: PageOfUploads,
): Promise<readonly PendingUpload[]> {
  const { unfinished, over } = await leftByOthers(world, settings);
  const held = await world.locks.held();
  page.inBackground(
    sweep(
      world,
      over.filter((id) => !held.has(lockName(id)) && !page.resting.has(id)),
      page.call(page.closing),
      (saved) => isOver(readUnfinished("", saved, world, settings), saved, world, settings),
    ),
  );
  const offered = unfinished.filter(({ id, head }) => !page.isKnown(id, head.target.key, head.file.size));
  // The user may pick a file next, and waits while a worker takes its fingerprint: start the worker now.
  if (offered.length > 0) world.workers.warm();
  return await Promise.all(offered.map((entry) => describePending(entry, held, { ...page, world, settings })));
}

async function leftByOthers(world: World, settings: Settings): Promise<LeftByOthers> {
  const listed = (await world.checkpoints.list()).filter(({ head }) => isOurs(head, world, settings));
  const loaded = await Promise.all(listed.map(async ({ id }) => ({ id, saved: await world.checkpoints.load(id) })));
  const unfinished: Unfinished[] = [];
  const over: string[] = [];
  for (const { id, saved } of loaded) {
    if (saved === undefined) continue;
    const entry = readUnfinished(id, saved, world, settings);
    if (isOver(entry, saved, world, settings)) over.push(id);
    else if (entry !== undefined) unfinished.push(await dated(entry, world, settings));
  }
  return { unfinished: unfinished.sort((a, b) => b.updatedAt - a.updatedAt), over };
}

/** A head whose location or scope cannot be read counts as ours: otherwise no page would ever clear it away. */
function isOurs(record: unknown, { store }: World, { scope }: Settings): boolean {
  const said = readHead(record)?.head ?? readWreck(record);
  return (said.location ?? store.location) === store.location && (said.scope ?? scope) === scope;
}

async function describePending(
  entry: Unfinished,
  held: ReadonlySet<string>,
  tools: PendingTools,
): Promise<PendingUpload> {
  const { id, head, handle, appData, storedBytes, updatedAt } = entry;
  return {
    id,
    key: head.target.key,
    file: head.file,
    storedBytes,
    fraction: barOf(entry),
    createdAt: head.createdAt,
    updatedAt,
    appData,
    needs: await needsOf(handle),
    needsCallback: head.needsCallback,
    paused: head.paused,
    active: held.has(lockName(id)),
    resume: (source, options) => resumePending(entry, source, options ?? {}, tools),
    discard: () => discardPending(entry, tools),
  };
}

async function resumePending(
  entry: Unfinished,
  given: UploadSource | undefined,
  { signal, callback }: NonNullable<Parameters<PendingUpload["resume"]>[1]>,
  tools: PendingTools,
): Promise<Upload> {
  const { world, settings } = tools;
  const { id, head, handle, appData } = entry;
  if (head.needsCallback && callback === undefined) throw lacksCallback(head.target.key);
  const options = tools.check({ ...head.target, appData, signal, callback });
  // Before anything slow: the browser asks for permission only shortly after the click that called resume().
  if (given === undefined && handle !== undefined) await requestPermission(handle);
  if (!world.holders.has(id) && (await world.locks.held()).has(lockName(id))) throw locked(head.target.key);
  const source = given ?? handle;
  if (source === undefined) {
    throw new UploadError("invalid-option", `Resuming "${head.target.key}" needs its file: no handle of it was kept`, {
      hint: `Let the user pick ${head.file.name} again and pass it to resume().`,
    });
  }
  const { signal: stop = new AbortController().signal } = options;
  const kind = fingerprintKind(head.fingerprint);
  const { opened, same } = await tellingFile(
    () => head.file.name,
    async () => {
      const opened = await answerOfDrive(openSource(source), settings.stallTimeoutMs, world, stop);
      const { file } = opened;
      const fits = file.size === head.file.size;
      return { opened, same: fits && (await fingerprintOf(file, kind, world.workers, stop)) === head.fingerprint };
    },
  );
  if (!same) {
    throw new UploadError("file-changed", `The file given is not the ${head.file.name} that was being uploaded`, {
      hint: "Upload it as a new file, or let the user pick the original one.",
    });
  }
  const memory = new Memory(source);
  memory.opened = { ...opened, handle: opened.handle ?? handle };
  memory.checkpointId = id;
  memory.shown = barOf(entry);
  memory.fingerprint = head.fingerprint as Fingerprint;
  return tools.start(memory, options);
}

/** How full its progress bar is when it goes on. */
function barOf({ storedBytes, head, shown }: Unfinished): number {
  return fractionOf(storedBytes, head.file.size, shown);
}

function lacksCallback(key: string): UploadError {
  return new UploadError(
    "invalid-option",
    `"${key}" was begun with a callback, which is not kept: resume() needs it again`,
    {
      hint: "Pass resume(source, { callback }), as you passed it to upload().",
    },
  );
}

/** @returns when it is marked, so that nobody goes on with it */
async function discardPending(entry: Unfinished, { world, call, closing, inBackground }: PendingTools): Promise<void> {
  const marked = await mark(world, entry.id);
  if (marked === "locked") throw locked(entry.head.target.key);
  if (marked !== undefined) inBackground(carryOutInBackground(world, marked, { callOptions: call, closing }));
}

function locked(key: string): UploadError {
  return new UploadError("locked", `"${key}" is being sent by another tab`, { hint: "Go on, or cancel it, there." });
}
