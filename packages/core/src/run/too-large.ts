/** Something between page and store refuses bodies of that size: smaller ones may pass. */
import { isUploadError, type UploadError } from "../errors.js";

export function isTooLarge(error: unknown): error is UploadError {
  return isUploadError(error) && error.tooLarge !== undefined;
}
