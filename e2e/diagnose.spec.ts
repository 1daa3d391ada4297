/** What `diagnose()` says of a page and a bucket with one thing wrong, and that it leaves nothing behind. */
import { defaultCorsRules, type Emulator, type Permission } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { Diagnosis, DiagnosisCheck } from "../packages/core/src/index.js";
import { test as base, expect } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { account, bucket, openUploader, resultOf, startUpload } from "./support/uploading.js";

type Name = DiagnosisCheck["name"];

async function diagnosed(page: Page, options: { key?: string } = {}) {
  const { ok, checks } = await page.evaluate<Diagnosis, { key?: string }>(
    (options) => window.ossicle.uploader.diagnose(options),
    options,
  );
  const find = (name: Name) => checks.find((check) => check.name === name);
  const statuses = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  return { ok, checks, find, statuses };
}

function hide(emulator: Emulator, ...headers: readonly string[]): void {
  const isShown = (name: string) => !headers.includes(name);
  const rules = defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: rule.exposeHeaders?.filter(isShown) ?? [] }));
  emulator.setCors(bucket, rules);
}

type Statuses = Readonly<Record<Name, DiagnosisCheck["status"]>>;

/** Of a page and a bucket that lack nothing. Handles of files exist in Chromium alone; it is no failure to have none. */
const test = base.extend<{ readonly allFine: Statuses }>({
  allFine: async ({ browserName }, use) => {
    await use({
      worker: "ok",
      wasm: "ok",
      indexeddb: "ok",
      locks: "ok",
      "file-handles": browserName === "chromium" ? "ok" : "warning",
      "service-worker": "ok",
      // Nobody asked for it.
      "after-page": "skipped",
      credentials: "ok",
      cors: "ok",
      "exposed-headers": "ok",
      caches: "ok",
      clock: "ok",
      permissions: "ok",
    });
  },
});

test.describe("with a page that loads", () => {
  test.beforeEach(async ({ page, pageServer }) => await page.goto(pageServer.page()));

  test("all is fine where all is fine, and an upload goes on beside it", async ({ page, allFine, emulator }) => {
    await openUploader(page, emulator);
    await startUpload(page, { key: "a.txt" }, { blob: "a" });

    const { ok, statuses } = await diagnosed(page);
    await resultOf(page);

    expect(statuses).toEqual(allFine);
    expect(ok).toBe(true);
    expect(emulator.objects(bucket).map(({ key }) => key)).toEqual(["a.txt"]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("it tries the key that it is given, whatever is there", async ({ page, emulator }) => {
    await openUploader(page, emulator);

    await diagnosed(page, { key: "videos/probe" });

    const keys = new Set(emulator.requests.map(({ key }) => key));
    expect([...keys]).toEqual(["videos/probe"]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  for (const [header, loss] of [
    ["ETag", "worked out"],
    ["x-oss-hash-crc64ecma", "ETag at best"],
  ] as const) {
    test(`a hidden ${header} is a warning with the rule for this page`, async ({
      page,
      allFine,
      pageServer,
      emulator,
    }) => {
      hide(emulator, header);
      await openUploader(page, emulator);

      const { ok, find, statuses } = await diagnosed(page);

      expect(statuses).toEqual({ ...allFine, "exposed-headers": "warning" });
      expect(ok).toBe(true);
      expect(find("exposed-headers")?.detail).toContain(header);
      expect(find("exposed-headers")?.detail).toContain(loss);
      expect(find("exposed-headers")?.hint).toContain(`AllowedOrigin: ${pageServer.origin}\n`);
      expect(find("exposed-headers")?.hint).toContain("ExposeHeader: ETag, ");
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test("an origin that is not allowed gets the rule to paste", async ({ page, allFine, pageServer, emulator }) => {
    const rules = defaultCorsRules.map((rule) => ({ ...rule, allowedOrigins: ["https://other.example"] }));
    emulator.setCors(bucket, rules);
    await openUploader(page, emulator);

    const { ok, find, statuses } = await diagnosed(page);

    const unknown = {
      credentials: "skipped",
      "exposed-headers": "skipped",
      caches: "skipped",
      clock: "skipped",
      permissions: "skipped",
    };
    expect(statuses).toEqual({ ...allFine, ...unknown, cors: "failed" });
    expect(ok).toBe(false);
    expect(find("cors")?.detail).toContain("says that it is online");
    expect(find("cors")?.hint).toContain(
      `AllowedOrigin: ${pageServer.origin}\nAllowedMethod: PUT, POST, GET, HEAD, DELETE`,
    );
    expect(emulator.uploads(bucket)).toEqual([]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("a wrong secret is said in the service's words, and is not shown", async ({ page, allFine, emulator }) => {
    await openUploader(page, emulator, { credentials: { ...account, accessKeySecret: "not-the-secret" } });

    const { ok, checks, find, statuses } = await diagnosed(page);

    expect(statuses).toEqual({ ...allFine, credentials: "failed", "exposed-headers": "ok", permissions: "skipped" });
    expect(ok).toBe(false);
    expect(find("credentials")?.detail).toContain("SignatureDoesNotMatch");
    expect(JSON.stringify(checks)).not.toContain("not-the-secret");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("a clock that is an hour off is a warning, and the rest goes on", async ({ page, allFine, emulator }) => {
    emulator.skewClock(3_600_000);
    await openUploader(page, emulator);

    const { ok, find, statuses } = await diagnosed(page);

    expect(statuses).toEqual({ ...allFine, clock: "warning" });
    expect(ok).toBe(true);
    expect(find("clock")?.detail).toContain("60 minutes behind");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  const rights: readonly Permission[] = ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"];
  for (const [missing, status, left] of [
    ["oss:PutObject", "failed", 0],
    ["oss:ListParts", "warning", 0],
    ["oss:GetObject", "warning", 0],
    ["oss:AbortMultipartUpload", "warning", 1],
  ] as const) {
    test(`without ${missing} the permissions are "${status}", and what to grant is said`, async ({
      page,
      emulator,
    }) => {
      const granted = rights.filter((right) => right !== missing);
      emulator.setPermissions(account.accessKeyId, granted);
      await openUploader(page, emulator);

      const { ok, find, statuses } = await diagnosed(page);

      expect(statuses).toMatchObject({ credentials: "ok", cors: "ok", permissions: status });
      expect(ok).toBe(status === "warning");
      expect(find("permissions")?.hint).toContain(`Grant ${missing}`);
      expect(find("permissions")?.detail.includes("is still there")).toBe(left === 1);
      expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: left });
    });
  }

  test("a database that refuses to open fails, in its words", async ({ page, allFine, emulator }) => {
    await page.evaluate(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("not in this window", "SecurityError");
      };
    });
    await openUploader(page, emulator);

    const { ok, find, statuses } = await diagnosed(page);

    expect(statuses).toEqual({ ...allFine, indexeddb: "failed" });
    expect(ok).toBe(false);
    expect(find("indexeddb")).toMatchObject({
      detail: expect.stringContaining("SecurityError: not in this window"),
      hint: expect.stringContaining("not after a reload"),
    });
    expect(emulator.uploads(bucket)).toEqual([]);
  });

  test("checkpoints that are not wanted are not tried", async ({ page, allFine, emulator }) => {
    await openUploader(page, emulator, { checkpoints: false });

    const { ok, statuses } = await diagnosed(page);

    expect(statuses).toEqual({ ...allFine, indexeddb: "skipped" });
    expect(ok).toBe(true);
    expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  });

  test("a key that can never be one is refused like any other", async ({ page, emulator }) => {
    await openUploader(page, emulator);

    const code = await page.evaluate(() =>
      window.ossicle.uploader.diagnose({ key: "/a" }).catch((error: { code: string }) => error.code),
    );

    expect(code).toBe("invalid-option");
    expect(emulator.requests).toEqual([]);
  });

  test("an uploader that is closed meanwhile stops it, and nothing stays", async ({ page, emulator }) => {
    await openUploader(page, emulator);
    const held = emulator.faults.add({ on: "UploadPart", fault: { kind: "hold", when: "before-effect" } });
    const outcome = page.evaluate(() =>
      window.ossicle.uploader.diagnose().then(
        () => "resolved",
        (error: Error) => error.name,
      ),
    );
    await emulator.waitForRequest(({ action }) => action === "UploadPart");

    await page.evaluate(() => window.ossicle.uploader.close());

    expect(await outcome).toBe("AbortError");
    held.remove();
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
});

test("a policy without WebAssembly is a warning that names the keyword", async ({
  page,
  allFine,
  pageServer,
  emulator,
}) => {
  const csp = `script-src 'self' 'nonce-harness'; worker-src 'self'; connect-src 'self' ${emulator.endpoint}`;
  await page.goto(pageServer.page({ csp }));
  await openUploader(page, emulator);

  const { ok, find, statuses } = await diagnosed(page);

  expect(statuses).toEqual({ ...allFine, wasm: "warning" });
  expect(ok).toBe(true);
  expect(find("wasm")?.hint).toContain("'wasm-unsafe-eval'");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a policy without the store's origin fails with the directive to change", async ({
  page,
  pageServer,
  emulator,
}) => {
  await page.goto(pageServer.page({ csp: "connect-src 'self'" }));
  await openUploader(page, emulator);

  const { find } = await diagnosed(page);

  expect(find("cors")).toMatchObject({ status: "failed", hint: expect.stringContaining("connect-src") });
  expect(emulator.requests).toEqual([]);
});

test("a policy without workers fails with what to allow, and asks the store for nothing", async ({
  page,
  pageServer,
  emulator,
}) => {
  await page.goto(pageServer.page({ csp: "worker-src 'none'" }));
  await openUploader(page, emulator);

  const { ok, find, statuses } = await diagnosed(page);

  expect(ok).toBe(false);
  expect(find("worker")).toMatchObject({ status: "failed", hint: expect.stringContaining("worker-src") });
  expect(statuses).toMatchObject({ credentials: "skipped", cors: "skipped", permissions: "skipped" });
  expect(emulator.requests).toEqual([]);
});
