/** A page that is left in the middle of an upload: the upload goes on without it, and the next page is told, or takes it over. */
import { expect, test } from "./fixtures.js";
import { aThirdStored, completed, finishing } from "./support/after-page.js";
import { sha256Of } from "./support/files.js";
import { expectLeftSoon, nothing } from "./support/left-behind.js";
import { bucket, openUploader, pendingUploads, resultOf, resumePending } from "./support/uploading.js";

const key = "film.bin";

test("an upload whose tab is closed at a third is finished by nobody's page, and the next tab is told once", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const { path, size } = await aThirdStored(page, emulator, { directory });
  const next = await page.context().newPage();

  await page.close();
  await completed(emulator);
  await next.goto(url);
  await openUploader(next, emulator, finishing);
  const told = await pendingUploads(next);
  emulator.clearRequests();
  const index = await resumePending(next);
  const result = await resultOf(next, index);

  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(told).toMatchObject([
    { key, needs: "nothing", active: false, fraction: 1, result: { key, size, verified: "crc64" } },
  ]);
  expect(result).toEqual(told[0]?.result);
  expect(emulator.requests).toEqual([]);
  expect(await pendingUploads(next)).toEqual([]);
  await expectLeftSoon(next, emulator, nothing);
});
