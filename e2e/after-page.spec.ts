/** A page that is left in the middle of an upload: the upload goes on without it, and the next page is told, or takes it over. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { createSignHandler } from "../packages/core/src/server/index.js";
import { expect, test } from "./fixtures.js";
import {
  afterPageCheck,
  aThirdStored,
  completed,
  finishing,
  storedAtLeast,
  type UnderWay,
} from "./support/after-page.js";
import { sha256Of } from "./support/files.js";
import { expectLeftSoon, leftBehind, nothing, quiet } from "./support/left-behind.js";
import { ascending, numbersTo } from "./support/resumed.js";
import { readBody } from "./support/scripted-server.js";
import { seen, tell } from "./support/steering.js";
import {
  account,
  bucket,
  discardPending,
  openUploader,
  pendingUploads,
  resultOf,
  resumePending,
  startUpload,
  statesOf,
} from "./support/uploading.js";

const key = "film.bin";

/** Numbers of the parts of this file that were stored, in order of arrival: a diagnosis stores one of its own. */
function partsOf(emulator: Emulator): number[] {
  return emulator.requests
    .filter((entry) => entry.action === "UploadPart" && entry.status === 200 && entry.key === key)
    .map(({ partNumber = 0 }) => partNumber);
}

/** As many as are in flight at most when an upload changes hands: they may be stored a moment after the listing. */
const inFlight = 3;

/** The object is the file, and but for what was in flight then, each of its parts was stored once. */
async function expectWhole(emulator: Emulator, { path, total }: UnderWay): Promise<void> {
  const stored = partsOf(emulator);
  expect(ascending([...new Set(stored)])).toEqual(numbersTo(total));
  expect(stored.length - total).toBeLessThanOrEqual(inFlight);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
}

/** Another tab of the same browser, with an uploader. */
async function nextTab(page: Page, url: string, emulator: Emulator): Promise<Page> {
  const next = await page.context().newPage();
  await next.goto(url);
  await openUploader(next, emulator, finishing);
  return next;
}

async function lockNames(page: Page): Promise<readonly string[]> {
  const held = await page.evaluate(
    async () => (await navigator.locks.query()).held?.map(({ name }) => name ?? "") ?? [],
  );
  return held.filter((name) => name.startsWith("ossicle:"));
}

/** Resolves when somebody who is no page has the upload. */
async function goesOnWithoutPage(next: Page): Promise<void> {
  await expect.poll(() => lockNames(next)).toContainEqual(expect.stringMatching(/^ossicle:.*:after-page$/));
}

test("an upload whose tab is closed at a third is finished by nobody's page, and the next tab is told once", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory, upload: { appData: { album: 7 } } });
  const next = await page.context().newPage();

  await page.close();
  await completed(emulator);
  await expectWhole(emulator, under);
  await next.goto(url);
  await openUploader(next, emulator, finishing);
  const told = await pendingUploads(next);
  emulator.clearRequests();
  const result = await resultOf(next, await resumePending(next));

  expect(told).toMatchObject([
    { key, needs: "nothing", active: false, fraction: 1, appData: { album: 7 }, result: { key, size: under.size } },
  ]);
  expect(result).toEqual(told[0]?.result);
  expect(result.verified).toBe("crc64");
  expect(emulator.requests).toEqual([]);
  expect(await pendingUploads(next)).toEqual([]);
  await expectLeftSoon(next, emulator, nothing);
});

for (const [how, takeOver] of [
  ["of what is pending", async (page: Page) => await resumePending(page, 0, { input: 0 })],
  ["of the same file", async (page: Page) => await startUpload(page, { key })],
] as const) {
  test(`a page that comes back in the middle takes over by an upload ${how}, live, and no part is sent twice`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    const url = pageServer.page();
    await page.goto(url);
    const under = await aThirdStored(page, emulator, { directory });
    await page.reload();
    await goesOnWithoutPage(page);
    await storedAtLeast(emulator, 12);
    await page.setInputFiles("input", under.path);
    await openUploader(page, emulator, finishing);
    const [entry] = await pendingUploads(page);

    const index = await takeOver(page);
    await seen(page, { phase: "uploading" }, index);
    const locks = await lockNames(page);
    under.slow.remove();
    const result = await resultOf(page, index);

    expect(entry).toMatchObject({ key, active: false });
    expect(locks.filter((name) => name.endsWith(":after-page"))).toEqual([]);
    expect(result.resumedBytes).toBeGreaterThanOrEqual(12 * 102_400);
    expect((await statesOf(page, index)).map(({ phase }) => phase)).not.toContain("failed");
    await expectWhole(emulator, under);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
    expect(await pendingUploads(page)).toEqual([]);
  });
}

for (const verb of ["pause", "cancel"] as const) {
  test(`after ${verb}() nothing goes on when the tab is closed`, async ({ page, pageServer, emulator, directory }) => {
    const url = pageServer.page();
    await page.goto(url);
    const under = await aThirdStored(page, emulator, { directory });
    const next = await page.context().newPage();
    await next.goto(url);
    await tell(page, verb);
    await quiet(emulator);
    const stored = partsOf(emulator).length;

    await page.close();
    under.slow.remove();
    await openUploader(next, emulator, finishing);
    // Time enough for a worker to start and to send: another upload of the same browser does both.
    await startUpload(next, { key: "other.txt" }, { blob: "other" });
    await resultOf(next);
    await quiet(emulator);

    expect(partsOf(emulator)).toHaveLength(stored);
    expect(emulator.object(bucket, key)).toBeUndefined();
    expect((await lockNames(next)).filter((name) => name.endsWith(":after-page"))).toEqual([]);
    expect((await pendingUploads(next)).map(({ paused }) => paused)).toEqual(verb === "pause" ? [true] : []);
  });
}

test("a page that discards what goes on without one ends it, here and in the store", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  await aThirdStored(page, emulator, { directory });
  await page.reload();
  await goesOnWithoutPage(page);
  await openUploader(page, emulator, finishing);
  await pendingUploads(page);

  await discardPending(page);

  await expectLeftSoon(page, emulator);
  expect(emulator.object(bucket, key)).toBeUndefined();
  expect(await pendingUploads(page)).toEqual([]);
});

test("an upload goes on when the tab goes to another site, and a page that comes back from there is told", async ({
  page,
  pageServer,
  emulator,
  directory,
  serve,
}) => {
  const other = await serve((_request, response) => {
    response.setHeader("content-type", "text/html").end("<title>Another site</title>");
  });
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory });

  await page.goto(other.origin);
  await completed(emulator);
  await page.goto(url);
  await openUploader(page, emulator, finishing);

  await expectWhole(emulator, under);
  expect(await pendingUploads(page)).toMatchObject([{ key, result: { size: under.size } }]);
});

test("a page that the browser brings back from its cache has its upload again", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory });

  // As the browser tells it: whether a page is really kept is its own affair.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await goesOnWithoutPage(page);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await seen(page, { phase: "uploading" });
  under.slow.remove();
  await resultOf(page);

  await expectWhole(emulator, under);
  expect((await statesOf(page)).map(({ phase }) => phase)).not.toContain("failed");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a token that ends after the page ends the upload, and the next page goes on with a new one", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory, options: { credentials: "tokens" } });
  await page.goto("about:blank");
  await storedAtLeast(emulator, 16);
  emulator.expireTokens();
  await emulator.waitForRequest(({ status }) => status === 403);
  under.slow.remove();

  await page.goto(url);
  await page.setInputFiles("input", under.path);
  await openUploader(page, emulator, { ...finishing, credentials: "tokens" });
  const [entry] = await pendingUploads(page);
  await resumePending(page, 0, { input: 0 });
  await resultOf(page);

  expect(entry).toMatchObject({ key, active: false });
  await expectWhole(emulator, under);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("what goes on without a page goes on when the store comes back", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory });
  await page.goto("about:blank");
  await storedAtLeast(emulator, 16);

  under.slow.remove();
  const down = emulator.faults.add({ on: "UploadPart", times: 4, fault: "refuse" });
  await down.waitForHit(4);
  await completed(emulator);

  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(under.path));
});

test("two tabs that are closed in the middle of two files leave both to be finished", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  const second = await page.context().newPage();
  await page.goto(url);
  await second.goto(url);
  await aThirdStored(page, emulator, { total: 60, directory });
  await aThirdStored(second, emulator, { total: 60, directory, key: "second.bin" });
  const next = await page.context().newPage();

  await Promise.all([page.close(), second.close()]);
  await Promise.all([completed(emulator), completed(emulator, "second.bin")]);
  await next.goto(url);
  await openUploader(next, emulator, finishing);
  const told = await pendingUploads(next);

  expect(told.map((entry) => entry.key).sort()).toEqual([key, "second.bin"]);
  expect(await emulator.sha256(bucket, key)).toBe(await emulator.sha256(bucket, "second.bin"));
});

test("of two tabs with the same file one sends at a time, also when both are closed", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  const url = pageServer.page();
  await page.goto(url);
  const under = await aThirdStored(page, emulator, { directory });
  const second = await nextTab(page, url, emulator);
  await second.setInputFiles("input", under.path);
  await startUpload(second, { key });
  await seen(second, { waiting: "other-tab" });
  const next = await page.context().newPage();

  await page.close();
  await second.close();
  await completed(emulator);

  await expectWhole(emulator, under);
  await next.goto(url);
  await expect.poll(() => lockNames(next)).toEqual([]);
});

for (const afterPage of ["pause", "finish"] as const) {
  test(`with afterPage "${afterPage}" a reload goes on without a file picker, and no part is sent twice`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    await page.goto(pageServer.page());
    const under = await aThirdStored(page, emulator, { directory, options: { afterPage } });

    await page.reload();
    await openUploader(page, emulator, { ...finishing, afterPage });
    const [entry] = await pendingUploads(page);
    const index = await page.evaluate(async () => {
      const { uploader, watch } = window.ossicle;
      await uploader.resumeAll();
      return uploader.uploads.map(watch);
    });
    under.slow.remove();
    await resultOf(page);

    expect(entry).toMatchObject({ key, needs: "nothing", active: false });
    expect(index).toEqual([0]);
    await expectWhole(emulator, under);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("closing an uploader for good lets go of what goes on without a page", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  await aThirdStored(page, emulator, { directory });
  await page.reload();
  await goesOnWithoutPage(page);
  await openUploader(page, emulator, finishing);

  await page.evaluate(() => window.ossicle.uploader.close({ releaseFiles: true }));

  await expect.poll(() => lockNames(page)).toEqual([]);
  await quiet(emulator);
  expect(emulator.object(bucket, key)).toBeUndefined();
  await openUploader(page, emulator, finishing);
  expect(await pendingUploads(page)).toMatchObject([{ key, needs: "file", active: false }]);
});

/** The worker that goes on ends, as the browser ends it after five minutes, or when it crashes. */
async function endWorker(page: Page): Promise<void> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const { targetInfos } = (await session?.send("Target.getTargets", { filter: [{}] })) ?? { targetInfos: [] };
  const worker = targetInfos.find(({ type, title }) => type === "shared_worker" && /after-page/.test(title));
  if (session === undefined || worker === undefined) throw new Error("There is no such worker");
  const { targetId } = worker;
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "close()" } });
  await session.send("Target.sendMessageToTarget", { sessionId, message });
}

test("when the worker that goes on is ended in the middle, no lock stays, and the next page goes on", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page());
  const under = await aThirdStored(page, emulator, { directory });
  await page.reload();
  await goesOnWithoutPage(page);
  await storedAtLeast(emulator, 14);

  await endWorker(page);
  await expect.poll(() => lockNames(page)).toEqual([]);
  await page.setInputFiles("input", under.path);
  await openUploader(page, emulator, finishing);
  const [entry] = await pendingUploads(page);
  under.slow.remove();
  await resultOf(page, await resumePending(page, 0, { input: 0 }));

  expect(entry).toMatchObject({ key, needs: "file", active: false });
  await expectWhole(emulator, under);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("when the browser is killed while an upload goes on without a page, the next one goes on", async ({
  launchProfile,
  pageServer,
  emulator,
  directory,
}) => {
  const profile = launchProfile();
  const context = await profile.launch();
  const [killed, other] = [await context.newPage(), await context.newPage()];
  const url = pageServer.page();
  await killed.goto(url);
  await other.goto(url);
  const under = await aThirdStored(killed, emulator, { directory });
  await killed.close();
  await goesOnWithoutPage(other);
  await storedAtLeast(emulator, 14);

  await profile.kill();
  await quiet(emulator);
  const page = await (await profile.launch()).newPage();
  await page.goto(url);
  const locks = await lockNames(page);
  await page.setInputFiles("input", under.path);
  await openUploader(page, emulator, finishing);
  await pendingUploads(page);
  under.slow.remove();
  await resultOf(page, await resumePending(page, 0, { input: 0 }));

  expect(locks).toEqual([]);
  await expectWhole(emulator, under);
});

test("the app's server signs for what goes on without a page, with the headers that it last asked for", async ({
  page,
  pageServer,
  emulator,
  directory,
  serve,
}) => {
  const place = { region: emulator.region, bucket, endpoint: emulator.endpoint };
  const sign = createSignHandler({ ...place, credentials: account, authorize: () => true });
  const tokens: string[] = [];
  const { origin } = await serve(async (request, response) => {
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method === "OPTIONS") return void response.writeHead(200, cors).end();
    tokens.push(String(request.headers.authorization));
    const asked = new Request("https://app.example/sign", {
      method: "POST",
      body: new Uint8Array(await readBody(request)),
    });
    const answer = await sign(asked);
    response.writeHead(answer.status, { ...cors, "content-type": "application/json" }).end(await answer.text());
  });
  await page.goto(pageServer.page());
  const under = await aThirdStored(page, emulator, { directory, options: { signer: origin } });
  const before = tokens.length;

  await page.goto("about:blank");
  await completed(emulator);

  await expectWhole(emulator, under);
  expect(tokens.length).toBeGreaterThan(before);
  expect(new Set(tokens)).toEqual(new Set(["Bearer of the user"]));
});

test("where a policy forbids shared workers uploads end with their page, and the diagnosis says why", async ({
  page,
  pageServer,
  emulator,
}) => {
  const csp = "default-src 'self' 'nonce-harness' 'wasm-unsafe-eval'; connect-src *; worker-src blob:";
  await page.goto(pageServer.page({ csp, missing: ["after-page-text.js"] }));
  await openUploader(page, emulator, finishing);

  expect(await afterPageCheck(page)).toMatchObject({
    status: "skipped",
    detail: expect.stringContaining("Uploads end with the page: no such worker could be started"),
  });
});

test("where the worker's file was left behind it starts from its text", async ({
  page,
  pageServer,
  emulator,
  directory,
}) => {
  await page.goto(pageServer.page({ missing: ["after-page.js"] }));
  const under = await aThirdStored(page, emulator, { directory });

  await page.goto("about:blank");
  await completed(emulator);

  await expectWhole(emulator, under);
});
