/** A file that cannot be read is named: an app shows many, and who reads bytes knows none by name. */
import { isUploadError, UploadError } from "../../errors.js";

/** @throws what `work` throws; a "file-unreadable" with the file's name, and with a hint */
export async function tellingFile<T>(name: () => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUploadError(error) || error.code !== "file-unreadable") throw error;
    const message = `${name() || "A Blob without a name"} cannot be read. ${error.message}`;
    throw new UploadError(error.code, message, { hint: remedy, ...error, cause: error.cause });
  }
}

const remedy =
  "It was edited, moved or deleted, or its drive is away. Let the user pick it again; what is stored is kept.";
