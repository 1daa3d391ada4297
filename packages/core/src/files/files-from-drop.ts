/** What was dropped on a page, folders walked, with handles where the browser gives them. Knows nothing of uploads. */
import type { PickedFile } from "../api/upload.js";
import { type LeaveOut, type LeftOutOptions, leavingOut } from "./left-out.js";
import { filesAt } from "./walk.js";

/** Chromium's; it has to be called before the drop handler returns. */
interface HandledItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * The dropped files, those in dropped folders too. Call it synchronously inside the `drop` handler (the browser takes the
 * items away when that returns), and call `event.preventDefault()` there and in `dragover`. A `paste` event's
 * `{ dataTransfer: event.clipboardData }` does as well.
 *
 * @param event of the browser, or of a framework that wraps it
 * @returns in the order of the drop, folders by name. Never rejects: what cannot be taken is left out, and `onLeftOut` is told
 */
export function filesFromDrop(
  event: { readonly dataTransfer: DataTransfer | null },
  options: LeftOutOptions = {},
): Promise<PickedFile[]> {
  const leaveOut = leavingOut(options);
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
  const found = items.map((item) => itemFiles(item, leaveOut));
  return Promise.all(found).then((lists) => lists.flat());
}

/** Everything that must be asked of the item at once is asked before the first await. */
async function itemFiles(item: DataTransferItem & HandledItem, leaveOut: LeaveOut): Promise<readonly PickedFile[]> {
  const asking = item.getAsFileSystemHandle?.();
  const entry = item.webkitGetAsEntry() ?? undefined;
  const file = item.getAsFile();
  // Null for what a script dropped; a rejection for what may not be handed out, such as system folders.
  const handle = (await asking?.catch(() => null)) ?? undefined;
  const isFile = entry?.isDirectory !== true && handle === undefined;
  if (isFile) return file === null ? [] : [{ file, path: file.name }];
  const name = entry?.name ?? handle?.name ?? "";
  return await filesAt({ path: name, name, entry, handle }, leaveOut);
}
