/** Lets a keeper forget a file that turned out to be of no use. */
import { isUploadError } from "../../errors.js";
import type { FilesLeft } from "../files-left.js";

/**
 * The file that a keeper had was edited, moved or deleted meanwhile, or is not the one that it was taken for: the next `pending()` asks the
 * user for it.
 */
export async function forgettingUnreadable<T>(
  reading: Promise<T>,
  ids: readonly string[],
  { files }: { readonly files: Pick<FilesLeft, "release"> },
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isUploadError(error)) files.release(ids);
    throw error;
  }
}
