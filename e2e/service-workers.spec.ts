/** A service worker of the page's own site has its hands in every request, and answers where the store does not. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { pickBoth } from "./support/fault-scenes.js";
import { partSize } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import {
  installServiceWorker,
  removeServiceWorker,
  type ServiceWorkerName,
  serviceWorkers,
  siteWith,
} from "./support/service-workers.js";
import { tell } from "./support/steering.js";
import { bucket, finished, openUploader, resultOf, startUpload } from "./support/uploading.js";

const impatient = { baseDelayMs: 5, maxDelayMs: 20, giveUpAfterMs: 300 };
const names = Object.keys(serviceWorkers) as readonly ServiceWorkerName[];
/** The first goes up in three parts, the second in one request. */
const keys = ["cut.bin", "whole.bin"];

async function expectStored(page: Page, emulator: Emulator, sha256s: readonly string[]): Promise<void> {
  for (const index of keys.keys()) {
    expect(await resultOf(page, index)).toMatchObject({ verified: "crc64", alreadyStored: false });
  }
  expect(await Promise.all(keys.map((key) => emulator.sha256(bucket, key)))).toEqual(sha256s);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
}

async function start(page: Page): Promise<void> {
  for (const [input, key] of keys.entries()) await startUpload(page, { key }, { input });
}

for (const name of names.filter((name) => !name.endsWith("PUT"))) {
  test(`with a service worker that ${name}, files go up while the store answers`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    await page.goto(siteWith(pageServer, name));
    const sha256s = await pickBoth(page, directory);
    await installServiceWorker(page);
    await openUploader(page, emulator, { partSize });

    await start(page);

    await expectStored(page, emulator, sha256s);
  });
}

for (const name of names.filter((name) => name.endsWith("what nobody else does"))) {
  for (const [when, on] of [
    ["from the beginning", "InitiateMultipartUpload"],
    ["from the first part on", "UploadPart"],
    ["when all parts are stored", "CompleteMultipartUpload"],
  ] as const) {
    test(`with a service worker that ${name}, nothing is completed while the store cannot be reached ${when}`, async ({
      page,
      pageServer,
      emulator,
      directory,
    }) => {
      await page.goto(siteWith(pageServer, name));
      const sha256s = await pickBoth(page, directory);
      await installServiceWorker(page);
      await openUploader(page, emulator, { partSize, retry: impatient, smallFiles: "put" });
      const faults = [on, "PutObject"].map((action) =>
        emulator.faults.add({ on: action as typeof on, times: "always", fault: "refuse" }),
      );

      await start(page);
      const outcomes = [await finished(page, 0), await finished(page, 1)];

      for (const [turn, action] of [on, "PutObject"].entries()) {
        expect(outcomes[turn]).toMatchObject({ error: { code: "server", action, temporary: true, resumable: true } });
        expect(outcomes[turn]).toHaveProperty("error.hint", expect.stringContaining("service worker"));
        expect(faults[turn]?.hits).toBeGreaterThan(0);
      }
      expect(emulator.objects(bucket)).toEqual([]);

      emulator.faults.clear();
      for (const index of keys.keys()) await tell(page, "resume", index);
      await expectStored(page, emulator, sha256s);
    });
  }
}

test("a service worker that says of every PUT that all is well is not believed, and files go up once it is gone", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(siteWith(pageServer, "answers nothing, and that all is well, to every PUT"));
  const sha256s = await pickBoth(page, directory);
  await installServiceWorker(page);
  await openUploader(page, emulator, { partSize, retry: impatient, smallFiles: "put" });

  await start(page);
  const outcomes = [await finished(page, 0), await finished(page, 1)];

  for (const [turn, action] of ["UploadPart", "PutObject"].entries()) {
    expect(outcomes[turn]).toMatchObject({ error: { code: "server", action, temporary: true, resumable: true } });
    expect(outcomes[turn]).toHaveProperty("error.hint", expect.stringContaining("service worker"));
  }
  expect(emulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  expect(emulator.objects(bucket)).toEqual([]);

  await removeServiceWorker(page);
  await page.reload();
  await pickBoth(page, directory);
  await openUploader(page, emulator, { partSize });
  await start(page);
  await expectStored(page, emulator, sha256s);
});
