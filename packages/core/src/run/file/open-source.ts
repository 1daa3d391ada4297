/** Turns what an app hands over into a file that can be read. */
import type { PickedFile, UploadSource } from "../../api/upload.js";
import { UploadError } from "../../errors.js";
import { handleOf, isPicked, type OpenedSource } from "../../upload/source.js";

/** @returns undefined for what a drive has to be asked for first */
export function openedAlready(source: UploadSource): OpenedSource | undefined {
  if (handleOf(source) !== undefined) return undefined;
  const file = source instanceof Blob ? source : (source as PickedFile).file;
  return file.size > 0 ? { file, handle: undefined } : undefined;
}

/**
 * A picked file that was touched since cannot be read any more, but its handle opens it as it is now.
 *
 * @throws UploadError "file-unreadable" when the file is gone, or the permission to read it
 */
export async function openSource(source: UploadSource): Promise<OpenedSource> {
  if (source instanceof Blob) return { file: await readable(source), handle: undefined };
  if (!isPicked(source)) return { file: await openHandle(source), handle: source };
  const { file, handle } = source;
  try {
    if (handle !== undefined) await file.slice(0, 1).arrayBuffer();
    return { file: await readable(file), handle };
  } catch (cause) {
    if (handle === undefined) throw cause;
    return { file: await openHandle(handle), handle };
  }
}

/** In Chromium a file that was deleted before anybody looked at it has the size 0, and only reading all of it says so. */
async function readable<T extends Blob>(file: T): Promise<T> {
  if (file.size > 0) return file;
  await file.arrayBuffer().catch((cause: unknown) => {
    throw new UploadError("file-unreadable", `Opening failed: ${String(cause)}`, { cause });
  });
  return file;
}

async function openHandle(handle: FileSystemFileHandle): Promise<File> {
  try {
    return await readable(await handle.getFile());
  } catch (cause) {
    const denied = cause instanceof DOMException && cause.name === "NotAllowedError";
    throw new UploadError("file-unreadable", `Opening ${handle.name} failed: ${String(cause)}`, {
      cause,
      hint: denied
        ? 'Call handle.requestPermission({ mode: "read" }) inside a click first, or let the user pick the file again.'
        : undefined,
    });
  }
}
