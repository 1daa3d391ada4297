/** A browser's database that is missing, full or silent costs a warning, never the upload. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { deleteDatabase } from "./support/checkpoints.js";
import { sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen, stopHalfway } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { numbersTo } from "./support/resumed.js";
import { holdAfter } from "./support/steering.js";
import {
  account,
  bucket,
  partsStored,
  pendingUploads,
  resultOf,
  startUpload,
  stateOf,
  statesOf,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const total = 8;
const shape = { size: total * partSize, seed: 1 };

/** What is done to a page before the library loads, and what the warning has to name. */
const troubles: Readonly<Record<string, { readonly spoil: () => void; readonly word: string }>> = {
  "is missing": {
    spoil: () => Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
    word: "TypeError",
  },
  "may not be opened": {
    spoil: () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("not in this window", "SecurityError");
      };
    },
    word: "SecurityError",
  },
  "has no room to be opened": {
    spoil: () => {
      IDBFactory.prototype.open = () => {
        const request = new EventTarget() as IDBOpenDBRequest;
        Object.defineProperty(request, "error", { value: new DOMException("no room", "QuotaExceededError") });
        queueMicrotask(() => request.onerror?.(new Event("error")));
        return request;
      };
    },
    word: "QuotaExceededError",
  },
  "does not answer, as an old tab holds up a newer one": {
    spoil: () => {
      // The first connection ignores that the second wants it gone; whoever comes next waits behind both.
      const old = indexedDB.open("ossicle", 1);
      old.onupgradeneeded = () => old.result.createObjectStore("checkpoints");
      old.onsuccess = () => {
        indexedDB.open("ossicle", 2).onblocked = () => document.documentElement.setAttribute("data-blocked", "");
      };
    },
    word: "no answer within 10 seconds",
  },
};

for (const [what, { spoil, word }] of Object.entries(troubles)) {
  test(`with a database that ${what}, an upload completes, and says once that it would not survive`, async ({
    page,
    pageServer,
    emulator,
    openWithFile,
  }) => {
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await page.goto(pageServer.page());
    await page.addInitScript(spoil);
    const path = await openWithFile(shape, { partSize });
    if (what.startsWith("does not answer")) await page.locator("html[data-blocked]").waitFor({ state: "attached" });

    await startUpload(page, { key });
    const result = await resultOf(page);
    const pending = await pendingUploads(page);

    const uploading = (await statesOf(page)).filter(({ phase }) => phase === "uploading");
    expect(uploading.length).toBeGreaterThan(0);
    expect(uploading).not.toContainEqual(expect.objectContaining({ resumable: true }));
    expect(result).toMatchObject({ verified: "crc64", sentBytes: shape.size });
    expect(pending).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(word)]);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(emulator.uploads(bucket)).toEqual([]);
    expect(await page.pageErrors()).toEqual([]);
  });
}

test("with a database that is full after three parts, an upload completes, and nothing of it stays", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    let parts = 0;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if ((key as [id: string, part: number])[1] > 0 && ++parts > 3)
        throw new DOMException("no room", "QuotaExceededError");
      return put.call(this, value, key);
    };
  });
  const path = await openWithFile(shape, { partSize });

  await startUpload(page, { key });
  const result = await resultOf(page);
  const pending = await pendingUploads(page);

  const uploading = (await statesOf(page)).filter(({ phase }) => phase === "uploading");
  expect(uploading[0]).toMatchObject({ resumable: true });
  expect(uploading.at(-1)).toMatchObject({ resumable: false });
  expect(result).toMatchObject({ verified: "crc64", sentBytes: shape.size });
  expect(pending).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining("QuotaExceededError")]);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an upload that is paused after the database became full goes on from memory", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if ((key as [id: string, part: number])[1] > 0) throw new DOMException("no room", "QuotaExceededError");
      return put.call(this, value, key);
    };
  });
  await page.goto(pageServer.page());
  // Our record alone has to know what is stored.
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:AbortMultipartUpload"]);
  const halfway = await stopHalfway(page, emulator, { total: 14, stored: 5, directory });
  await page.evaluate(() => window.ossicle.uploads[0]?.pause());
  await halfway.lift();

  await page.evaluate(() => window.ossicle.uploads[0]?.resume());
  await resultOf(page);

  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(14));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

/** Both close the library's connection under its hands, one politely. */
const clearings: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "deleted by another page": deleteDatabase,
  "cleared by the user, with all that the site keeps": async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes: "all" });
    await devtools.detach();
  },
};

for (const [how, clear] of Object.entries(clearings)) {
  test(`an upload whose database is ${how} while parts go up stays resumable, and a later page goes on with it`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await page.goto(pageServer.page());
    // Its record alone says to the later page what is stored.
    emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:AbortMultipartUpload", "oss:GetObject"]);
    const halfway = await stopHalfway(page, emulator, { total: 20, stored: 5, directory });
    await clear(page);
    // It ends the first stop, and is there before the next parts are on their way.
    const second = holdAfter(emulator, 0);
    halfway.release();
    await Promise.all([partsStored(page, 11), second.waitForHit(3)]);
    const before = await stateOf(page);

    await page.reload();
    await lift(emulator, second);
    await pickAndOpen(page, emulator, halfway.path, { partSize });
    await startUpload(page, { key });
    await resultOf(page);

    expect(before).toMatchObject({ phase: "uploading", resumable: true });
    expect(warnings).toEqual([]);
    expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(20));
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(halfway.path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
