/** The files below a dropped folder in browsers without handles. */
import type { PickedFile } from "../api/upload.js";
import { leaveOut } from "./leave-out.js";

/** @returns depth first, by name; paths begin with the folder's own name */
export async function walkEntry(entry: FileSystemEntry): Promise<readonly PickedFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry).catch((error: unknown) => leaveOut(path, error));
    return file === undefined ? [] : [{ file, path }];
  }
  const children = await childrenOf(entry as FileSystemDirectoryEntry);
  const lists: PickedFile[] = [];
  for (const child of children) lists.push(...(await walkEntry(child)));
  return lists;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives at most a hundred entries at a time, and an empty list when there are no more. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    all.push(...some);
  }
}
