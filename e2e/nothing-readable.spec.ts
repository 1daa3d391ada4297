/** The page may look at nothing, and the CORS rule shows it no name: what the store takes is stored, and no more is claimed than that. */
import { defaultCorsRules } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import { pickBoth } from "./support/fault-scenes.js";
import { partSize } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { tell } from "./support/steering.js";
import { account, bucket, finished, openUploader, resultOf, startUpload, storedParts } from "./support/uploading.js";

const names = ["ETag", "x-oss-hash-crc64ecma"];
const unnamed = defaultCorsRules.map((rule) => ({
  ...rule,
  exposeHeaders: rule.exposeHeaders?.filter((name) => !names.includes(name)) ?? [],
}));
const saved = '{"saved":true}';
const retry = { baseDelayMs: 5, maxDelayMs: 20 };

test.beforeEach(async ({ page, pageServer, emulator }) => {
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:AbortMultipartUpload"]);
  emulator.setCors(bucket, unnamed);
  await page.goto(pageServer.page());
});

// In parts without a callback the document of Complete holds the ETag, which is compared with what our MD5s make of it.
for (const [how, input, withCallback, integrities, verified] of [
  ["one request", 1, false, ["md5+crc64", "crc64", "none"], "none"],
  ["one request", 1, true, ["md5+crc64", "crc64", "none"], "none"],
  ["three parts", 0, true, ["md5+crc64", "crc64"], "none"],
  ["three parts", 0, false, ["md5+crc64", "crc64"], "etag"],
] as const) {
  const callbackToo = withCallback ? ", with a callback," : "";
  test(`a file of ${how}${callbackToo} ends as verified by "${verified}", and the developer is told why`, async ({
    page,
    emulator,
    directory,
    serve,
  }) => {
    const server = await serve((_request, response) => void response.end(saved));
    const callback = { url: `${server.origin}/uploaded`, body: "a=1" };
    const told: string[] = [];
    page.on("console", (message) => told.push(message.text()));
    const sha256s = await pickBoth(page, directory);
    for (const integrity of integrities) {
      await openUploader(page, emulator, { partSize, integrity, retry });
      const options = withCallback ? { key: integrity, callback } : { key: integrity };

      const result = await resultOf(page, await startUpload(page, options, { input }));

      expect(result).toMatchObject({ verified, crc64: null, callback: withCallback ? { body: saved } : null });
      expect(await emulator.sha256(bucket, integrity)).toBe(sha256s[input]);
      const warnings = told.splice(0).filter((text) => text.startsWith("Ossicle:"));
      // Who wants no proof misses none.
      if (integrity === "none") expect(warnings).toEqual([]);
      else expect(warnings).toEqual([expect.stringContaining("ExposeHeader")]);
    }
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a part that only somebody else said was stored is missed by Complete, and sent again", async ({
  page,
  emulator,
  directory,
}) => {
  const [sha256] = await pickBoth(page, directory);
  await openUploader(page, emulator, { partSize, retry });
  const fault = emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: "stranger" });

  const result = await resultOf(page, await startUpload(page, { key: "film.bin" }));

  expect(fault.hits).toBe(1);
  expect(result).toMatchObject({ alreadyStored: false });
  expect(emulator.requests.filter(({ action }) => action === "CompleteMultipartUpload")).toMatchObject([
    { code: "InvalidPart" },
    { status: 200 },
  ]);
  expect(await emulator.sha256(bucket, "film.bin")).toBe(sha256);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("somebody else who says so of a part for ever is found out by the third Complete, and the upload goes on without him", async ({
  page,
  emulator,
  directory,
}) => {
  const [sha256] = await pickBoth(page, directory);
  await openUploader(page, emulator, { partSize, retry });
  emulator.faults.add({ on: "UploadPart", partNumber: 2, times: "always", fault: "stranger" });

  const outcome = await finished(page, await startUpload(page, { key: "film.bin" }));
  const completes = emulator.requests.filter(({ action }) => action === "CompleteMultipartUpload");

  expect(outcome).toMatchObject({ error: { code: "rejected", serverCode: "InvalidPart", resumable: true } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining("ExposeHeader: ETag"));
  expect(completes.map(({ code }) => code)).toEqual(["InvalidPart", "InvalidPart", "InvalidPart"]);
  expect(emulator.object(bucket, "film.bin")).toBeUndefined();

  emulator.faults.clear();
  const sent = storedParts(emulator).length;
  await tell(page, "resume");
  await resultOf(page);
  expect(storedParts(emulator).length).toBeGreaterThan(sent);
  expect(await emulator.sha256(bucket, "film.bin")).toBe(sha256);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
