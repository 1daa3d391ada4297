/** Waits for the file, but not for ever: what lies on a drive that hangs is never opened, and gives no error either. */
import { UploadError } from "../../errors.js";
import type { Clock } from "../../platform/clock.js";
import { silentDrive } from "../../silent-drive.js";

export interface Patience {
  readonly clock: Pick<Clock, "sleep">;
  readonly stallTimeoutMs: number;
  /** Ends the wait at once. The read that hangs is left behind: nothing ends it. */
  readonly signal: AbortSignal;
}

/** @throws UploadError "file-unreadable" when it took too long; the signal's reason once it is aborted */
export async function inTime<T>({ clock, stallTimeoutMs, signal }: Patience, read: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const waiting = AbortSignal.any([signal, answered.signal]);
  const tooLate = async () => {
    // Two sleeps: when a laptop wakes up one is over at once, and the drive still has the other one to answer.
    await clock.sleep(stallTimeoutMs / 2, waiting);
    await clock.sleep(stallTimeoutMs / 2, waiting);
    throw new UploadError("file-unreadable", `It did not answer for ${stallTimeoutMs} ms`, { hint: silentDrive });
  };
  try {
    return await Promise.race([read, tooLate()]);
  } finally {
    answered.abort();
  }
}
