/** What apps do with their uploads, at any time and from listeners, in a browser: random stories, and what must hold after each. */
import type { Emulator, FaultSpec } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket } from "./support/uploading.js";
import { type WildStory, wildStories } from "./support/wild-stories.js";

const partSize = 102_400;
const faults: Readonly<Record<WildStory["fault"], FaultSpec["fault"] | undefined>> = {
  none: undefined,
  reset: { kind: "reset" },
  "lose-answer": { kind: "lose-answer" },
  forbidden: { kind: "error", status: 403, code: "AccessDenied" },
};

/** Plays a story in the page until nothing is under way. @returns what is wrong. By then everything is cancelled */
async function play(page: Page, story: WildStory, key: string): Promise<readonly string[]> {
  return await page.evaluate(
    async ({ story, key }) => await (await import("ossicle-wild-app")).playWildly(story, key),
    { story, key },
  );
}

/** An Initiate that was cut may have taken effect: of that upload id the page knows nothing, and no part is sent to it. */
async function left(page: Page, emulator: Emulator) {
  const begun = emulator.uploads(bucket).filter(({ uploadId }) => emulator.parts(bucket, uploadId).length > 0);
  return { ...(await leftBehind(page, emulator)), uploadIds: begun.length };
}

for (const seed of [1, 2]) {
  test(`whatever an app does with its uploads, they settle rightly and leave nothing behind (${seed})`, async ({
    page,
    emulator,
    openWithFile,
  }) => {
    await openWithFile({ size: 4 * partSize + 1, seed: 1 }, { partSize, concurrency: 2, retry: { baseDelayMs: 10 } });

    for (const [index, story] of wildStories(12, seed).entries()) {
      const fault = faults[story.fault];
      const handle = fault && emulator.faults.add({ on: "UploadPart", after: index % 4, times: 1, fault });
      expect(await play(page, story, `${index}.bin`), JSON.stringify(story)).toEqual([]);
      handle?.remove();
      await expect.poll(() => left(page, emulator), JSON.stringify(story)).toEqual(nothing);
    }

    const errors = (await page.consoleMessages()).filter((message) => message.type() === "error");
    // The browser's own words for a connection that was reset, and for a 403.
    expect(errors.map((error) => error.text()).filter((text) => !text.startsWith("Failed to load resource"))).toEqual(
      [],
    );
  });
}
