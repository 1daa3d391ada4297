/** The files at and below a place. */
import type { PickedFile } from "../api/upload.js";
import type { LeaveOut } from "./left-out.js";
import { isFolder, listFolder, type Place } from "./list-folder.js";
import { type Folder, leadsBack } from "./loops.js";

/** @returns depth first, by name */
export async function filesAt(place: Place, leaveOut: LeaveOut): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = [];
  await collect(place, [], files, leaveOut);
  return files;
}

/** @param above the folders that lead here, outermost first */
async function collect(place: Place, above: readonly Folder[], into: PickedFile[], leaveOut: LeaveOut): Promise<void> {
  if (!isFolder(place)) {
    const file = await openPlace(place);
    if (file === undefined) leaveOut(place.path, "unreadable-file");
    else into.push(file);
    return;
  }
  const folder = { place, children: await listFolder(place, leaveOut) };
  if (await leadsBack(folder, above)) {
    leaveOut(place.path, "loop");
    return;
  }
  for (const child of folder.children) await collect(child, [...above, folder], into, leaveOut);
}

/** @returns undefined when it can be opened neither by its handle nor by its entry */
async function openPlace({ path, entry, handle }: Place): Promise<PickedFile | undefined> {
  if (handle?.kind === "file") {
    const fileHandle = handle as FileSystemFileHandle;
    const file = await fileHandle.getFile().catch(() => undefined);
    if (file !== undefined) return { file, handle: fileHandle, path };
  }
  if (entry?.isFile !== true) return undefined;
  const opening = new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
  return await opening.then(
    (file) => ({ file, path }),
    () => undefined,
  );
}
