/** Begins uploads, under a name that is free. An upload that must begin anew keeps its place in the list. */
import type { PickedFile, Upload, Uploader, UploadOptions } from "@ossicle/core";
import { type Entry, isOver } from "./entries.js";
import type { EntryList } from "./entry-list.js";
import type { Question } from "./questions.js";
import { freeKey, type SameName } from "./same-name.js";
import type { Settings } from "./settings.js";

export interface Beginnings {
  /** Never replaces an object of that name without being asked to. */
  begin(picked: PickedFile, key: string, more?: Partial<UploadOptions>): Upload | undefined;
  /** The same entry goes on with this file, under this name. */
  restart(entry: Entry, picked: PickedFile, key: string, more?: Partial<UploadOptions>): void;
  toFront(entry: Entry): Promise<void>;
  carryOut(question: Question, answer: SameName): void;
}

export function createBeginnings(
  uploader: Uploader,
  entries: EntryList,
  settings: Settings,
  onError: (error: unknown) => void,
): Beginnings {
  function begin(picked: PickedFile, key: string, more: Partial<UploadOptions> = {}): Upload | undefined {
    try {
      // Asked of the store before bytes go. Who replaces anyway has small files go by a form, which cannot say it.
      const ifExists = settings.sameName === "replace" ? "replace" : "forbid";
      const options = { ifExists, ...settings.optionsFor?.(picked.file), ...more, key } as const;
      const upload = uploader.upload(picked, options);
      entries.know(upload, { picked });
      return upload;
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  function restart(entry: Entry, picked: PickedFile, key: string, more: Partial<UploadOptions> = {}): void {
    const before = entry.upload;
    if (!entries.replace(entry, () => begin(picked, key, more))) return;
    entry.picked = picked;
    letGo(before);
  }

  /** What is not settled stays the uploader's. */
  function letGo(upload: Upload): void {
    if (uploader.uploads.includes(upload) && isSettled(upload)) uploader.remove(upload);
  }

  const nextTo = (key: string) => freeKey(key, (one) => entries.withKey(one) !== undefined);

  /** The file in the list makes room: what is under way is cancelled first, so that both are never sent to one key. */
  async function replaceListed({ entry, picked, key }: Question): Promise<void> {
    if (!isOver(entry.upload.state.phase)) await entry.upload.cancel();
    entries.remove([entry]);
    letGo(entry.upload);
    begin(picked, key, { ifExists: "replace" });
  }

  return {
    begin,
    restart,
    async toFront(entry) {
      const { picked, upload } = entry;
      if (picked === undefined || upload.state.phase !== "queued") return;
      // Paused it gives up its place in the queue; asked for again it gets one in front of all others.
      await upload.pause();
      uploader.upload(picked, { ...upload.options, priority: "high" });
      upload.resume();
    },
    carryOut(question, answer) {
      const { entry, picked, key, where } = question;
      if (answer === "both") {
        if (where === "list") begin(picked, nextTo(key));
        else restart(entry, picked, nextTo(key));
      } else if (answer === "replace") {
        if (where === "list") replaceListed(question).catch(onError);
        else restart(entry, picked, key, { ifExists: "replace" });
      } else if (where === "bucket") {
        entries.remove([entry]);
        letGo(entry.upload);
      }
    },
  };
}

function isSettled({ state }: Upload): boolean {
  return isOver(state.phase) || state.phase === "failed" || state.phase === "stopped";
}
