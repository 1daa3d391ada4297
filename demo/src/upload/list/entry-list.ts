/** The entries of this page in the order in which they came, each found by its upload. Knows no DOM. */
import type { Upload } from "@ossicle/core";
import { type Entry, isOver } from "./entries.js";

export interface EntryList {
  /** In the order of the list. */
  readonly all: readonly Entry[];
  of(upload: Upload): Entry | undefined;
  add(entry: Entry): void;
  /** Sends an entry's upload to the front: the entry keeps its place in the list and gets another handle. */
  moveToFront(entry: Entry, toFront: NonNullable<Entry["toFront"]>): Promise<Upload>;
  /** Takes out what is completed or cancelled. */
  removeOver(): void;
  removeAll(): void;
}

export function createEntryList(): EntryList {
  let all: Entry[] = [];
  let byUpload = new Map<Upload, Entry>();

  function keep(entries: Entry[]): void {
    all = entries;
    byUpload = new Map(entries.map((entry) => [entry.upload, entry]));
  }

  return {
    get all() {
      return all;
    },
    of: (upload) => byUpload.get(upload),
    add(entry) {
      all.push(entry);
      byUpload.set(entry.upload, entry);
    },
    async moveToFront(entry, toFront) {
      byUpload.delete(entry.upload);
      entry.upload = await toFront();
      byUpload.set(entry.upload, entry);
      entry.toFront = null;
      return entry.upload;
    },
    removeOver: () => keep(all.filter(({ upload }) => !isOver(upload.state.phase))),
    removeAll: () => keep([]),
  };
}
