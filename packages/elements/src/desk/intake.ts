/** Takes files, whether picked, dropped or pasted: an unfinished upload of the same file goes on, every other file begins. */
import type { PickedFile } from "@ossicle/core";
import { accepts } from "./accepts.js";
import { type Entry, isHeld } from "./entries.js";
import type { OneFile } from "./one-file.js";
import { keyOf, type Settings } from "./settings.js";
import { isSystemFile } from "./system-files.js";
import type { Tried } from "./unfinished-file.js";

/** What became of the files that were given. */
export interface Taken {
  /** Unfinished uploads that go on. */
  readonly resumed: number;
  /** Paths of what systems put into folders. */
  readonly system: readonly string[];
  /** Paths of files that `accept` does not name. */
  readonly ofOtherType: readonly string[];
}

export interface IntakeOptions {
  readonly settings: Settings;
  readonly recognise: (picked: PickedFile, key: string) => Promise<Tried>;
  readonly withKey: (key: string) => Entry | undefined;
  /** The file is in the list already, and under way. */
  readonly show: (entry: Entry) => void;
  /** Takes a cancel back, if there is one. */
  readonly undo: (entry: Entry) => void;
  /** The name is taken in the list. */
  readonly ask: (picked: PickedFile, key: string, entry: Entry) => void;
  readonly begin: (picked: PickedFile, key: string) => void;
  /** Where the element takes one file alone. */
  readonly oneFile: OneFile;
  readonly onError: (error: unknown) => void;
  /** @param found number of files that are being added; 0 when all are added */
  readonly onBusy: (found: number) => void;
}

/** Files are added for this long at a time, half a frame; the other half is for drawing them. */
const sliceMs = 8;

/** @returns takes files without stopping the page, some thousand of them too. Never rejects */
export function createIntake({
  settings,
  ...options
}: IntakeOptions): (files: readonly PickedFile[]) => Promise<Taken> {
  /** @returns whether an unfinished upload goes on */
  async function takeOne(picked: PickedFile): Promise<boolean> {
    const key = await keyOf(settings, picked);
    const outcome = await options.recognise(picked, key);
    if (outcome === "resumed" && !settings.multiple) await options.oneFile.keepOnly(picked);
    if (outcome !== "other") return outcome === "resumed";
    const namesake = options.withKey(key);
    if (namesake !== undefined && isSame(namesake, picked)) goOn(namesake);
    else if (!settings.multiple) await options.oneFile.replace(picked, key);
    else if (namesake === undefined) options.begin(picked, key);
    else options.ask(picked, key, namesake);
    return false;
  }

  /** Who picks a file again wants it to go up: its cancel is undone, and held it goes on. */
  function goOn(entry: Entry): void {
    options.undo(entry);
    if (isHeld(entry.upload.state.phase)) entry.upload.resume();
    options.show(entry);
  }

  return async (files) => {
    options.onBusy(files.length);
    const system = files.filter(({ path }) => isSystemFile(path));
    const ofOtherType = files.filter((one) => !system.includes(one) && !accepts(settings.accept, one.file));
    const leftOut = new Set([...system, ...ofOtherType]);
    const wanted = files.filter((one) => !leftOut.has(one));
    let resumed = 0;
    let since = performance.now();
    for (const picked of settings.multiple ? wanted : wanted.slice(0, 1)) {
      try {
        if (await takeOne(picked)) resumed += 1;
      } catch (error) {
        options.onError(error);
      }
      if (performance.now() - since < sliceMs) continue;
      await nextTask();
      since = performance.now();
    }
    options.onBusy(0);
    const paths = (some: readonly PickedFile[]) => some.map(({ path }) => path);
    return { resumed, system: paths(system), ofOtherType: paths(ofOtherType) };
  };
}

/** The same file was given again before it was completed. */
function isSame({ upload, picked: known }: Entry, { file }: PickedFile): boolean {
  if (upload.state.phase === "completed") return false;
  const before = known?.file;
  if (before === file) return true;
  return before?.name === file.name && before.size === file.size && before.lastModified === file.lastModified;
}

/** Lets the page draw and react to clicks and keys. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
