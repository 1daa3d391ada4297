/** Turns what an app hands over into a file that can be read. */
import type { UploadSource } from "../../api/upload.js";
import { UploadError } from "../../errors.js";
import { isPicked, type OpenedSource } from "../../upload/source.js";
import { inTime, type Patience, throwIfOver } from "./in-time.js";

/**
 * A picked file that was touched since cannot be read any more, but its handle opens it as it is now.
 *
 * @throws UploadError "file-unreadable" when the file is gone, or the permission to read it, or when its drive does not answer
 */
export async function openSource(source: UploadSource, patience: Patience): Promise<OpenedSource> {
  if (source instanceof Blob) return { file: await readable(source, patience), handle: undefined };
  if (!isPicked(source)) return { file: await openHandle(source, patience), handle: source };
  const { file, handle } = source;
  if (handle === undefined) return { file: await readable(file, patience), handle };
  try {
    await inTime(patience, file.slice(0, 1).arrayBuffer());
    return { file: await readable(file, patience), handle };
  } catch (cause) {
    throwIfOver(patience, cause);
    return { file: await openHandle(handle, patience), handle };
  }
}

/** In Chromium a file that was deleted before anybody looked at it has the size 0, and only reading all of it says so. */
async function readable<T extends Blob>(file: T, patience: Patience): Promise<T> {
  if (file.size > 0) return file;
  await inTime(patience, file.arrayBuffer()).catch((cause: unknown) => {
    throwIfOver(patience, cause);
    throw new UploadError("file-unreadable", `Opening failed: ${String(cause)}`, { cause });
  });
  return file;
}

async function openHandle(handle: FileSystemFileHandle, patience: Patience): Promise<File> {
  try {
    return await readable(await inTime(patience, handle.getFile()), patience);
  } catch (cause) {
    throwIfOver(patience, cause);
    const denied = cause instanceof DOMException && cause.name === "NotAllowedError";
    throw new UploadError("file-unreadable", `Opening ${handle.name} failed: ${String(cause)}`, {
      cause,
      hint: denied
        ? 'Call handle.requestPermission({ mode: "read" }) inside a click first, or let the user pick the file again.'
        : undefined,
    });
  }
}
