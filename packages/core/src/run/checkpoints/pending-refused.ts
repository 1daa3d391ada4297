/** Why `resume()` and `discard()` of a pending upload refuse, and what to do then. */
import { UploadError } from "../../errors.js";

export function lacksCallback(key: string): UploadError {
  return new UploadError(
    "invalid-option",
    `"${key}" was begun with a callback, which is not kept: resume() needs it again`,
    {
      hint: "Pass resume(source, { callback }), as you passed it to upload().",
    },
  );
}

export function lacksFile(key: string, name: string): UploadError {
  return new UploadError("invalid-option", `Resuming "${key}" needs its file: no handle of it was kept`, {
    hint: `Let the user pick ${name} again and pass it to resume().`,
  });
}

export function fileChanged(name: string): UploadError {
  return new UploadError("file-changed", `The file given is not the ${name} that was being uploaded`, {
    hint: "Upload it as a new file, or let the user pick the original one.",
  });
}

export function locked(key: string): UploadError {
  return new UploadError("locked", `"${key}" is being sent by another tab`, { hint: "Go on, or cancel it, there." });
}
