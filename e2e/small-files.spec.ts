/** Small files go up in one round trip each, and where the bucket or the app does not take forms, as they always did. */
import { join } from "node:path";
import { type CorsRule, defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, openUploader, resultOf, startUpload } from "./support/uploading.js";

const size = 20_000;
const count = 12;

function actions(emulator: Emulator): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { action } of emulator.requests) counted[action ?? "none"] = (counted[action ?? "none"] ?? 0) + 1;
  return counted;
}

for (const [addressing, at] of [
  ["path", "127.0.0.1"],
  ["virtual-hosted", "localhost"],
] as const) {
  test(`of ${count} small files in a bucket that is addressed ${addressing} most go up without a preflight`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    const paths = await Promise.all(
      Array.from({ length: count }, (_, seed) => createFile(join(directory, `${seed}.bin`), { size, seed })),
    );
    await page.goto(pageServer.page());
    await page.setInputFiles("input", paths);
    await openUploader(page, emulator, { addressing, endpoint: `http://${at}:${emulator.port}` });

    // The first one alone: what begins before its answer goes by PUT.
    for (const input of paths.keys()) {
      await startUpload(page, { key: `${input}.bin` }, { input });
      if (input === 0) await resultOf(page, 0);
    }
    const results = await Promise.all(paths.map((_, index) => resultOf(page, index)));

    expect(actions(emulator)).toEqual({ PostObject: count });
    expect(results.map(({ verified, sentBytes }) => [verified, sentBytes])).toEqual(paths.map(() => ["crc64", size]));
    for (const [index, path] of paths.entries()) {
      expect(await emulator.sha256(bucket, `${index}.bin`)).toBe(await sha256Of(path));
    }
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a CORS rule without POST costs the first small file a request, and the others nothing", async ({
  page,
  pageServer,
  emulator,
}) => {
  const without = (rule: CorsRule): CorsRule => ({
    ...rule,
    allowedMethods: rule.allowedMethods.filter((method) => method !== "POST"),
  });
  emulator.setCors(bucket, defaultCorsRules.map(without));
  await page.goto(pageServer.page());
  await openUploader(page, emulator);

  for (const key of ["a", "b", "c"]) await resultOf(page, await startUpload(page, { key }, { blob: `small ${key}` }));

  expect(actions(emulator)).toMatchObject({ PostObject: 1, PutObject: 3 });
  const waits = await page.evaluate(() => window.ossicle.states.flat().map((state) => state.waiting?.reason));
  expect(waits).not.toContain("backoff");
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const [what, fault] of [
  ["is refused", { kind: "error", status: 403, code: "AccessDenied" }],
  ["is answered by a failure", { kind: "error", status: 500, code: "InternalError" }],
  ["finds a dead connection", { kind: "reset" }],
] as const) {
  test(`a first form that ${what} is no failure: the file goes by PUT at once`, async ({
    page,
    pageServer,
    emulator,
  }) => {
    emulator.faults.add({ on: "PostObject", times: "always", fault });
    await page.goto(pageServer.page());
    await openUploader(page, emulator);

    for (const key of ["a", "b"]) await resultOf(page, await startUpload(page, { key }, { blob: `small ${key}` }));

    expect(actions(emulator)).toMatchObject({ PutObject: 2 });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test('with smallFiles: "put" no form is sent', async ({ page, pageServer, emulator }) => {
  await page.goto(pageServer.page());
  await openUploader(page, emulator, { smallFiles: "put" });

  await resultOf(page, await startUpload(page, { key: "a" }, { blob: "a small file" }));

  expect(actions(emulator)).toMatchObject({ PutObject: 1, Preflight: 1 });
  expect(actions(emulator)).not.toHaveProperty("PostObject");
});
