/** The demo page on a bucket of the visitor's own: wrong input is said where it stands, and nothing entered is ever kept. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { createSignHandler } from "../packages/core/src/server/index.js";
import {
  bucket,
  checkUpSum,
  expect,
  holdFrom,
  MiB,
  openDemo,
  pendingOf,
  pick,
  rowOf,
  test,
} from "./support/demo-page.js";
import { readBody } from "./support/scripted-server.js";
import { account } from "./support/uploading.js";

const hour = 3_600_000;

async function openForm(page: Page): Promise<void> {
  await page.getByTestId("own-bucket").locator("summary").press("Enter");
}

async function enterPlace(page: Page, { region, endpoint }: Emulator): Promise<void> {
  await page.getByLabel("Region", { exact: true }).fill(region);
  await page.getByLabel("Bucket", { exact: true }).fill(bucket);
  await page.getByLabel("Endpoint", { exact: true }).fill(endpoint);
}

async function connect(page: Page): Promise<void> {
  await page.getByTestId("own-connect").press("Enter");
}

async function isConnected(page: Page, emulator: Emulator): Promise<void> {
  await expect(page.getByTestId("own-place")).toHaveText(`${emulator.endpoint}/${bucket}`);
}

function storedIn(emulator: Emulator): number {
  return emulator.requests.filter(
    ({ action, status, key }) => action === "UploadPart" && status === 200 && key === "uploads/holiday.bin",
  ).length;
}

/** Everything that a page can keep, as text. */
async function keptByThePage(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const records: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        records.push(
          await new Promise((resolve, reject) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
            reading.onerror = () => reject(reading.error);
          }),
        );
      }
      database.close();
    }
    const caches_ = await caches.keys();
    const parts = [records, { ...localStorage }, { ...sessionStorage }, history.state, document.cookie, caches_];
    return [location.href, window.name, ...parts.map((part) => JSON.stringify(part))].join("\n");
  });
}

test("what is wrong is said at its field, and the first of them is gone to", async ({ page, demo }) => {
  await openDemo(page, demo);
  await openForm(page);
  await page.getByLabel("Region", { exact: true }).fill("hangzhou");
  await page.getByLabel("Endpoint", { exact: true }).fill("https://oss-cn-hangzhou.aliyuncs.com/b");
  await page.getByLabel("Answer of the STS service").fill('{ "AccessKeyId": "LTAI", "AccessKeySecret": "s" }');

  await connect(page);

  const region = page.getByLabel("Region", { exact: true });
  await expect(region).toBeFocused();
  await expect(region).toHaveAccessibleDescription("This is no region id. An example is cn-hangzhou.");
  await expect(region).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Bucket", { exact: true })).toHaveAccessibleDescription("This is needed.");
  await expect(page.getByLabel("Endpoint", { exact: true })).toHaveAccessibleDescription(/This is no endpoint/);
  await expect(page.getByLabel("Answer of the STS service")).toHaveAccessibleDescription(/it is a permanent one/);
  await expect(page.getByTestId("announcements")).toHaveText("4 fields to mend.");
  await region.fill("cn-hangzhou");
  await expect(page.getByTestId("own-field-region-error")).toBeHidden();
  await expect(page.getByTestId("own-place")).toHaveText("Local emulator of OSS");
});

test("a pasted token connects, is checked, uploads, and is kept nowhere", async ({
  page,
  demo,
  emulator,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin", { size: 20 * MiB });
  const token = emulator.issueToken({ expiresInMs: hour });
  await openDemo(page, demo);
  await openForm(page);
  await enterPlace(page, emulator);
  await page.getByLabel("Answer of the STS service").fill(JSON.stringify({ RequestId: "1", Credentials: token }));

  await connect(page);
  await isConnected(page, emulator);
  await expect(page.getByTestId("diagnosis-sum")).toHaveText(checkUpSum(page, 0));
  const held = emulator.faults.add({ on: "UploadPart", after: 1, times: "always", fault: "hold" });
  await pick(page, path);
  await expect.poll(() => storedIn(emulator)).toBe(1);
  const kept = await keptByThePage(page);
  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");

  expect(kept).toContain("uploads/holiday.bin");
  for (const secret of [token.AccessKeyId, token.AccessKeySecret, token.SecurityToken]) {
    expect(kept).not.toContain(secret);
    expect(await page.content()).not.toContain(secret);
  }
  expect(await page.getByLabel("Answer of the STS service").inputValue()).toBe("");
  expect(emulator.objects(bucket).map(({ key }) => key)).toEqual(["uploads/holiday.bin"]);
  expect(demo.emulator.objects(bucket)).toEqual([]);
  await page.reload();
  await expect(page.getByTestId("own-place")).toHaveText("Local emulator of OSS");
  expect(await page.getByTestId("own-field-bucket").inputValue()).toBe("");
});

test("another bucket ends the uploads of the one before, and keeps what they stored for the way back", async ({
  page,
  demo,
  emulator,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin", { size: 40 * MiB });
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await expect.poll(() => storedIn(demo.emulator)).toBe(2);
  await expect(rowOf(page, "holiday.bin")).toContainText("262 kB of 41.9 MB stored");
  await openForm(page);
  await enterPlace(page, emulator);
  await page.getByLabel("Answer of the STS service").fill(JSON.stringify(emulator.issueToken({ expiresInMs: hour })));

  await connect(page);
  await isConnected(page, emulator);
  await expect(page.getByTestId("diagnosis-sum")).toBeVisible();
  const locks = await page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name) ?? []);
  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveCount(0);
  await page.getByTestId("own-disconnect").press("Enter");

  // The worker that has kept the file says so by a lock of its own; none is of an upload.
  expect(locks.filter((name) => !name?.startsWith("ossicle-keeper"))).toEqual([]);
  await expect(page.getByTestId("own-place")).toHaveText("Local emulator of OSS");
  await expect(page.getByTestId("own-connect")).toBeFocused();
  await expect(pendingOf(page, "holiday.bin")).toBeVisible();
  await pick(page, path);
  await expect(rowOf(page, "holiday.bin")).toContainText("were already there");
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
});

test("a URL of tokens is tried first: what it answers wrongly is said at its field", async ({
  page,
  demo,
  emulator,
  serve,
  problems,
}) => {
  const app = await serve((request, response) => {
    const answers: Readonly<Record<string, readonly [number, string]>> = {
      "/refused": [403, "no"],
      "/page": [200, "<!doctype html>"],
      "/other": [200, "{}"],
      "/good": [200, JSON.stringify(emulator.issueToken({ expiresInMs: hour }))],
    };
    const [status, body] = answers[request.url ?? ""] ?? [404, ""];
    response.writeHead(status).end(body);
  });
  await openDemo(page, demo);
  await openForm(page);
  await enterPlace(page, emulator);
  await page.getByLabel("A URL that returns a token").check();
  const url = page.getByLabel("URL of the token", { exact: true });

  for (const [path, problem] of [
    [`${app.origin}/refused`, "It answered 403."],
    [`${app.origin}/page`, "Its answer is not what was expected."],
    [`${app.origin}/other`, "AccessKeyId, AccessKeySecret and SecurityToken are needed."],
    ["ftp://a.example/", "This is no URL."],
  ] as const) {
    await url.fill(path);
    await connect(page);
    await expect(url).toHaveAccessibleDescription(problem);
    await expect(url).toBeFocused();
  }
  expect(problems.splice(0)).toEqual([expect.stringContaining("403")]);
  await url.fill(`${app.origin}/good`);
  await connect(page);

  await isConnected(page, emulator);
  await expect(page.getByTestId("diagnosis-sum")).toHaveText(checkUpSum(page, 0));
});

test("a URL that signs is enough: no key comes into the page", async ({ page, demo, emulator, serve, makeFile }) => {
  const path = await makeFile("holiday.bin", { size: 20 * MiB });
  const { region, endpoint } = emulator;
  const sign = createSignHandler({ region, bucket, endpoint, credentials: account, authorize: () => true });
  const app = await serve(async (request, response) => {
    if (request.url !== "/sign") {
      response.writeHead(200).end('[{"status":"signed"}]');
      return;
    }
    const body = new Uint8Array(await readBody(request));
    const signed = await sign(new Request(`${app.origin}/sign`, { method: "POST", body }));
    response.writeHead(signed.status, [...signed.headers].flat()).end(await signed.text());
  });
  await openDemo(page, demo);
  await openForm(page);
  await enterPlace(page, emulator);
  await page.getByLabel("A URL that signs requests").check();
  const url = page.getByLabel("URL that signs", { exact: true });
  await url.fill(`${app.origin}/other`);
  await connect(page);
  await expect(url).toHaveAccessibleDescription("Its answer is not what was expected.");
  await url.fill(`${app.origin}/sign`);
  await connect(page);
  await isConnected(page, emulator);

  await pick(page, path);

  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  expect(emulator.objects(bucket).map(({ key }) => key)).toEqual(["uploads/holiday.bin"]);
  expect(await page.content()).not.toContain(account.accessKeySecret);
});
