/** The same file in two tabs is sent by one of them; the other says so, waits, and takes over when that one is gone. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { PendingUpload, UploadError } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { startAndHold } from "./support/interrupting.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import type { PageServer } from "./support/page-server.js";
import { ascending } from "./support/resumed.js";
import { seen, tell } from "./support/steering.js";
import {
  bucket,
  discardPending,
  openUploader,
  pendingUploads,
  resultOf,
  startUpload,
  stateOf,
  storedParts,
} from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";
const tenParts = { size: 10 * partSize, seed: 1 };
const twoLanes = { partSize, concurrency: 2 };
const allTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Four of ten parts are stored by this page; two are at the store, but held there. */
const fourOfTen = (page: Page, emulator: Emulator) => startAndHold(page, emulator, 4, () => startUpload(page, { key }));

/** Another tab of the same browser, with the same file picked. */
async function openSecond(page: Page, pageServer: PageServer, emulator: Emulator, path: string): Promise<Page> {
  const second = await page.context().newPage();
  await second.goto(pageServer.page());
  await second.setInputFiles("input", path);
  await openUploader(second, emulator, twoLanes);
  return second;
}

const endings: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "is closed": (page) => page.close(),
  crashes: async (page) => {
    const crashed = page.waitForEvent("crash");
    const session = await page.context().newCDPSession(page);
    // It has nobody left to answer it.
    session.send("Page.crash").catch(() => undefined);
    await crashed;
  },
};

for (const [how, end] of Object.entries(endings)) {
  test(`when the tab that sends ${how}, the one that waits goes on, and no part is sent twice`, async ({
    page,
    pageServer,
    emulator,
    openWithFile,
  }) => {
    const path = await openWithFile(tenParts, twoLanes);
    const held = await fourOfTen(page, emulator);
    const second = await openSecond(page, pageServer, emulator, path);
    await startUpload(second, { key });
    await seen(second, { waiting: "other-tab" });
    const underWay = emulator.requests.filter(({ phase }) => phase === "received");
    const hasLooked = emulator.requests.some(({ action }) => action === "ListParts");

    await end(page);
    for (const request of underWay)
      await emulator.waitForRequest((entry) => entry === request && entry.phase === "dropped");
    // Two of the first tab's, two of the second's.
    await held.waitForHit(4);
    const atTakeover = await stateOf(second);
    held.remove();
    const result = await resultOf(second);

    expect(hasLooked).toBe(false);
    expect(underWay).toHaveLength(2);
    expect(atTakeover).toMatchObject({ phase: "uploading", waiting: null, progress: { resumedBytes: 4 * partSize } });
    expect(result).toMatchObject({ verified: "crc64", resumedBytes: 4 * partSize, sentBytes: 6 * partSize });
    expect(ascending(storedParts(emulator))).toEqual(allTen);
    expect(emulator.object(bucket, key)?.size).toBe(10 * partSize);
    expect(await leftBehind(second, emulator)).toEqual(nothing);
  });
}

for (const ifExists of ["replace", "forbid"] as const) {
  test(`a file that another tab sends in one request is not sent again by the tab that waited for it (${ifExists})`, async ({
    page,
    pageServer,
    emulator,
    openWithFile,
  }) => {
    const path = await openWithFile({ size: 50_000, seed: 2 }, twoLanes);
    const held = emulator.faults.add({
      on: ["PostObject", "PutObject"],
      fault: { kind: "hold", when: "before-effect" },
    });
    await startUpload(page, { key, ifExists });
    await held.waitForHit();
    const second = await openSecond(page, pageServer, emulator, path);
    await startUpload(second, { key, ifExists });
    await seen(second, { waiting: "other-tab" });

    held.release();
    const first = await resultOf(page);
    const result = await resultOf(second);

    expect(first).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0, etag: first.etag });
    expect(emulator.requests.filter(({ action = "" }) => /^(Post|Put)Object$/.test(action))).toHaveLength(1);
    expect(await leftBehind(second, emulator)).toEqual(nothing);
  });
}

test("when the tab that sends cancels, the one that waits sends the file itself, and keeps its upload", async ({
  page,
  pageServer,
  emulator,
  openWithFile,
}) => {
  const path = await openWithFile(tenParts, twoLanes);
  const held = await fourOfTen(page, emulator);
  const second = await openSecond(page, pageServer, emulator, path);
  await startUpload(second, { key });
  await seen(second, { waiting: "other-tab" });

  await tell(page, "cancel");
  await held.waitForHit(4);
  held.remove();
  const result = await resultOf(second);

  expect(await stateOf(page)).toMatchObject({ phase: "cancelled" });
  expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", resumedBytes: 0, sentBytes: 10 * partSize });
  await expectLeftSoon(second, emulator);
});

test("what another tab is sending is shown as active, and can be neither resumed nor discarded here", async ({
  page,
  pageServer,
  emulator,
  openWithFile,
}) => {
  const path = await openWithFile(tenParts, twoLanes);
  const held = await fourOfTen(page, emulator);
  const second = await openSecond(page, pageServer, emulator, path);

  const [offered] = await pendingUploads(second);
  const refusals = await refusalsOf(second);
  await tell(page, "pause");
  const [afterwards] = await pendingUploads(second);
  await discardPending(second);

  expect(offered).toMatchObject({ key, active: true, storedBytes: 4 * partSize });
  expect(refusals).toEqual({ resume: "locked", discard: "locked" });
  expect(afterwards).toMatchObject({ key, active: false });
  await expectLeftSoon(second, emulator);
  held.remove();
});

/** Which codes resuming and discarding the first of the listed uploads are refused with. */
async function refusalsOf(page: Page) {
  return await page.evaluate(async () => {
    const pending = window.ossicle.pending[0] as PendingUpload;
    const file = document.querySelector("input")?.files?.[0] as File;
    const codeOf = (attempt: Promise<unknown>) =>
      attempt.then(
        () => "none",
        (error: UploadError) => error.code,
      );
    return { resume: await codeOf(pending.resume(file)), discard: await codeOf(pending.discard()) };
  });
}
