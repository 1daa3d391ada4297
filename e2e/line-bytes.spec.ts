/**
 * What is promised of uploads over the lines that people have, counted in bytes at the store. How long they take is measured by
 * `pnpm bench`.
 */
import { join } from "node:path";
import { expect } from "@playwright/test";
import { bytesPerSecondOf } from "../scripts/line/shape.js";
import { pickAndOpen } from "./support/interrupting.js";
import { came, sentBytes, test } from "./support/on-a-line.js";
import { bucket, resultOf, startUpload, statesOf } from "./support/uploading.js";

const MiB = 2 ** 20;
const key = "film.bin";

test.describe("on a line", () => {
  test("no byte goes twice", async ({ page, emulator, openWithFile }) => {
    const size = 10 * MiB;
    await openWithFile({ size, seed: 2 });

    await resultOf(page, await startUpload(page, { key }));

    expect(sentBytes(emulator) / size).toBeLessThanOrEqual(1.01);
  });

  test("no byte goes twice when it falls from 20 to 2 Mbit/s, and the bar only moves on", async ({
    page,
    emulator,
    line,
    openWithFile,
  }) => {
    await line.change({ kbit: 20_000 });
    const size = 5 * MiB;
    await openWithFile({ size, seed: 3 });

    const index = await startUpload(page, { key });
    await came(emulator, size / 3);
    await line.change({ kbit: 2000 });
    await resultOf(page, index);
    const shown = (await statesOf(page, index)).map(
      ({ progress }) => (progress as { fraction?: number }).fraction ?? 0,
    );

    expect(sentBytes(emulator) / size).toBeLessThanOrEqual(1.01);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    expect(shown.at(-1)).toBe(1);
  });

  test("a reload in the middle sends no more than a tenth of it again", async ({
    page,
    emulator,
    openWithFile,
    directory,
  }) => {
    const size = 10 * MiB;
    await openWithFile({ size, seed: 4 });

    await startUpload(page, { key });
    await came(emulator, size / 2);
    await page.reload();
    await expect.poll(() => emulator.requests.some(({ phase }) => phase === "received")).toBe(false);
    const before = sentBytes(emulator);
    await pickAndOpen(page, emulator, join(directory, "film.bin"), {});
    await resultOf(page, await startUpload(page, { key }));

    expect((sentBytes(emulator) - size) / before).toBeLessThanOrEqual(0.1);
  });

  test("of a large file something is stored before four seconds of a slow line are on their way", async ({
    page,
    emulator,
    line,
    openWithFile,
  }) => {
    const fourSeconds = 4 * bytesPerSecondOf(2000);
    await line.change({ kbit: 2000 });
    await openWithFile({ size: 40 * MiB, seed: 5 });

    await startUpload(page, { key });
    const isStored = () => emulator.uploads(bucket).some(({ storedBytes }) => storedBytes > 0);
    await emulator.waitForRequest(() => isStored() || sentBytes(emulator) > fourSeconds);

    expect(isStored()).toBe(true);
  });
});
