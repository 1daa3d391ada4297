/** Goes on with what earlier pages left, as far as nobody has to do anything for it. */
import type { PendingUpload } from "../../api/uploader.js";

/** @returns `resumeAll` of an engine. Calls that come while one is under way share it: each would else find the same uploads */
export function resumesAll<Page>(
  pending: (page: Page) => Promise<PendingUpload[]>,
): (page: Page) => Promise<PendingUpload[]> {
  let underway: Promise<PendingUpload[]> | undefined;
  return async (page) => {
    underway ??= pending(page)
      .then(goOn)
      .finally(() => {
        underway = undefined;
      });
    // A list for each caller, who may sort it.
    return [...(await underway)];
  };
}

/** @returns what did not go on, in the same order */
async function goOn(left: readonly PendingUpload[]): Promise<PendingUpload[]> {
  const wentOn = await Promise.all(left.map((entry) => needsNobody(entry) && resumed(entry)));
  return left.filter((_, index) => !wentOn[index]);
}

function needsNobody({ needs, needsCallback, paused, active }: PendingUpload): boolean {
  return needs === "nothing" && !needsCallback && !paused && !active;
}

/** What it fails with, a file that was edited or another tab that was faster, its own `resume()` says again when the user asks for it. */
async function resumed(entry: PendingUpload): Promise<boolean> {
  try {
    await entry.resume();
    return true;
  } catch {
    return false;
  }
}
