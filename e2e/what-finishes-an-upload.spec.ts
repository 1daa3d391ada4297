/**
 * An object at the key finishes an upload only if the upload can have made it: after its Complete was sent, no older than that, and
 * with what was asked for. Everything else is begun anew.
 */
import { defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import {
  asked,
  expectAsAsked,
  exposeMetadata,
  film,
  key,
  loseAnswerAndReload,
  options,
  total,
} from "./support/asked-for.js";
import { sha256Of } from "./support/files.js";
import { lift, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { ascending, numbersTo } from "./support/resumed.js";
import { tell } from "./support/steering.js";
import { bucket, partsStored, resultOf, startUpload, storedParts } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer, emulator }) => {
  exposeMetadata(emulator);
  await page.goto(pageServer.page());
});

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
