/**
 * An object at the key finishes an upload only if the upload can have made it: after its Complete was sent, no older than that, and
 * with what was asked for. Everything else is begun anew.
 */
import { defaultCorsRules, type Emulator, type FaultSpec } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { type AppServer, type Callback, serveApp } from "./support/app-server.js";
import { createFilm, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { ascending, numbersTo } from "./support/resumed.js";
import { seen, tell } from "./support/steering.js";
import {
  bucket,
  openUploader,
  partsStored,
  pendingUploads,
  resultOf,
  resumePending,
  startUpload,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const total = 5;
const size = total * partSize - 5;
const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5 } } as const;
const asked: UploadOptions = { key, contentType: "video/mp4", metadata: { owner: "ada" }, acl: "private" };
/** What the object at the key was asked to be when it was stored, an hour before. */
const older: Readonly<Record<string, UploadOptions>> = {
  "another ACL": { ...asked, acl: "public-read" },
  "all that was asked for": asked,
};
/** What HEAD can tell of an object that is new. */
const others: Readonly<Record<string, UploadOptions>> = {
  "another content type": { ...asked, contentType: "video/webm" },
  "other metadata": { ...asked, metadata: { owner: "eve" } },
  "more metadata": { ...asked, metadata: { owner: "ada", also: "eve" } },
};
const hour = 3_600_000;

const film = (directory: string) => createFilm(directory, size);
/** With every x-oss-meta-* of these stories in the CORS rule: without, the page could not see metadata at all. */
function exposeMetadata(emulator: Emulator): void {
  const names = ["x-oss-meta-owner", "x-oss-meta-also"];
  const rules = defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: [...(rule.exposeHeaders ?? []), ...names] }));
  emulator.setCors(bucket, rules);
}

/** Stores the file's bytes as another page did an hour ago. */
async function storeBefore(page: Page, emulator: Emulator, path: string, as: UploadOptions): Promise<void> {
  emulator.skewClock(-hour);
  await pickAndOpen(page, emulator, path, options);
  await resultOf(page, await startUpload(page, as));
  emulator.skewClock(0);
  await page.reload();
  emulator.clearRequests();
}

/** The object is the one that was asked for, and was made by this upload. */
function expectAsAsked(emulator: Emulator, before: { readonly lastModified: number } | undefined): void {
  const object = emulator.object(bucket, key);
  expect(object).toMatchObject({
    headers: { "content-type": "video/mp4" },
    metadata: { owner: "ada" },
    acl: "private",
  });
  expect(Object.keys(object?.metadata ?? {})).toEqual(["owner"]);
  if (before !== undefined) expect((object?.lastModified ?? 0) - before.lastModified).toBeGreaterThan(hour / 2);
}

const losses: Readonly<Record<string, FaultSpec>> = {
  Complete: { on: "CompleteMultipartUpload", fault: "gone" },
  "a part": { on: "UploadPart", partNumber: 4, fault: "gone" },
};

test.beforeEach(async ({ page, pageServer, emulator }) => {
  exposeMetadata(emulator);
  await page.goto(pageServer.page());
});

for (const [what, as] of Object.entries(older)) {
  for (const [where, fault] of Object.entries(losses)) {
    test(`an older object of the same bytes with ${what} is not taken for ours when the upload is gone at ${where}`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await film(directory);
      await storeBefore(page, emulator, path, as);
      const before = emulator.object(bucket, key);
      await pickAndOpen(page, emulator, path, options);
      const gone = emulator.faults.add(fault);

      const result = await resultOf(page, await startUpload(page, asked));

      expect(gone.hits).toBe(1);
      expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
      expectAsAsked(emulator, before);
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`an older object of the same bytes with ${what} is not taken for ours when the upload is gone after a reload`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await storeBefore(page, emulator, path, as);
    const before = emulator.object(bucket, key);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await Promise.all([held.waitForHit(2), partsStored(page, 2)]);
    await page.reload();
    await lift(emulator, held);
    await pickAndOpen(page, emulator, path, options);
    const gone = emulator.faults.add({ on: "ListParts", fault: "gone" });

    const result = await resultOf(page, await startUpload(page, asked));

    expect(gone.hits).toBe(1);
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", resumedBytes: 0 });
    expectAsAsked(emulator, before);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`an older object of the same bytes with ${what} is not taken for ours when Complete was sent, the page loaded anew, and the upload gone`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await storeBefore(page, emulator, path, as);
    const before = emulator.object(bucket, key);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({
      on: "CompleteMultipartUpload",
      fault: { kind: "hold", when: "before-effect" },
    });
    await startUpload(page, asked);
    await held.waitForHit();
    await page.reload();
    await lift(emulator, held);
    await pickAndOpen(page, emulator, path, options);
    const gone = emulator.faults.add({ on: ["ListParts", "CompleteMultipartUpload"], fault: "gone" });

    const result = await resultOf(page, await startUpload(page, asked));

    expect(gone.hits).toBe(1);
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expectAsAsked(emulator, before);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

/** How the page that sent Complete comes to hear nothing of it. */
const ends: Readonly<Record<string, (page: Page, emulator: Emulator, path: string) => Promise<number>>> = {
  "in the same run": async (page, emulator) => {
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });
    return await startUpload(page, asked);
  },
  "and the page is loaded anew": async (page, emulator, path) => {
    await loseAnswerAndReload(page, emulator, asked);
    await pickAndOpen(page, emulator, path, options);
    return await startUpload(page, asked);
  },
};

/** Complete takes effect, and the page goes before it hears of it. */
async function loseAnswerAndReload(page: Page, emulator: Emulator, as: UploadOptions): Promise<void> {
  const held = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "hold" });
  await startUpload(page, as);
  await held.waitForHit();
  await page.reload();
  await lift(emulator, held);
}

for (const [how, end] of Object.entries(ends)) {
  test(`an object whose Complete was answered to nobody is recognised ${how}`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await end(page, emulator, path));

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64" });
    expect(ascending(storedParts(emulator))).toEqual(numbersTo(total));
    expectAsAsked(emulator, undefined);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`an object whose Complete was answered to nobody is made anew where metadata is hidden, ${how}`, async ({
    page,
    emulator,
    directory,
  }) => {
    emulator.setCors(bucket, defaultCorsRules);
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await end(page, emulator, path));

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expect(storedParts(emulator)).toHaveLength(2 * total);
    expectAsAsked(emulator, undefined);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

for (const [what, theirs] of Object.entries(others)) {
  test(`an object with ${what} that another writer has put in the place of ours meanwhile is not taken for it`, async ({
    page,
    emulator,
    directory,
    context,
    pageServer,
  }) => {
    const path = await film(directory);
    const other = await context.newPage();
    await other.goto(pageServer.page());
    await other.setInputFiles("input", path);
    await openUploader(other, emulator, { ...options, scope: "another user" });
    await pickAndOpen(page, emulator, path, options);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });
    // The next look at the key comes after the other's object.
    const looking = emulator.faults.add({ on: "HeadObject", fault: { kind: "hold", when: "before-effect" } });
    await startUpload(page, asked);
    await looking.waitForHit();

    await resultOf(other, await startUpload(other, theirs));
    looking.remove();
    const result = await resultOf(page);

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expectAsAsked(emulator, undefined);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

/** What is asked for after the reload, where Complete was sent for something else. Only HEAD could tell, and it does not. */
const changed: Readonly<Record<string, UploadOptions>> = {
  "another ACL": { ...asked, acl: "public-read" },
  "other tags": { ...asked, tags: { project: "film" } },
  "another content type": { ...asked, contentType: "video/webm" },
};

for (const [what, now] of Object.entries(changed)) {
  test(`an object whose Complete was answered to nobody is made anew for who now asks for ${what}`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    await loseAnswerAndReload(page, emulator, asked);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await startUpload(page, now));

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expect(emulator.object(bucket, key)).toMatchObject({
      acl: now.acl,
      headers: { "content-type": now.contentType },
      tagging: now.tags === undefined ? "" : "project=film",
    });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("an object that another page completed with another ACL, while this one rested, is made anew", async ({
  page,
  emulator,
  directory,
  context,
  pageServer,
}) => {
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, options);
  const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
  await startUpload(page, asked);
  await Promise.all([held.waitForHit(2), partsStored(page, 2)]);
  await tell(page, "pause");
  await lift(emulator, held);
  const other = await context.newPage();
  await other.goto(pageServer.page());
  await pickAndOpen(other, emulator, path, options);
  await resultOf(other, await startUpload(other, { ...asked, acl: "public-read" }));
  const theirs = emulator.object(bucket, key)?.acl;

  await tell(page, "resume");
  await resultOf(page);

  expect(theirs).toBe("public-read");
  expect(emulator.object(bucket, key)?.acl).toBe("private");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test.describe("with an application server", () => {
  let told: AppServer["told"];
  let callback: Callback;

  test.beforeEach(async ({ serve }) => {
    const app = await serveApp(serve, '{"saved":7}');
    told = app.told;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
    callback = { url: `${app.origin}/uploaded`, body: "key=${object}" };
  });

  test("an object whose Complete was answered to nobody is recognised, and was told once", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

    const result = await resultOf(page, await startUpload(page, { ...asked, callback }));

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", callback: null });
    expect(told).toEqual([`key=${key}`]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  for (const way of ["given again", "resumed"] as const) {
    test(`it is recognised after a reload, when it is ${way}, and was told once`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await film(directory);
      await pickAndOpen(page, emulator, path, options);
      await loseAnswerAndReload(page, emulator, { ...asked, callback });
      await pickAndOpen(page, emulator, path, options);
      await pendingUploads(page);

      const index = await (way === "resumed"
        ? resumePending(page, 0, { input: 0 }, { callback })
        : startUpload(page, { ...asked, callback }));
      const result = await resultOf(page, index);

      expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", callback: null });
      expect(told).toEqual([`key=${key}`]);
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test("an object that was completed without a callback is made anew for who asks for one after a reload", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    await loseAnswerAndReload(page, emulator, asked);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await startUpload(page, { ...asked, callback }));

    expect(told).toEqual([`key=${key}`]);
    expect(result).toMatchObject({ callback: { status: 200, body: '{"saved":7}' } });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("a file that is asked for once more with a callback, while it goes up without one, is told of", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await held.waitForHit(2);

    const second = await startUpload(page, { ...asked, callback });
    held.remove();
    const result = await resultOf(page, second);

    expect(told).toEqual([`key=${key}`]);
    expect(result).toMatchObject({ callback: { status: 200, body: '{"saved":7}' } });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("an object that another tab completed without a callback is no object of who asks for one", async ({
    page,
    emulator,
    directory,
    context,
    pageServer,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await Promise.all([held.waitForHit(2), partsStored(page, 2)]);
    const other = await context.newPage();
    await other.goto(pageServer.page());
    await pickAndOpen(other, emulator, path, options);
    await startUpload(other, { ...asked, callback });
    await seen(other, { waiting: "other-tab" });

    held.remove();
    await resultOf(page);
    await resultOf(other);

    expect(told).toEqual([`key=${key}`]);
    expect(await leftBehind(other, emulator)).toEqual(nothing);
  });
});

/** Where the browser is killed: the mark that Complete goes out is on the disk, and then? */
const kills = {
  "before Complete takes effect": { when: "before-effect", alreadyStored: false },
  "after Complete took effect": { when: "before-answer", alreadyStored: true },
} as const;

for (const [where, { when, alreadyStored }] of Object.entries(kills)) {
  test(`a browser that is killed ${where} leaves an upload that is ${alreadyStored ? "recognised" : "completed"} without sending a byte`, async ({
    launchProfile,
    pageServer,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    const profile = launchProfile();
    const killed = await (await profile.launch()).newPage();
    await killed.goto(pageServer.page());
    await pickAndOpen(killed, emulator, path, options);
    const held = emulator.faults.add({ on: "CompleteMultipartUpload", fault: { kind: "hold", when } });
    await startUpload(killed, asked);
    await held.waitForHit();
    await profile.kill();
    await lift(emulator, held);
    const page = await (await profile.launch()).newPage();
    await page.goto(pageServer.page());
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await startUpload(page, asked));

    expect(result).toMatchObject({ alreadyStored, verified: "crc64", sentBytes: 0 });
    expect(storedParts(emulator)).toHaveLength(total);
    expectAsAsked(emulator, undefined);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
