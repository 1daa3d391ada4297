/** A call that can never work is refused at once, in words; a file or a world that cannot work fails the upload, in words. */
import { mkdir, rename, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { UploadError } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { dropOn } from "./support/dropping.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { lookAtPicked } from "./support/picking.js";
import { holdAfter, tell } from "./support/steering.js";
import { account, bucket, finished, openUploader, startUpload } from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";

/** What differs from a good call, and a word that the refusal has to contain. */
interface BadCall {
  readonly store?: object;
  readonly uploader?: object;
  readonly upload?: object;
  readonly source?: unknown;
  readonly names: string;
}

const badCalls: Readonly<Record<string, BadCall>> = {
  "no key": { upload: { key: undefined }, names: "key" },
  "an empty key": { upload: { key: "" }, names: "key" },
  "a key of 1,024 bytes": { upload: { key: "ü".repeat(512) }, names: "1024" },
  'a key that starts with "/"': { upload: { key: "/film.bin" }, names: "key" },
  "a key that leaves its folder": { upload: { key: "a/../film.bin" }, names: "key" },
  "a header that is none": { upload: { contentDisposition: "a\nb" }, names: "contentDisposition" },
  "a part size of 1": { uploader: { partSize: 1 }, names: "partSize" },
  "a part size of NaN": { uploader: { partSize: Number.NaN }, names: "partSize" },
  "a concurrency of 0": { uploader: { concurrency: 0 }, names: "concurrency" },
  "an integrity nobody knows": { uploader: { integrity: "sha1" }, names: "integrity" },
  "a region that is an endpoint": { store: { region: "oss-cn-hangzhou.aliyuncs.com" }, names: "region" },
  "no region": { store: { region: undefined }, names: "region" },
  "a bucket that cannot exist": { store: { bucket: "User_Files" }, names: "bucket" },
  "an endpoint with a path": { store: { endpoint: "https://example.com/files" }, names: "endpoint" },
  "no credentials": { store: { credentials: undefined }, names: "credentials" },
  "credentials without a secret": { store: { credentials: { accessKeyId: "id" } }, names: "accessKeySecret" },
  "a name instead of a file": { source: "film.bin", names: "File" },
  "a file list": { source: [], names: "File" },
  "null instead of a file": { source: null, names: "File" },
};

test("a call that can never work throws at once, names what is wrong, and does nothing", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: 1, seed: 1 });

  const thrown = await page.evaluate(
    async ({ calls, good }) => {
      const { createUploader, ossStore } = await import("@ossicle/core");
      const file = document.querySelector("input")?.files?.[0] as File;
      return calls.map(([what, { store, uploader, upload, ...rest }]) => {
        try {
          const made = createUploader({ ...uploader, store: ossStore({ ...good, ...store }) });
          made.upload("source" in rest ? (rest.source as File) : file, { key: "film.bin", ...upload });
          return [what, "nothing was thrown"];
        } catch (error) {
          const { name, code, message } = error as UploadError;
          return [what, `${name} ${code}: ${message}`];
        }
      });
    },
    {
      calls: Object.entries(badCalls),
      good: { region: emulator.region, bucket, endpoint: emulator.endpoint, credentials: account },
    },
  );

  const refusals = Object.entries(badCalls).map(([what, { names }]) => [
    what,
    expect.stringMatching(new RegExp(`^UploadError invalid-option: .*${names}`)),
  ]);
  expect(Object.fromEntries(thrown)).toEqual(Object.fromEntries(refusals));
  expect(emulator.requests).toEqual([]);
  expect(page.workers()).toEqual([]);
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("on a page that is not a secure context, upload() says so at once, nothing is pending, and a diagnosis names it", async ({
  playwright,
  browserName,
  launchOptions,
  pageServer,
  emulator,
}) => {
  const args = [...(launchOptions.args ?? []), "--host-resolver-rules=MAP ossicle.test 127.0.0.1"];
  const browser = await playwright[browserName].launch({ ...launchOptions, args });
  const page = await browser.newPage();
  await page.goto(pageServer.page().replace("localhost", "ossicle.test"));
  await openUploader(page, emulator);

  const thrown = await page.evaluate(() => {
    try {
      return window.ossicle.uploader.upload(new Blob(["bytes"]), { key: "film.bin" }).key;
    } catch (error) {
      return { ...(error as UploadError), message: (error as UploadError).message };
    }
  });

  const pending = await page.evaluate(() => window.ossicle.uploader.pending());
  const { ok, checks } = await page.evaluate(() => window.ossicle.uploader.diagnose());

  expect(pending).toEqual([]);
  expect(ok).toBe(false);
  expect(checks).toContainEqual(expect.objectContaining({ name: "locks", status: "failed" }));
  expect(thrown).toMatchObject({ code: "misconfigured", temporary: false });
  expect(thrown).toHaveProperty("message", expect.stringContaining("secure context"));
  expect(thrown).toHaveProperty("hint", expect.stringContaining("https"));
  expect(emulator.requests).toEqual([]);
  await browser.close();
});

const spoils: Readonly<Record<string, (path: string) => Promise<void>>> = {
  deleted: unlink,
  moved: (path) => rename(path, `${path}.moved`),
  edited: edit,
};

for (const [what, spoil] of Object.entries(spoils)) {
  test(`a file that was ${what} after it was picked is unreadable, and nothing of it is sent`, async ({
    page,
    emulator,
    openWithFile,
  }) => {
    const path = await openWithFile({ size: 3 * partSize, seed: 1 }, { partSize });
    await lookAtPicked(page);

    await spoil(path);
    await startUpload(page, { key });
    const outcome = await finished(page);

    expect(outcome).toMatchObject({ error: { code: "file-unreadable", temporary: false } });
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining("film.bin") } });
    expect(outcome).toMatchObject({ error: { hint: expect.stringContaining("pick it again") } });
    expect(emulator.requests).toEqual([]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a file that was deleted before anybody looked at it is unreadable, not empty", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const path = await openWithFile({ size: partSize, seed: 1 });

  await unlink(path);
  await startUpload(page, { key });
  const outcome = await finished(page);

  expect(outcome).toMatchObject({ error: { code: "file-unreadable", message: expect.stringContaining("film.bin") } });
  expect(emulator.requests).toEqual([]);
});

test("a file that is edited in the middle fails as unreadable, and what was stored is kept", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const path = await openWithFile({ size: 10 * partSize, seed: 1 }, { partSize, concurrency: 1 });
  const held = holdAfter(emulator, 3);
  await startUpload(page, { key });
  await held.waitForHit();

  await edit(path);
  held.remove();
  const outcome = await finished(page);
  const kept = await leftBehind(page, emulator);
  await tell(page, "cancel");

  expect(outcome).toMatchObject({ error: { code: "file-unreadable", resumable: true } });
  expect(kept).toMatchObject({ uploadIds: 1, checkpoints: 1 });
  expect(emulator.object(bucket, key)).toBeUndefined();
  await expectLeftSoon(page, emulator);
});

test("a dropped folder is not a file: unreadable", async ({ page, pageServer, emulator, directory }) => {
  const folder = join(directory, "folder");
  await mkdir(folder);
  await page.goto(pageServer.page());
  await openUploader(page, emulator);
  const dropped = await drop(page, folder);

  const code = await dropped.evaluate(async (file) => {
    const upload = window.ossicle.uploader.upload(file, { key: "film.bin" });
    return await upload.finished.then(
      () => "none",
      (error: UploadError) => error.code,
    );
  });

  expect(code).toBe("file-unreadable");
  expect(emulator.requests).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

/** Other bytes, and a date that no file system rounds to the old one. */
async function edit(path: string): Promise<void> {
  const later = new Date(Date.now() + 60_000);
  await writeFile(path, "edited");
  await utimes(path, later, later);
}

/** Drops a file or folder on the page as a user does. @returns the first `File` of the drop */
async function drop(page: Page, path: string) {
  const dropped = page.evaluateHandle(
    () =>
      new Promise<File>((resolve) => {
        document.addEventListener("dragover", (event) => event.preventDefault());
        document.addEventListener("drop", (event) => {
          event.preventDefault();
          resolve(event.dataTransfer?.files[0] as File);
        });
      }),
  );
  await dropOn(page, [path]);
  return await dropped;
}
