/** Waits for the file, but not for ever: what lies on a drive that hangs is never opened, and gives no error either. */
import { UploadError } from "../../errors.js";
import { orLate } from "../../or-late.js";
import { silentDrive } from "../../silent-drive.js";
import type { World } from "../context.js";

/**
 * @param signal ends the wait at once; the read that hangs is left behind, because nothing ends it
 * @throws UploadError "file-unreadable" when it took longer than `ms`; the signal's reason once it is aborted
 */
export function answerOfDrive<T>(read: Promise<T>, ms: number, { clock }: World, signal: AbortSignal): Promise<T> {
  const late = () => new UploadError("file-unreadable", `It did not answer for ${ms} ms`, { hint: silentDrive });
  return orLate(read, ms, clock, late, signal);
}
