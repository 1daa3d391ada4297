/** A browser's database that is missing, full or silent costs a warning, never the upload. */
import { expect, test } from "./fixtures.js";
import { sha256Of } from "./support/files.js";
import { partSize, stopHalfway } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { numbersTo } from "./support/resumed.js";
import { account, bucket, pendingUploads, resultOf, startUpload, statesOf, storedParts } from "./support/uploading.js";

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
