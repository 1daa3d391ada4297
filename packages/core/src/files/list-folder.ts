/** What is in a folder, as the browser's two ways to look at it show it together. */
import type { LeaveOut } from "./left-out.js";

/** A file or folder: as an entry of a drop, as a handle, or as both. */
export interface Place {
  /** "/"-separated, ending in its own name. */
  readonly path: string;
  readonly name: string;
  readonly entry?: FileSystemEntry | undefined;
  readonly handle?: FileSystemHandle | undefined;
}

export function isFolder({ entry, handle }: Place): boolean {
  // A dropped link to a folder has the handle of a file in Chromium. The entry follows the link.
  return entry?.isDirectory ?? handle?.kind === "directory";
}

/**
 * Chromium's directory handles leave out names that it holds to be dangerous or not portable, such as "What now?.mp4",
 * "~$report.docx" and "desktop.ini"; entries show them all. So what only the entry shows comes without a handle.
 *
 * @returns by name, so that the same folder gives the same list; what was found until an error, which is told
 */
export async function listFolder(folder: Place, leaveOut: LeaveOut): Promise<readonly Place[]> {
  const { path, entry, handle } = folder;
  const entries = new Map<string, FileSystemEntry>();
  const handles = new Map<string, FileSystemHandle>();
  const [byEntry, byHandle] = await Promise.allSettled([
    isDirectoryEntry(entry) ? readEntries(entry, entries) : undefined,
    isDirectoryHandle(handle) ? readHandles(handle, handles) : undefined,
  ]);
  const fuller = isDirectoryEntry(entry) ? byEntry : byHandle;
  if (fuller.status === "rejected") leaveOut(path, "unreadable-folder");
  const names = [...new Set([...entries.keys(), ...handles.keys()])].sort();
  return names.map((name) => ({
    path: `${path}/${name}`,
    name,
    entry: entries.get(name),
    handle: handles.get(name),
  }));
}

/** A reader gives at most a hundred entries at a time, and an empty list when there are no more. */
async function readEntries(directory: FileSystemDirectoryEntry, into: Map<string, FileSystemEntry>): Promise<void> {
  const reader = directory.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const entry of some) into.set(entry.name, entry);
  }
}

async function readHandles(directory: FileSystemDirectoryHandle, into: Map<string, FileSystemHandle>): Promise<void> {
  for await (const handle of directory.values()) into.set(handle.name, handle);
}

function isDirectoryEntry(entry: FileSystemEntry | undefined): entry is FileSystemDirectoryEntry {
  return entry?.isDirectory === true;
}

function isDirectoryHandle(handle: FileSystemHandle | undefined): handle is FileSystemDirectoryHandle {
  return handle?.kind === "directory";
}
