/**
 * Whatever goes wrong with a request, and with whichever, the object is the file or the error says why, and nothing is left
 * behind. `fault-stories.ts` is the table of what befalls what, and why some things cannot.
 */
import type { FaultHandle } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import { ended, firstError, inputFor, patient, pickBoth, prepare, storedAs } from "./support/fault-scenes.js";
import { stories } from "./support/fault-stories.js";
import { type Action, befallen, faultOf, hears, type Story } from "./support/fault-story.js";
import { countTimers, leftAfterClose, nothingAtAll } from "./support/left-behind.js";
import { bucket, finished, openUploader } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer }) => {
  await countTimers(page);
  await page.goto(pageServer.page());
});

for (const story of Object.values<Story>(stories)) {
  const { what, says, ends, orphan = false, oneByOne = false } = story;
  const isFailure = ends === "with the object, and an error";

  test(`a request that ${what} harms no object`, async ({ page, emulator, directory, browserName }) => {
    const sha256s = await pickBoth(page, directory);
    await openUploader(page, emulator, patient);
    const scenes = [];
    for (const action of befallen(story)) scenes.push(await prepare(page, emulator, action));
    const over = async (action: Action, index: number) => {
      if (!isFailure) return await ended(page, action, index);
      expect(await finished(page, index), action).toMatchObject({ error: { code: says[action], action } });
    };

    const begun: { readonly action: Action; readonly index: number; readonly fault: FaultHandle }[] = [];
    for (const [turn, { action, begin }] of scenes.entries()) {
      const fault = emulator.faults.add({ on: action, key: action, fault: faultOf(story, turn) });
      const index = await begin();
      begun.push({ action, index, fault });
      if (ends === "when it is let go") {
        // One at a time: the browser has six connections, and all of them would be kept.
        await fault.waitForHit();
        fault.remove();
      }
      if (oneByOne) await over(action, index);
    }

    for (const { action, index, fault } of begun) {
      await over(action, index);
      expect(hears(story, action, browserName), action).toContain(await firstError(page, index, action));
      expect(fault.hits, action).toBe(1);
      const sha256 = action === "AbortMultipartUpload" ? undefined : sha256s[inputFor(action)];
      expect(await storedAs(emulator, action), action).toBe(sha256);
    }
    const orphans = orphan ? [{ key: "InitiateMultipartUpload", partCount: 0 }] : [];
    expect(emulator.uploads(bucket)).toMatchObject(orphans);
    expect(await leftAfterClose(page, emulator)).toEqual({ ...nothingAtAll, uploadIds: orphans.length });
  });
}
