/** One answer that never comes holds up neither other uploads nor, for long, its own; and what was stored is not sent again. */
import { expect, test } from "./fixtures.js";
import { pickBoth } from "./support/fault-scenes.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, openUploader, resultOf, startUpload, stateOf } from "./support/uploading.js";

const KiB = 1024;
const partSize = 256 * KiB;
const retry = { stallTimeoutMs: 1_500, baseDelayMs: 5 };
/** Of the file that `pickBoth` makes of whole files of four parts. */
const parts = 12;
const others = ["a.bin", "b.bin", "c.bin", "d.bin"];

test.beforeEach(async ({ page, pageServer }) => await page.goto(pageServer.page()));

for (const connections of [undefined, 2] as const) {
  test(`of five uploads over ${connections ?? "the usual"} connections four end while one waits for an answer`, async ({
    page,
    emulator,
    directory,
  }) => {
    const [sha256] = await pickBoth(page, directory, 4 * partSize);
    await openUploader(page, emulator, { partSize, retry, ...(connections && { connections }) });
    const silence = emulator.faults.add({
      on: "UploadPart",
      key: "silent.bin",
      partNumber: 2,
      fault: { kind: "stall", when: "before-answer" },
    });

    await startUpload(page, { key: "silent.bin" });
    await silence.waitForHit();
    for (const key of others) await startUpload(page, { key });
    const results = await Promise.all(others.map((_, index) => resultOf(page, index + 1)));
    const silent = await stateOf(page, 0);
    await resultOf(page, 0);

    expect(results).toHaveLength(others.length);
    expect(silent.phase).toBe("uploading");
    for (const key of ["silent.bin", ...others]) expect(await emulator.sha256(bucket, key), key).toBe(sha256);
    const sent = emulator.requests.filter(({ action, key }) => action === "UploadPart" && key === "silent.bin");
    const numbers = sent.map(({ partNumber = 0 }) => partNumber).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: parts }, (_, index) => index + 1));
    silence.remove();
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
