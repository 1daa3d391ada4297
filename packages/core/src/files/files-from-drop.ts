/** What was dropped on a page, folders walked, with handles where the browser gives them. Knows nothing of uploads. */
import type { PickedFile } from "../api/upload.js";
import { walkDirectory } from "./walk-directory.js";
import { walkEntry } from "./walk-entry.js";

/** Chromium's; it has to be called before the drop handler returns. */
interface HandledItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * The dropped files, those in dropped folders too. Call it synchronously inside the `drop` handler (the browser takes the
 * items away when that returns), and call `event.preventDefault()` there and in `dragover`.
 *
 * @returns in the order of the drop; files that cannot be read any more are left out, as the browser does for its own pickers
 */
export function filesFromDrop(event: DragEvent): Promise<readonly PickedFile[]> {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
  const found = items.map(itemFiles);
  return Promise.all(found).then((lists) => lists.flat());
}

/** Everything that must be asked of the item at once is asked before the first await. */
function itemFiles(item: DataTransferItem & HandledItem): Promise<readonly PickedFile[]> {
  const handle = item.getAsFileSystemHandle?.();
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  return resolveItem(handle, entry, file);
}

async function resolveItem(
  asking: Promise<FileSystemHandle | null> | undefined,
  entry: FileSystemEntry | null,
  file: File | null,
): Promise<readonly PickedFile[]> {
  // Null for what a script dropped; a rejection for what may not be handed out, such as system folders.
  const handle = await asking?.catch(() => null);
  if (handle?.kind === "directory") return await walkDirectory(handle as FileSystemDirectoryHandle);
  if (handle?.kind === "file" && file !== null) {
    return [{ file, handle: handle as FileSystemFileHandle, path: file.name }];
  }
  if (entry?.isDirectory) return await walkEntry(entry);
  return file === null ? [] : [{ file, path: file.name }];
}
