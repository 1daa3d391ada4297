/** Whatever goes up arrives byte for byte, under the very name it was given. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, customDomain, openUploader, resultOf, startUpload, storedParts } from "./support/uploading.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const partSize = MiB;

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const [size, parts] of [
  [0, 0],
  [1, 0],
  [102_399, 0],
  [102_400, 0],
  [partSize, 0],
  [partSize + 1, 2],
  [40 * MiB, 40],
] as const) {
  test(`a file of ${size} bytes arrives as it is`, async ({ page, emulator, directory }) => {
    const path = await createFile(join(directory, "film.bin"), { size, seed: size });
    await pickAndOpen(page, emulator, path, { partSize });

    await startUpload(page, { key: "film.bin" });
    const result = await resultOf(page);

    expect(await emulator.sha256(bucket, "film.bin")).toBe(await sha256Of(path));
    expect(result).toMatchObject({ size, verified: "crc64", alreadyStored: false, resumedBytes: 0, sentBytes: size });
    expect(result.crc64).toBe(emulator.object(bucket, "film.bin")?.crc64);
    expect(storedParts(emulator).length).toBe(parts);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a file of 300 MiB arrives as it is, in parts that begin small and grow", async ({
  page,
  emulator,
  directory,
}) => {
  const size = 300 * MiB;
  const path = await createFile(join(directory, "film.bin"), { size, seed: 300 });
  await pickAndOpen(page, emulator, path, {});

  await startUpload(page, { key: "film.bin" });
  const result = await resultOf(page);

  expect(await emulator.sha256(bucket, "film.bin")).toBe(await sha256Of(path));
  expect(result).toMatchObject({ size, verified: "crc64", sentBytes: size });
  const stored = emulator.requests.flatMap(({ action, bodyBytes }) => (action === "UploadPart" ? bodyBytes : []));
  expect(stored[0]).toBe(128 * KiB);
  expect(Math.max(...stored)).toBeGreaterThan(MiB);
  expect(stored.reduce((sum, bytes) => sum + bytes)).toBe(size);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const key of [
  "two words + 100%25 = '()*!.bin",
  "相册/假期 🏖️.mov",
  ".hidden/a//b",
  "query?a=b&uploads#fragment",
  "%2e%2e/%41",
]) {
  test(`a key such as ${key} names the object as it is, in one request and in parts`, async ({
    page,
    emulator,
    directory,
  }) => {
    const whole = await createFile(join(directory, "whole.bin"), { size: partSize, seed: 1 });
    const cut = await createFile(join(directory, "cut.bin"), { size: partSize + 1, seed: 2 });
    await page.setInputFiles("input", [whole, cut]);
    await openUploader(page, emulator, { partSize });

    await startUpload(page, { key }, { input: 0 });
    await startUpload(page, { key: `${key}~cut` }, { input: 1 });
    const results = [await resultOf(page, 0), await resultOf(page, 1)];

    expect(new Set(emulator.objects(bucket).map((object) => object.key))).toEqual(new Set([key, `${key}~cut`]));
    expect(results.map((result) => result.key)).toEqual([key, `${key}~cut`]);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(whole));
    expect(await emulator.sha256(bucket, `${key}~cut`)).toBe(await sha256Of(cut));
    expect(storedParts(emulator)).toHaveLength(2);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a bare Blob arrives as it is, in one request and in parts", async ({ page, emulator }) => {
  const short = "Grüße, 世界";
  const long = short.repeat(20_000);
  await openUploader(page, emulator, { partSize: 102_400 });

  await startUpload(page, { key: "short.txt" }, { blob: short });
  await startUpload(page, { key: "long.txt" }, { blob: long });
  await resultOf(page, 0);
  await resultOf(page, 1);

  const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
  expect(await emulator.sha256(bucket, "short.txt")).toBe(sha256(short));
  expect(await emulator.sha256(bucket, "long.txt")).toBe(sha256(long));
  expect(storedParts(emulator).length).toBe(Math.ceil(Buffer.byteLength(long) / 102_400));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const [addressing, at, host, path] of [
  ["virtual-hosted", "localhost", `${bucket}.localhost`, "/a%20b.bin"],
  ["path", "localhost", "localhost", `/${bucket}/a%20b.bin`],
  ["cname", customDomain, customDomain, "/a%20b.bin"],
] as const) {
  test(`with ${addressing} addressing every request goes to ${host}${path}`, async ({ page, emulator, directory }) => {
    const asked = new Set<string>();
    page.context().on("request", (request) => {
      const { port, hostname, pathname } = new URL(request.url());
      if (Number(port) === emulator.port) asked.add(`${hostname}${pathname}`);
    });
    const file = await createFile(join(directory, "film.bin"), { size: 3 * partSize, seed: 3 });
    const endpoint = `http://${at}:${emulator.port}`;
    await pickAndOpen(page, emulator, file, { partSize, endpoint, addressing });

    await startUpload(page, { key: "a b.bin" });
    const result = await resultOf(page);

    expect([...asked]).toEqual([`${host}${path}`]);
    expect(result).toMatchObject({ verified: "crc64" });
    expect(await emulator.sha256(bucket, "a b.bin")).toBe(await sha256Of(file));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
