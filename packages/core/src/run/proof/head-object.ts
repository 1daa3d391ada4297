/** Asks the store for the object, where a refusal is an answer too. */
import { isUploadError, type UploadErrorCode } from "../../errors.js";
import type { SeenObject } from "../../store/object-store.js";
import type { RunContext } from "../context.js";

/**
 * @param bearable which failures mean "we cannot know" and not that the run has failed
 * @returns undefined when there is no object, or no saying
 */
export async function headOrNothing(
  { world, target, reporter, signal }: RunContext,
  bearable: (code: UploadErrorCode) => boolean,
): Promise<SeenObject | undefined> {
  try {
    return await world.store.head(target.key, reporter.call(signal));
  } catch (error) {
    if (isUploadError(error) && bearable(error.code)) return undefined;
    throw error;
  }
}
