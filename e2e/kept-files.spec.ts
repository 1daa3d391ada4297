/** A file that was chosen once goes up although its page is left, where a service worker of the site keeps it: no picker, no part twice. */
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { recordKeys } from "./support/checkpoints.js";
import { createFile, sha256Of } from "./support/files.js";
import { type Halfway, lift, partSize, pickAndOpen, stopHalfway, uploadUntil } from "./support/interrupting.js";
import {
  endServiceWorkers,
  heardByApp,
  type KeepingName,
  keeperFound,
  keeperScripts,
  keepingWorkers,
  register,
  silentWorker,
  siteWithWorker,
  withoutSharedWorkers,
} from "./support/keeping.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import type { PageServer } from "./support/page-server.js";
import { expectResumed, numbersTo } from "./support/resumed.js";
import { seen, tell } from "./support/steering.js";
import {
  bucket,
  discardPending,
  type OpenOptions,
  openUploader,
  pendingUploads,
  resultOf,
  resumeAll,
  resumePending,
  startUpload,
  storedParts,
} from "./support/uploading.js";

const MiB = 2 ** 20;
const key = "film.bin";
const options: OpenOptions = { partSize };
const importing = keepingWorkers["taken by importScripts()"];
const total = 30;

test.beforeEach(async ({ context }) => {
  await context.addInitScript(withoutSharedWorkers);
});

/** A page of a site with a keeper has stored ten parts of thirty, and knows of the keeper. */
async function stoppedHalfway(
  world: { page: Page; pageServer: PageServer; emulator: Emulator; directory: string },
  worker: Parameters<typeof register>[1] = importing,
): Promise<Halfway & { readonly url: string }> {
  const { page, pageServer, emulator, directory } = world;
  const url = siteWithWorker(pageServer, worker);
  await page.goto(url);
  await register(page, worker);
  const halfway = await stopHalfway(page, emulator, { total, stored: 10, directory });
  await keeperFound(page);
  return { ...halfway, url };
}

for (const name of Object.keys(keepingWorkers) as readonly KeepingName[]) {
  test(`with a keeper that is ${name}, 30 MB that were chosen with an input go on after a reload by themselves`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    const worker = keepingWorkers[name];
    await page.goto(siteWithWorker(pageServer, worker));
    await register(page, worker);
    const size = 30 * MiB - 5;
    const path = await createFile(join(directory, key), { size, seed: 1 });
    const parts = { partSize: MiB, concurrency: 6 };
    await pickAndOpen(page, emulator, path, parts);
    const { lift, stored, storedBytes } = await uploadUntil(page, emulator, 10, { key });
    await keeperFound(page);
    await page.reload();
    await lift();
    await openUploader(page, emulator, parts);

    const { went, needs } = await resumeAll(page);

    expect({ went, needs }).toEqual({ went: 1, needs: [] });
    const halfway: Halfway = {
      index: 0,
      stored,
      storedBytes,
      path,
      size,
      total: 30,
      key,
      lift,
      release: () => undefined,
    };
    await expectResumed(page, emulator, halfway);
  });
}

test("of twenty files that were chosen together all go up after a reload, those too of which nothing was begun", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(siteWithWorker(pageServer, importing));
  await register(page, importing);
  const names = Array.from({ length: 20 }, (_, index) => `${index}.bin`);
  const sizeOf = (index: number) => (index % 2 === 0 ? 3 * partSize : 20_000 + index);
  const paths = await Promise.all(
    names.map((name, index) => createFile(join(directory, name), { size: sizeOf(index), seed: index })),
  );
  await page.setInputFiles("input", paths);
  await openUploader(page, emulator, options);
  const held = (["UploadPart", "PutObject", "PostObject"] as const).map((on) =>
    emulator.faults.add({ on, times: "always", fault: { kind: "hold", when: "before-effect" } }),
  );
  for (const [input, name] of names.entries()) await startUpload(page, { key: name }, { input });
  await Promise.all([Promise.race(held.map((fault) => fault.waitForHit())), keeperFound(page)]);
  // Until a keeper has answered, the page would ask whether to leave.
  const asks = () => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
  await expect.poll(asks).toBe(false);
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  for (const fault of held) await lift(emulator, fault);
  await openUploader(page, emulator, options);

  const went = await resumeAll(page);
  await Promise.all(names.map((_, index) => resultOf(page, index)));

  expect(went).toEqual({ went: 20, needs: [] });
  expect(await Promise.all(names.map((name) => emulator.sha256(bucket, name)))).toEqual(
    await Promise.all(paths.map(sha256Of)),
  );
  expect(questions).toEqual([]);
  expect(await pendingUploads(page)).toEqual([]);
  // An upload that had just been initiated when the page went has no record: it stays at the store, empty, for the lifecycle rule.
  expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: expect.any(Number) });
});

test("a file goes on in a new tab after its own was closed", async ({ page, pageServer, emulator, directory }) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  const next = await page.context().newPage();

  await page.close();
  await halfway.lift();
  await next.goto(halfway.url);
  await openUploader(next, emulator, options);

  expect(await resumeAll(next)).toEqual({ went: 1, needs: [] });
  await expectResumed(next, emulator, halfway);
});

test("a file goes on after the user was on another site", async ({ page, pageServer, emulator, directory }) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });

  await page.goto(`${emulator.endpoint}/`);
  await halfway.lift();
  await page.goto(halfway.url);
  await openUploader(page, emulator, options);

  expect(await resumeAll(page)).toEqual({ went: 1, needs: [] });
  await expectResumed(page, emulator, halfway);
});

test("a file goes on by itself while the page that it was chosen on lies in the browser's cache, and holds its lock", async ({
  launchProfile,
  pageServer,
  emulator,
  directory,
}) => {
  // Playwright starts Chromium without that cache.
  const context = await launchProfile({ ignoreDefaultArgs: ["--disable-back-forward-cache"] }).launch();
  await context.addInitScript(withoutSharedWorkers);
  const page = await context.newPage();
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await page.evaluate(() =>
    addEventListener("pagehide", ({ persisted }) => localStorage.setItem("kept", `${persisted}`)),
  );

  await page.goto(`${emulator.endpoint}/`);
  await halfway.lift();
  await page.goto(halfway.url);
  await openUploader(page, emulator, options);

  expect(await page.evaluate(() => localStorage.getItem("kept"))).toBe("true");
  expect(await resumeAll(page)).toEqual({ went: 1, needs: [] });
  await expectResumed(page, emulator, halfway);
});

test("two tabs are offered the file without a picker, and one of them sends it", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  const second = await page.context().newPage();
  await page.reload();
  await halfway.lift();
  await second.goto(halfway.url);
  for (const tab of [page, second]) await openUploader(tab, emulator, options);
  const offered = [await pendingUploads(page), await pendingUploads(second)];
  const held = emulator.faults.add({
    on: "UploadPart",
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });

  await resumePending(page);
  await held.waitForHit();
  const refused = await resumePending(second).catch((error: Error) => error.message);
  held.remove();

  expect(offered).toMatchObject([[{ needs: "nothing" }], [{ needs: "nothing" }]]);
  expect(refused).toContain("is being sent by another tab");
  await expectResumed(page, emulator, halfway);
});

test("a user of another scope is offered nothing, and takes nothing from the one whose file it is", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = siteWithWorker(pageServer, importing);
  await page.goto(url);
  await register(page, importing);
  const path = await createFile(join(directory, key), { size: total * partSize, seed: 2 });
  await pickAndOpen(page, emulator, path, { ...options, scope: "mine" });
  const { lift } = await uploadUntil(page, emulator, 10, { key });
  await keeperFound(page);
  await page.reload();
  await lift();
  await openUploader(page, emulator, { ...options, scope: "yours" });
  const offered = await pendingUploads(page);
  await page.evaluate(() => window.ossicle.uploader.close({ releaseFiles: true }));
  await openUploader(page, emulator, { ...options, scope: "mine" });

  const went = await resumeAll(page);

  expect([offered, went]).toEqual([[], { went: 1, needs: [] }]);
  expect(await resultOf(page)).toMatchObject({ verified: "crc64" });
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(total));
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
});

test("after a sign-out the file has to be picked again", async ({ page, pageServer, emulator, directory }) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await page.evaluate(() => window.ossicle.uploader.close({ releaseFiles: true }));
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, options);

  expect(await resumeAll(page)).toEqual({ went: 0, needs: ["file"] });
});

for (const [what, happens] of [
  ["discarded", discardPending],
  [
    "cancelled",
    async (page: Page) => {
      await tell(page, "cancel", await resumePending(page));
    },
  ],
] as const) {
  test(`when what is pending is ${what}, its file is let go of`, async ({ page, pageServer, emulator, directory }) => {
    const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
    await page.reload();
    await halfway.lift();
    await openUploader(page, emulator, options);
    const [entry] = await pendingUploads(page);

    await happens(page);
    await expectLeftSoon(page, emulator);

    expect(entry).toMatchObject({ needs: "nothing" });
    expect(await keptIds(page, [entry?.id ?? ""])).toEqual([]);
  });
}

test("an upload that is completed leaves no file with the keeper", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, options);
  const [entry] = await pendingUploads(page);

  await resumePending(page);
  await resultOf(page);

  expect(await keptIds(page, [entry?.id ?? ""])).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a keeper whose worker was ended has nothing: the file has to be picked again", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await page.reload();
  await halfway.lift();
  await endServiceWorkers(page);
  await pickAndOpen(page, emulator, halfway.path, options);
  const [entry] = await pendingUploads(page);

  const index = await resumePending(page, 0, { input: 0 });

  expect(entry).toMatchObject({ needs: "file" });
  await expectResumed(page, emulator, halfway, { index });
});

test("a worker that was ended while the page sent is started again to keep the file", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await endServiceWorkers(page);
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, options);

  expect(await resumeAll(page)).toEqual({ went: 1, needs: [] });
  await expectResumed(page, emulator, halfway);
});

test("a service worker that knows no keeper changes nothing, and pending() waits for it no longer than a moment", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory }, silentWorker);
  await page.reload();
  await halfway.lift();
  await pickAndOpen(page, emulator, halfway.path, options);

  const [entry] = await pendingUploads(page);
  const index = await resumePending(page, 0, { input: 0 });

  expect(entry).toMatchObject({ needs: "file" });
  await expectResumed(page, emulator, halfway, { index });
});

test("messages of the app and of the keeper do not meet", async ({ page, pageServer, emulator, directory }) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    for (const message of ["text", null, { type: "SKIP_WAITING" }, { type: "keep", files: [] }]) {
      registration?.active?.postMessage(message);
    }
  });
  const heard = await heardByApp(page);
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, options);

  expect(await resumeAll(page)).toEqual({ went: 1, needs: [] });
  expect(heard.filter((type) => type !== "not mine")).toEqual(["SKIP_WAITING", "keep"]);
  await expectResumed(page, emulator, halfway);
});

test("an app that wants no files kept leaves none, and loads nothing for it", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(siteWithWorker(pageServer, importing));
  await register(page, importing);
  const path = await createFile(join(directory, key), { size: total * partSize, seed: 2 });
  await pickAndOpen(page, emulator, path, { ...options, keepFiles: false });
  const { lift } = await uploadUntil(page, emulator, 10, { key });
  const loaded = await keeperScripts(page);
  await page.reload();
  await lift();
  await openUploader(page, emulator, options);

  expect(loaded).toEqual([]);
  expect(await resumeAll(page)).toEqual({ went: 0, needs: ["file"] });
});

test("a site without a service worker loads nothing of keepers", async ({ page, pageServer, emulator, directory }) => {
  await page.goto(pageServer.page());
  const halfway = await stopHalfway(page, emulator, { total, stored: 10, directory });
  const before = await keeperScripts(page);
  await page.reload();
  await halfway.lift();
  await openUploader(page, emulator, options);
  await pendingUploads(page);

  expect([before, await keeperScripts(page)]).toEqual([[], []]);
});

test("a page that comes back from the browser's cache goes on, and its file is let go of when it is stored", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const halfway = await stoppedHalfway({ page, pageServer, emulator, directory });
  const [[id] = [""]] = await recordKeys(page);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await seen(page, { phase: "paused" });
  const away = await keptIds(page, [id]);
  await halfway.lift();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));

  expect(await resultOf(page)).toMatchObject({ verified: "crc64" });
  expect([away, await keptIds(page, [id])]).toEqual([[id], []]);
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(numbersTo(total));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

/** Asks the keeper itself, past the library. */
async function keptIds(page: Page, ids: readonly string[]): Promise<readonly string[]> {
  return await page.evaluate(async (ids) => {
    const { active } = (await navigator.serviceWorker.getRegistration()) ?? {};
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<string[]>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data.files.map(({ id }: { id: string }) => id));
    });
    active?.postMessage({ ossicle: "keeper", version: 1, act: "kept", scope: "", ids }, [port2]);
    return await answer;
  }, ids);
}
