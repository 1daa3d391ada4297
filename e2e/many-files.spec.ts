/** Many files at once share the connections that a browser has to a host, and all arrive. */
import { join } from "node:path";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { mostAtOnce, mostSentAtOnce } from "./support/steering.js";
import { bucket, openUploader, resultOf, startUpload } from "./support/uploading.js";

const partSize = 102_400;

for (const [concurrency, first, most] of [
  // Three while nothing is known of the line.
  ["auto", 3, 6],
  [6, 6, 6],
  [2, 2, 2],
] as const) {
  test(`20 small and 3 large files begin over ${first} connections, and take ${most} at most, with concurrency ${concurrency}`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    const sizes = Array.from({ length: 23 }, (_, index) => (index % 8 === 3 ? 20 * partSize + index : 1000 + index));
    const paths = await Promise.all(
      sizes.map((size, index) => createFile(join(directory, `${index}.bin`), { size, seed: index })),
    );
    await page.goto(pageServer.page());
    await page.setInputFiles("input", paths);
    await openUploader(page, emulator, { partSize, concurrency, smallFiles: "put" });
    const atOnce = mostAtOnce(emulator);
    const held = emulator.faults.add({
      on: ["PutObject", "InitiateMultipartUpload"],
      times: first,
      fault: { kind: "hold", when: "before-effect" },
    });

    for (const index of sizes.keys()) await startUpload(page, { key: `${index}.bin` }, { input: index });
    await held.waitForHit(first);
    held.remove();
    const results = await Promise.all(sizes.map((_, index) => resultOf(page, index)));

    // With "auto" two more may wait in the browser while bodies are brief: a connection that is free has the next one at once.
    const handedOver = most + (concurrency === "auto" ? 2 : 0);
    for (const [seen, atMost] of [
      [atOnce(), most],
      [await mostSentAtOnce(page), handedOver],
    ] as const) {
      expect(seen).toBeGreaterThanOrEqual(first);
      expect(seen).toBeLessThanOrEqual(atMost);
    }
    expect(results.map(({ size, verified }) => [size, verified])).toEqual(sizes.map((size) => [size, "crc64"]));
    for (const [index, path] of paths.entries()) {
      expect(await emulator.sha256(bucket, `${index}.bin`)).toBe(await sha256Of(path));
    }
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("the sum over all files is told, and is all of them once they are there", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const paths = await Promise.all(
    [1, 2, 3].map((seed) => createFile(join(directory, `${seed}.bin`), { size: 2 * partSize + seed, seed })),
  );
  await page.goto(pageServer.page());
  await page.setInputFiles("input", paths);
  await openUploader(page, emulator, { partSize });
  const held = emulator.faults.add({ on: "UploadPart", partNumber: 3, times: "always", fault: "hold" });

  for (const index of paths.keys()) await startUpload(page, { key: `${index}.bin` }, { input: index });
  await held.waitForHit(3);
  await page.waitForFunction(() => window.ossicle.uploader.progress.parts.stored === 6);
  const underWay = await page.evaluate(() => window.ossicle.uploader.progress);
  held.remove();
  for (const index of paths.keys()) await resultOf(page, index);
  const afterwards = await page.evaluate(() => window.ossicle.uploader.progress);

  expect(underWay).toMatchObject({
    totalBytes: 6 * partSize + 6,
    storedBytes: 6 * partSize,
    parts: { total: 9, stored: 6, inFlight: 3 },
  });
  expect(afterwards).toMatchObject({
    totalBytes: 6 * partSize + 6,
    storedBytes: 6 * partSize + 6,
    parts: { total: 9, stored: 9, inFlight: 0 },
  });
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
