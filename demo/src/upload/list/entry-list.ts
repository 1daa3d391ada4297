/** The entries of this page in the order in which they came, each found by its upload. Knows no DOM. */
import type { Upload } from "@ossicle/core";
import { type Entry, isOver } from "./entries.js";

export interface EntryList {
  /** In the order of the list. */
  readonly all: readonly Entry[];
  of(upload: Upload): Entry | undefined;
  /**
   * @param toFront sends its upload to the front and resolves with the new handle; null if that is not possible. The entry
   * keeps its place in the list and gets the new handle
   * @param onMoved called when it has the new handle
   */
  add(entry: Entry, toFront: Entry["toFront"], onMoved: () => void): void;
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
    add(entry, toFront, onMoved) {
      all.push(entry);
      byUpload.set(entry.upload, entry);
      if (toFront === null) return;
      entry.toFront = async () => {
        byUpload.delete(entry.upload);
        entry.upload = await toFront();
        byUpload.set(entry.upload, entry);
        entry.toFront = null;
        onMoved();
        return entry.upload;
      };
    },
    removeOver: () => keep(all.filter(({ upload }) => !isOver(upload.state.phase))),
    removeAll: () => keep([]),
  };
}
