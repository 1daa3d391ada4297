/** What an uploader says that was closed. */
import { UploadError } from "../errors.js";

export function uploaderClosed(): UploadError {
  return new UploadError("invalid-option", "The uploader was closed", {
    hint: "Create another one with createUploader().",
  });
}
