/** The files below a directory handle. */
import type { PickedFile } from "../api/upload.js";
import { leaveOut } from "./leave-out.js";

/** @returns depth first, by name, so that the same folder gives the same list; paths begin with the folder's own name */
export async function walkDirectory(directory: FileSystemDirectoryHandle): Promise<readonly PickedFile[]> {
  return await walk(directory, `${directory.name}/`);
}

async function walk(directory: FileSystemDirectoryHandle, path: string): Promise<readonly PickedFile[]> {
  const children: FileSystemHandle[] = [];
  for await (const child of directory.values()) children.push(child);
  children.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: PickedFile[] = [];
  for (const child of children) {
    if (child.kind === "directory") {
      files.push(...(await walk(child as FileSystemDirectoryHandle, `${path}${child.name}/`)));
      continue;
    }
    const handle = child as FileSystemFileHandle;
    const file = await handle.getFile().catch((error: unknown) => leaveOut(`${path}${child.name}`, error));
    if (file !== undefined) files.push({ file, handle, path: `${path}${child.name}` });
  }
  return files;
}
