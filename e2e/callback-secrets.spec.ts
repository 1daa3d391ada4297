/** The address and variables of an application server may be secrets: nothing of them is on the disk, and none is forgotten. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { crc64 } from "../packages/core/src/crc64-ecma.js";
import { test as base, expect } from "./fixtures.js";
import { type AppServer, type Callback, serveApp } from "./support/app-server.js";
import { everyRecord, rewriteHead } from "./support/checkpoints.js";
import { createFilm, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen, startAndHold } from "./support/interrupting.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { bucket, pendingUploads, resultOf, resumePending, startUpload, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 6;
const size = total * partSize - 5;
const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5 } } as const;
const secret = "S3cretT0ken";

const test = base.extend<{
  readonly app: Pick<AppServer, "told"> & { readonly callback: Callback };
  readonly path: string;
}>({
  app: async ({ serve }, use) => {
    const { origin, told } = await serveApp(serve, "{}");
    const callback = {
      url: `${origin}/uploaded?token=${secret}-in-url`,
      body: `key=\${object}&by=\${x:user}&token=${secret}-in-body`,
      variables: { user: `${secret}-in-variables` },
    };
    await use({ callback, told });
  },
  path: async ({ directory }, use) => {
    await use(await createFilm(directory, size));
  },
});

/** Two of the parts are stored when the page is loaded anew. @returns the upload id */
async function reloadHalfway(page: Page, emulator: Emulator, path: string, callback: Callback): Promise<string> {
  await pickAndOpen(page, emulator, path, options);
  const held = await halfway(page, emulator, callback);
  const [upload] = emulator.uploads(bucket);
  await page.reload();
  await lift(emulator, held);
  return upload?.uploadId ?? "";
}

const halfway = (page: Page, emulator: Emulator, callback: Callback) =>
  startAndHold(page, emulator, 2, () => startUpload(page, { key, callback }));

/** Of the previous version of the library: the target holds the callback, and nothing says what it needs. */
async function writeAsFirstVersion(page: Page, callback: Callback): Promise<void> {
  await rewriteHead(page, (plain) => {
    const { needsCallback: _, target, ...rest } = plain as { target: object; needsCallback: unknown };
    const old = { ...rest, version: 1, target: { ...target, callback } };
    return { plain: old, seal: crc64(new TextEncoder().encode(JSON.stringify(old))).toString(16) };
  });
}

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const moment of ["half of it is stored", "Complete goes out"] as const) {
  test(`no record holds anything of the callback when ${moment}`, async ({ page, emulator, path, app }) => {
    await pickAndOpen(page, emulator, path, options);
    if (moment === "half of it is stored") await halfway(page, emulator, app.callback);
    else {
      const held = emulator.faults.add({ on: "CompleteMultipartUpload", fault: "hold" });
      await startUpload(page, { key, callback: app.callback });
      await held.waitForHit();
    }

    const records = (await everyRecord(page)).join("\n");

    expect(records).toContain(`"needsCallback":true`);
    expect(records).not.toContain(secret);
    expect(records).not.toContain(encodeURIComponent(app.callback.url as string));
    expect(records).not.toContain("/uploaded");
  });
}

const versions = { "this version": async () => {}, "the previous version": writeAsFirstVersion };

for (const [version, rewrite] of Object.entries(versions)) {
  test(`what is pending says that it needs its callback, and goes on only with one: record of ${version}`, async ({
    page,
    emulator,
    path,
    app,
  }) => {
    const uploadId = await reloadHalfway(page, emulator, path, app.callback);
    await rewrite(page, app.callback);
    await pickAndOpen(page, emulator, path, options);
    const [offered] = await pendingUploads(page);

    const refusal = await page.evaluate(async () => {
      const file = document.querySelector("input")?.files?.[0] as File;
      return await window.ossicle.pending[0]?.resume(file).then(
        () => "resumed",
        ({ code, message, hint }) => ({ code, said: `${message} ${hint}` }),
      );
    });
    const kept = await pendingUploads(page);
    const stillThere = emulator.uploads(bucket).map((upload) => upload.uploadId);
    const result = await resultOf(page, await resumePending(page, 0, { input: 0 }, { callback: app.callback }));

    expect(offered).toMatchObject({ key, needsCallback: true, storedBytes: 2 * partSize });
    expect(refusal).toMatchObject({ code: "invalid-option", said: expect.stringContaining("callback") });
    expect(JSON.stringify(refusal)).not.toContain(secret);
    expect(kept).toMatchObject([{ key, needsCallback: true, storedBytes: 2 * partSize }]);
    expect(stillThere).toEqual([uploadId]);
    expect(result).toMatchObject({ resumedBytes: 2 * partSize, verified: "crc64", callback: { status: 200 } });
    expect(emulator.object(bucket, key)?.uploadId).toBe(uploadId);
    expect(app.told).toEqual([`key=${key}&by=${secret}-in-variables&token=${secret}-in-body`]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`the same file without a callback is begun anew, and the old upload is never completed: record of ${version}`, async ({
    page,
    emulator,
    path,
    app,
  }) => {
    const uploadId = await reloadHalfway(page, emulator, path, app.callback);
    await rewrite(page, app.callback);
    await pickAndOpen(page, emulator, path, options);
    emulator.clearRequests();

    const result = await resultOf(page, await startUpload(page, { key }));

    expect(result).toMatchObject({ resumedBytes: 0, alreadyStored: false, verified: "crc64" });
    expect(emulator.object(bucket, key)?.uploadId).not.toBe(uploadId);
    const ofTheOld = emulator.requests.filter(({ uploadId: id, method }) => id === uploadId && method !== "OPTIONS");
    expect(ofTheOld.map(({ action }) => action)).toEqual(["AbortMultipartUpload"]);
    expect(app.told).toEqual([]);
    expect(storedParts(emulator)).toHaveLength(total);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`the same file with its callback goes on, and the record holds no secret any more: record of ${version}`, async ({
    page,
    emulator,
    path,
    app,
  }) => {
    const uploadId = await reloadHalfway(page, emulator, path, app.callback);
    await rewrite(page, app.callback);
    const before = (await everyRecord(page)).join("\n");
    await pickAndOpen(page, emulator, path, options);
    const completing = emulator.faults.add({
      on: "CompleteMultipartUpload",
      fault: { kind: "hold", when: "before-effect" },
    });
    await startUpload(page, { key, callback: app.callback });
    await completing.waitForHit();

    const records = (await everyRecord(page)).join("\n");
    completing.remove();
    const result = await resultOf(page);

    expect(before.includes(secret)).toBe(version === "the previous version");
    expect(records).toContain(uploadId);
    expect(records).not.toContain(secret);
    expect(result).toMatchObject({ resumedBytes: 2 * partSize, verified: "crc64", callback: { status: 200 } });
    expect(app.told).toHaveLength(1);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("an upload whose callback is given up can be discarded without it", async ({ page, emulator, path, app }) => {
  await reloadHalfway(page, emulator, path, app.callback);
  await pickAndOpen(page, emulator, path, options);
  await pendingUploads(page);

  await page.evaluate(() => window.ossicle.pending[0]?.discard());

  expect(app.told).toEqual([]);
  await expectLeftSoon(page, emulator);
});
