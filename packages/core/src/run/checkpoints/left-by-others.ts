/** Finds what earlier pages have left on this device, whatever it is of: checkpoints, notes, files with a keeper, results. */
import { readWreck } from "../../checkpoint/records.js";
import type { Settings, World } from "../context.js";
import { type DoneElsewhere, doneElsewhere } from "./pending-done.js";
import { type KeptQueued, keptQueued } from "./pending-kept.js";
import { datedNote, isExpired, isTwin, type Noted, noted, notesByKey } from "./pending-notes.js";
import { dated, isOver, readUnfinished, type Unfinished } from "./unfinished.js";

export interface Offered extends Unfinished {
  /** Notes of the same file, which its head record has replaced. */
  readonly twins: readonly Noted[];
  /** The same file, left with a keeper by a page that did not know yet that its upload had begun. */
  readonly kept: readonly KeptQueued[];
}

/** The checkpoints and notes on this device with the location of the store and the scope of the uploader. */
export interface LeftByOthers {
  readonly unfinished: readonly Offered[];
  readonly notes: readonly Noted[];
  /** Ids of the checkpoints that are damaged, cancelled or expired. */
  readonly over: readonly string[];
  readonly expired: readonly Noted[];
  /** What was completed after its page was left. */
  readonly done: readonly DoneElsewhere[];
  /** Left with a keeper. */
  readonly kept: readonly KeptQueued[];
}

export async function leftByOthers(world: World, settings: Settings): Promise<LeftByOthers> {
  const listed = (await world.checkpoints.list()).filter(({ head }) => isOurs(head, world, settings));
  const notes = listed.flatMap((entry) => noted(entry) ?? []);
  const done = listed.flatMap((entry) => doneElsewhere(entry) ?? []);
  const others = new Set([...notes, ...done].map(({ id }) => id));
  const begun = listed.filter(({ id }) => !others.has(id));
  const notesOf = notesByKey(notes);
  const left = await keptQueued(world);
  const look = async (id: string) => ({ id, saved: await world.checkpoints.load(id, "look") });
  const unfinished: Offered[] = [];
  const over: string[] = [];
  for (const { id, saved } of await Promise.all(begun.map((entry) => look(entry.id)))) {
    if (saved === undefined) continue;
    const entry = readUnfinished(id, saved, world, settings);
    if (isOver(entry, saved, world, settings)) over.push(id);
    else if (entry !== undefined) {
      const twins = (notesOf.get(entry.head.target.key) ?? []).filter((note) => isTwin(note, entry));
      const kept = left.filter((queued) => isTwin(queued, entry));
      unfinished.push({ ...(await dated(entry, world, settings)), twins, kept });
    }
  }
  const expired = notes.filter((entry) => isExpired(entry, world, settings));
  const hidden = new Set([...expired, ...unfinished.flatMap(({ twins, kept }) => [...twins, ...kept])]);
  const offered = notes.filter((entry) => !hidden.has(entry)).map((entry) => datedNote(entry, world, settings));
  return {
    unfinished,
    notes: await Promise.all(offered),
    over,
    expired,
    done,
    kept: left.filter((each) => !hidden.has(each)),
  };
}

/**
 * A head whose location or scope cannot be read counts as ours: otherwise no page would ever clear it away. Whether it is undamaged is not
 * asked here: there may be thousands.
 */
function isOurs(record: unknown, { store }: World, { scope }: Settings): boolean {
  const said = readWreck(record);
  return (said.location ?? store.location) === store.location && (said.scope ?? scope) === scope;
}
