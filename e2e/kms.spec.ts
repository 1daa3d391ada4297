/** Under KMS encryption an ETag is no MD5: it names a part, and says nothing of its bytes. The CRC-64 proves them, where it can be read. */
import { defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { damageRecord } from "./support/checkpoints.js";
import { createFilm, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { account, bucket, finished, partsStored, resultOf, startUpload, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 6;
const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5, maxDelayMs: 50 } } as const;
const shapes = { "in parts": total * partSize - 5, "in one request": partSize };
const encryption = { algorithm: "KMS" } as const;

function encrypt(emulator: Emulator): void {
  emulator.faults.add({ on: ["UploadPart", "PutObject", "PostObject"], times: "always", fault: "opaque-etag" });
}

function hide(emulator: Emulator, ...headers: readonly string[]): void {
  const shown = (name: string) => !headers.includes(name);
  const rules = defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: (rule.exposeHeaders ?? []).filter(shown) }));
  emulator.setCors(bucket, rules);
}

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const [how, size] of Object.entries(shapes)) {
  for (const integrity of ["md5+crc64", "crc64"] as const) {
    test(`a file that goes up ${how} is proved by its CRC-64 (${integrity})`, async ({ page, emulator, directory }) => {
      encrypt(emulator);
      const path = await createFilm(directory, size);
      await pickAndOpen(page, emulator, path, { ...options, integrity });

      const result = await resultOf(page, await startUpload(page, { key, encryption }));
      const again = await resultOf(page, await startUpload(page, { key, encryption, ifExists: "skip-identical" }));

      expect(result).toMatchObject({ verified: "crc64", alreadyStored: false, sentBytes: size });
      expect(result.crc64).toBe(emulator.object(bucket, key)?.crc64);
      expect(again).toMatchObject({ verified: "crc64", alreadyStored: true, sentBytes: 0 });
      expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  for (const integrity of ["md5+crc64", "crc64"] as const) {
    test(`a file that goes up ${how} where the CRC-64 is hidden fails with the rule that would show it (${integrity})`, async ({
      page,
      emulator,
      directory,
    }) => {
      encrypt(emulator);
      hide(emulator, "x-oss-hash-crc64ecma");
      await pickAndOpen(page, emulator, await createFilm(directory, size), { ...options, integrity });

      const outcome = await finished(page, await startUpload(page, { key, encryption }));

      expect(outcome).toMatchObject({
        error: { code: "corrupted", message: expect.not.stringContaining("other bytes") },
      });
      expect(outcome).toMatchObject({ error: { hint: expect.stringMatching(/KMS[\s\S]*x-oss-hash-crc64ecma/) } });
    });
  }

  // The listing names the CRC-64 of each part beside its ETag, and the document of Complete the ETag that is made of those.
  const verified = how === "in parts" ? "etag" : "none";
  test(`a file that goes up ${how} where CRC-64 and ETag are hidden is said to be proved by: ${verified}`, async ({
    page,
    emulator,
    directory,
  }) => {
    encrypt(emulator);
    hide(emulator, "x-oss-hash-crc64ecma", "ETag");
    const path = await createFilm(directory, size);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await startUpload(page, { key, encryption }));

    expect(result).toMatchObject({ verified, alreadyStored: false });
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`a file that goes up ${how} and is not to be proved is not said to be`, async ({
    page,
    emulator,
    directory,
  }) => {
    encrypt(emulator);
    hide(emulator, "x-oss-hash-crc64ecma");
    await pickAndOpen(page, emulator, await createFilm(directory, size), { ...options, integrity: "none" });

    const result = await resultOf(page, await startUpload(page, { key, encryption }));

    expect(result).toMatchObject({ verified: "none", alreadyStored: false });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("parts that can be neither named nor listed fail at Complete, with the rule that would name them", async ({
  page,
  emulator,
  directory,
}) => {
  encrypt(emulator);
  hide(emulator, "x-oss-hash-crc64ecma", "ETag");
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:GetObject", "oss:AbortMultipartUpload"]);
  await pickAndOpen(page, emulator, await createFilm(directory, shapes["in parts"]), options);

  const outcome = await finished(page, await startUpload(page, { key, encryption }));

  expect(outcome).toMatchObject({
    error: {
      code: "rejected",
      serverCode: "InvalidPart",
      hint: expect.stringMatching(/named by their MD5[\s\S]*ETag/),
    },
  });
  expect(emulator.objects(bucket)).toEqual([]);
});

async function reloadHalfway(page: Page, emulator: Emulator, path: string): Promise<void> {
  await pickAndOpen(page, emulator, path, options);
  // The first fault that matches has a request.
  emulator.faults.add({ on: "UploadPart", times: 3, fault: "opaque-etag" });
  const held = emulator.faults.add({
    on: "UploadPart",
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
  await startUpload(page, { key, encryption });
  await Promise.all([held.waitForHit(2), partsStored(page, 3)]);
  await page.reload();
  await lift(emulator, held);
  encrypt(emulator);
  await pickAndOpen(page, emulator, path, options);
}

for (const lost of [false, true]) {
  test(`a page that comes after sends no stored part again${lost ? ", although the record of one is lost" : ""}`, async ({
    page,
    emulator,
    directory,
  }) => {
    const size = shapes["in parts"];
    const path = await createFilm(directory, size);
    await reloadHalfway(page, emulator, path);
    if (lost) await damageRecord(page, 2, "deleted");

    const result = await resultOf(page, await startUpload(page, { key, encryption }));

    expect(result).toMatchObject({ verified: "crc64", resumedBytes: 3 * partSize, sentBytes: size - 3 * partSize });
    expect(storedParts(emulator)).toHaveLength(total);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("an object whose Complete was answered to nobody is recognised", async ({ page, emulator, directory }) => {
  encrypt(emulator);
  await pickAndOpen(page, emulator, await createFilm(directory, shapes["in parts"]), options);
  emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

  const result = await resultOf(page, await startUpload(page, { key, encryption }));

  expect(result).toMatchObject({ verified: "crc64", alreadyStored: true });
  expect(storedParts(emulator)).toHaveLength(total);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a part of other bytes is noticed by its CRC-64, and sent again", async ({ page, emulator, directory }) => {
  const path = await createFilm(directory, shapes["in parts"]);
  emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: { kind: "corrupt", what: "stored" } });
  encrypt(emulator);
  await pickAndOpen(page, emulator, path, options);

  const result = await resultOf(page, await startUpload(page, { key, encryption }));

  expect(result).toMatchObject({ verified: "crc64" });
  expect(storedParts(emulator).filter((number) => number === 2)).toHaveLength(2);
  expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
