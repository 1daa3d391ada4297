/** Compares notes: two files of one name to one key share the id of their notes, and a note is replaced only by one of the same upload. */
import { readNote, readWreck } from "../../checkpoint/records.js";
import type { Note } from "../../queued-note.js";
import type { ObjectStore } from "../../store/object-store.js";

/**
 * May the record at the id of a note give way to `note`, or go when its upload is stored? Where the two ask for different objects, or
 * are of different files, it may not. So a note that is missing was taken away by an upload that was asked for the same.
 */
export function mayReplace(record: unknown, note: Note, fixed: ObjectStore["fixed"]): boolean {
  const there = readNote(record)?.note;
  if (there === undefined) return !readWreck(record).isLater;
  return isSameFile(there.file, note.file) && asksForSame(there, note, fixed);
}

function asksForSame(a: Note, b: Note, fixed: ObjectStore["fixed"]): boolean {
  return a.needsCallback === b.needsCallback && a.target.acl === b.target.acl && fixed(a.target) === fixed(b.target);
}

/** For files of one name to one key: where dates tell them apart they are two. A handle that was not opened has none. */
export function isSameFile(a: Note["file"], b: Note["file"]): boolean {
  if (a.lastModified === 0 || b.lastModified === 0) return true;
  return a.size === b.size && a.lastModified === b.lastModified;
}

/**
 * Is a file that the user has picked again another one than was noted? Nothing of it is stored that could be compared. One of another size
 * is, and so is one with another name and another date: a file that was renamed keeps its date, a copy its name. Without a date nothing is known.
 */
export function isAnother(given: Blob, noted: Note["file"]): boolean {
  if (noted.lastModified === 0) return false;
  const { name, lastModified } = given as Partial<File>;
  if (given.size !== noted.size) return true;
  return name !== undefined && name !== noted.name && lastModified !== noted.lastModified;
}
