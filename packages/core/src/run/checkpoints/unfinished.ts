/** What the records of a checkpoint say of an upload: whether a page may go on with it, and since when nothing was stored. */
import { type Head, lastShown, readHead, readPart, readWreck } from "../../checkpoint/records.js";
import type { Settings, World } from "../context.js";
import { placed } from "../parts/positions.js";
import { apart } from "../parts/spans.js";
import { lockName } from "./checkpoint-id.js";
import { changeHead } from "./mark.js";
import type { SavedCheckpoint } from "./own.js";

/** A checkpoint that can be resumed, as read from its records. */
export interface Recorded {
  readonly id: string;
  readonly head: Head;
  readonly handle: FileSystemFileHandle | undefined;
  readonly appData: unknown;
  readonly storedBytes: number;
  /** How full the progress bar was. */
  readonly shown: number;
  /** undefined where a clock that was wrong has written every date. */
  readonly updatedAt: number | undefined;
}

export interface Unfinished extends Recorded {
  readonly updatedAt: number;
}

const dayMs = 86_400_000;

/**
 * A clock may have been years behind when it wrote a date, or ahead: such a date says nothing. A user who really
 * comes back after so long is offered the upload once more.
 */
export function isDate(at: number, { clock }: World, { expireAfterMs }: Settings): boolean {
  const age = clock.now() - at;
  return age >= -dayMs && age <= expireAfterMs + 365 * dayMs;
}

/** @returns undefined for a head that is damaged, or of a later version of the library */
export function readUnfinished(
  id: string,
  saved: SavedCheckpoint,
  world: World,
  settings: Settings,
): Recorded | undefined {
  const read = readHead(saved.head);
  if (read === undefined) return undefined;
  const { head, handle, appData } = read;
  const parts = saved.parts.flatMap((record) => readPart(record, head.uploadId) ?? []);
  // Records of a cut that was given up overlap later ones.
  const ruler = { fileSize: head.file.size, unit: head.partSize };
  const stored = apart(
    placed(
      ruler,
      parts.map(({ part }) => part),
    ),
  );
  const dates = [head.createdAt, ...parts.map(({ at }) => at)].filter((at) => isDate(at, world, settings));
  return {
    id,
    head,
    handle,
    appData,
    shown: lastShown(parts),
    storedBytes: stored.reduce((sum, { start, end }) => sum + end - start, 0),
    updatedAt: dates.length === 0 ? undefined : dates.reduce((a, b) => Math.max(a, b)),
  };
}

/** True for a checkpoint that is damaged, cancelled or expired. A checkpoint of a later version of the library is none of these. */
export function isOver(
  entry: Recorded | undefined,
  saved: SavedCheckpoint,
  { clock }: World,
  { expireAfterMs }: Settings,
): boolean {
  if (entry === undefined) return !readWreck(saved.head).isLater;
  return entry.head.cancelled || clock.now() - (entry.updatedAt ?? clock.now()) > expireAfterMs;
}

/** One that a wrong clock has dated begins now: from now on it expires as any other. */
export async function dated(entry: Recorded, world: World, settings: Settings): Promise<Unfinished> {
  const { id, updatedAt } = entry;
  if (updatedAt !== undefined) return { ...entry, updatedAt };
  const now = world.clock.now();
  await world.locks.holdIfFree(lockName(id), async () => {
    const saved = await world.checkpoints.load(id);
    const still = saved && readUnfinished(id, saved, world, settings);
    if (still === undefined || still.updatedAt !== undefined) return;
    await changeHead(world, id, still, { createdAt: now });
  });
  return { ...entry, head: { ...entry.head, createdAt: now }, updatedAt: now };
}
