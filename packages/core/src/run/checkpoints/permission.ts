/** May the file of a handle be read again? Browsers ask the user, and some throw where they cannot. */
import type { PendingUpload } from "../../api/uploader.js";
import { UploadError } from "../../errors.js";

/** Some browsers that have file handles lack these methods, and so do TypeScript's DOM types. */
interface PermittedHandle extends FileSystemFileHandle {
  queryPermission?(options: { mode: "read" }): Promise<PermissionState>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

export async function needsOf(handle: FileSystemFileHandle | undefined): Promise<PendingUpload["needs"]> {
  if (handle === undefined) return "file";
  const permission = await queryPermission(handle);
  if (permission === "denied") return "file";
  return permission === "granted" ? "nothing" : "permission";
}

/** @throws UploadError "file-unreadable" */
export async function requestPermission(handle: PermittedHandle): Promise<void> {
  if ((await queryPermission(handle)) === "granted") return;
  const answer = await orDenied(() => handle.requestPermission?.({ mode: "read" }));
  if (answer === "granted") return;
  throw new UploadError("file-unreadable", `The permission to read ${handle.name} again was not granted`, {
    hint: "Call resume() inside a click, or pass the file, picked again.",
  });
}

async function queryPermission(handle: PermittedHandle): Promise<PermissionState> {
  return (await orDenied(() => handle.queryPermission?.({ mode: "read" }))) ?? "granted";
}

/** The file that a handle names may be on a drive that is gone, and in some contexts nobody may be asked: both throw. */
async function orDenied<T>(ask: () => Promise<T> | undefined): Promise<T | "denied" | undefined> {
  try {
    return await ask();
  } catch {
    return "denied";
  }
}
