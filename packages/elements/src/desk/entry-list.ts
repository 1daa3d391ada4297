/** The entries of the list in the order in which they were begun, each found by its upload. Knows no DOM. */
import type { Upload, Uploader } from "@ossicle/core";
import { type Entry, type EntryFacts, folderOf, isOver, newEntry } from "./entries.js";
import { asUpload, type Finished } from "./finished.js";

export interface EntryList {
  readonly all: readonly Entry[];
  /** Those that were added since last nothing was under way: what the library's progress counts. */
  readonly batch: ReadonlySet<Entry>;
  of(upload: Upload): Entry | undefined;
  /** The entry that holds a key in this list; a cancelled one holds none. */
  withKey(key: string): Entry | undefined;
  /** Adds what the uploader has and the list has not. */
  follow(uploader: Uploader): void;
  /** To be called after every change. */
  noteBatch(): void;
  /** What the page knows of an upload beside its state. It may be listed already, or will be. */
  know(upload: Upload, facts: EntryFacts): void;
  /** Lists what earlier pages finished, unless its key is listed. */
  keep(files: readonly Finished[]): void;
  /** The entry goes on with the upload that `begin` begins, in its place. @returns false where none was begun */
  replace(entry: Entry, begin: () => Upload | undefined): boolean;
  remove(entries: readonly Entry[]): void;
}

/** @param begunAt when unfinished uploads of earlier pages were begun, by key */
export function createEntryList(begunAt: ReadonlyMap<string, number>): EntryList {
  let all: readonly Entry[] = [];
  let batch = new Set<Entry>();
  const unsettled = new Set<Entry>();
  const byUpload = new Map<Upload, Entry>();
  const removed = new WeakSet<Upload>();
  const known = new WeakMap<Upload, EntryFacts>();
  let followed: readonly Upload[] | undefined;
  let isReplacing = false;
  let lastBegunAt = 0;

  /** Files of one moment keep their order after a reload, too. */
  function now(): number {
    lastBegunAt = Math.max(Date.now(), lastBegunAt + 0.001);
    return lastBegunAt;
  }

  /** As the library's progress counts: what begins while nothing is under way begins a batch. */
  function join(entry: Entry): void {
    if (unsettled.size === 0) batch = new Set();
    batch.add(entry);
    unsettled.add(entry);
  }

  function add(entries: readonly Entry[]): void {
    for (const entry of entries) byUpload.set(entry.upload, entry);
    const merged = [...all, ...entries];
    const isInOrder = merged.every(({ begunAt }, place) => begunAt >= (merged[place - 1]?.begunAt ?? 0));
    all = isInOrder ? merged : merged.sort((one, other) => one.begunAt - other.begunAt);
  }

  return {
    get all() {
      return all;
    },
    get batch() {
      return batch;
    },
    of: (upload) => byUpload.get(upload),
    withKey: (key) => all.find(({ upload }) => upload.key === key && upload.state.phase !== "cancelled"),
    follow({ uploads }) {
      if (uploads === followed || isReplacing) return;
      followed = uploads;
      const added = uploads
        .filter((upload) => !byUpload.has(upload) && !removed.has(upload))
        .map((upload) => newEntry(upload, begunAt.get(upload.key) ?? now(), known.get(upload)));
      if (added.length > 0) add(added);
      for (const entry of added) join(entry);
    },
    noteBatch() {
      for (const entry of all) if (isUnsettled(entry) && !unsettled.has(entry)) join(entry);
      for (const entry of unsettled) if (!isUnsettled(entry)) unsettled.delete(entry);
    },
    know(upload, facts) {
      known.set(upload, facts);
      const entry = byUpload.get(upload);
      if (entry === undefined) return;
      entry.picked ??= facts.picked;
      entry.folder ||= folderOf(facts.picked);
    },
    keep(files) {
      const listed = new Set(all.map(({ upload }) => upload.key));
      const missing = files.filter(({ key }) => !listed.has(key));
      add(missing.map((file) => newEntry(asUpload(file), file.begunAt, {}, true)));
    },
    replace(entry, begin) {
      // The uploader tells of it at once: nobody shall take it for another file meanwhile.
      isReplacing = true;
      const upload = begin();
      isReplacing = false;
      if (upload === undefined || upload === entry.upload) return false;
      byUpload.delete(entry.upload);
      removed.add(entry.upload);
      entry.upload = upload;
      byUpload.set(upload, entry);
      entry.wasAsked = false;
      return true;
    },
    remove(entries) {
      const gone = new Set(entries);
      all = all.filter((entry) => !gone.has(entry));
      for (const entry of entries) {
        byUpload.delete(entry.upload);
        removed.add(entry.upload);
        batch.delete(entry);
        unsettled.delete(entry);
      }
    },
  };
}

function isUnsettled({ upload, isKept }: Entry): boolean {
  if (isKept) return false;
  const { phase } = upload.state;
  return !isOver(phase) && phase !== "failed" && phase !== "stopped";
}
