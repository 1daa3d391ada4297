/** A file's handle, as Chromium gives it with a picked file. */
import type { PickedFile } from "../../src/api/upload.js";

export function handleTo(file: File, permission: PermissionState = "granted"): FileSystemFileHandle {
  const answer = async () => permission;
  const handle = { kind: "file", name: file.name, getFile: async () => file };
  return { ...handle, queryPermission: answer, requestPermission: async () => "granted" } as never;
}

export function picked(file: File): PickedFile {
  return { file, handle: handleTo(file), path: file.name };
}
