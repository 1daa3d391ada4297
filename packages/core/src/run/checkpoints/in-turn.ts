/** Notes are written and removed one at a time: there may be thousands, and records of parts come in between. */
import type { Priority, Slots } from "../../slots.js";

/** @param until aborted when it is too late. What has begun then ends. Default: it is never too late */
export async function inTurn(
  turns: Slots,
  priority: Priority,
  act: () => Promise<void>,
  until = new AbortController().signal,
): Promise<void> {
  let release: () => void;
  try {
    release = await turns.acquire(priority, until);
  } catch {
    return; // Too late: waiting for a turn has no other way to fail.
  }
  await act().finally(release);
}
