/** Sends HEAD for the object. A refusal counts as an answer. */
import { isUploadError, type UploadErrorCode } from "../../errors.js";
import type { SeenObject } from "../../store/object-store.js";
import type { RunContext } from "../context.js";

/**
 * @param bearable which errors mean "it cannot be known", and not that the run has failed
 * @returns undefined if there is no object, or it cannot be known
 */
export async function headObject(
  { world, target, reporter, signal }: RunContext,
  bearable: (code: UploadErrorCode) => boolean,
): Promise<SeenObject | undefined> {
  try {
    return await world.store.head(target.key, reporter.callOptions(signal));
  } catch (error) {
    if (isUploadError(error) && bearable(error.code)) return undefined;
    throw error;
  }
}
