/** Whatever the bucket's CORS rule hides, an upload claims what could be proved and no more; what it forbids ends soon. */
import { type CorsRule, defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import { expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { tell } from "./support/steering.js";
import { account, bucket, finished, type Outcome, resultOf, startUpload, storedParts } from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";
const shapes = { "three parts": 2 * partSize + 1, "one request": partSize };
const crc = "x-oss-hash-crc64ecma";
type Hidden = "nothing" | "the CRC" | "the ETag" | "both";
const hidden: Readonly<Record<Hidden, readonly string[]>> = {
  nothing: [],
  "the CRC": [crc],
  "the ETag": ["ETag"],
  both: [crc, "ETag"],
};

// What `verified` is, for several parts and for a single PUT, and whether the developer is told that a header is missing.
const proofs: readonly (readonly [
  "md5+crc64" | "crc64" | "none",
  Hidden,
  Readonly<Record<keyof typeof shapes, string>>,
])[] = [
  ["md5+crc64", "nothing", { "three parts": "crc64", "one request": "crc64" }],
  ["md5+crc64", "the CRC", { "three parts": "etag, told", "one request": "etag, told" }],
  ["md5+crc64", "the ETag", { "three parts": "crc64", "one request": "crc64" }],
  // A part is shown by the listing; of an object HEAD shows its size and its date.
  ["md5+crc64", "both", { "three parts": "etag, told", "one request": "none, told" }],
  ["crc64", "nothing", { "three parts": "crc64", "one request": "crc64" }],
  ["crc64", "the CRC", { "three parts": "etag, told", "one request": "etag, told" }],
  ["crc64", "the ETag", { "three parts": "crc64", "one request": "crc64" }],
  ["crc64", "both", { "three parts": "etag, told", "one request": "none, told" }],
  ["none", "nothing", { "three parts": "none", "one request": "none" }],
  ["none", "the CRC", { "three parts": "none", "one request": "none" }],
  ["none", "the ETag", { "three parts": "none", "one request": "none" }],
  ["none", "both", { "three parts": "none", "one request": "none" }],
];

function hide(emulator: Emulator, headers: readonly string[]): void {
  const rules = defaultCorsRules.map((rule) => ({
    ...rule,
    exposeHeaders: rule.exposeHeaders?.filter((name) => !headers.includes(name)) ?? [],
  }));
  emulator.setCors(bucket, rules);
}

for (const [integrity, what, expected] of proofs) {
  test(`with ${what} hidden, integrity "${integrity}" proves what it can`, async ({ page, emulator, openWithFile }) => {
    hide(emulator, hidden[what]);
    const warnings: string[] = [];
    page.on("console", (message) => warnings.push(message.text()));

    const outcomes: [string, string][] = [];
    for (const [shape, size] of Object.entries(shapes)) {
      await openWithFile({ size, seed: size }, { partSize, integrity });
      const { verified, crc64 } = await resultOf(page, await startUpload(page, { key: `${shape}.bin` }));
      const told = warnings.splice(0).filter((text) => text.startsWith("Ossicle:"));
      outcomes.push([shape, `${verified}${told.length === 0 ? "" : ", told"}`]);
      expect(crc64 === null).toBe(hidden[what].includes(crc));
    }

    expect(Object.fromEntries(outcomes)).toEqual(expected);
    // The browser asked for itself: nothing stood between page and emulator.
    expect(emulator.requests.some(({ action, status }) => action === "Preflight" && status === 200)).toBe(true);
    expect(storedParts(emulator)).toHaveLength(3);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test('where no name of a part may be known, it is "misconfigured", and the hint is the rule to add', async ({
  page,
  pageServer,
  emulator,
  openWithFile,
}) => {
  hide(emulator, hidden.both);
  emulator.setPermissions(account.accessKeyId, ["oss:PutObject", "oss:AbortMultipartUpload"]);
  await openWithFile({ size: 2 * partSize + 1, seed: 1 }, { partSize, integrity: "none" });
  await startUpload(page, { key });

  const outcome = await finished(page);
  await tell(page, "cancel");

  expect(outcome).toMatchObject({ error: { code: "misconfigured", action: "UploadPart", temporary: false } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining(`AllowedOrigin: ${pageServer.origin}`));
  expect(outcome).toHaveProperty("error.hint", expect.stringMatching(/ExposeHeader: ETag, .*x-oss-hash-crc64ecma/));
  await expectLeftSoon(page, emulator);
});

const [everything] = defaultCorsRules;
const refusing: Readonly<Record<string, readonly CorsRule[]>> = {
  "has no rule": [],
  "allows another site": [{ ...everything, allowedMethods: ["PUT", "POST"], allowedOrigins: ["https://app.example"] }],
  "allows no POST and no PUT": [{ ...everything, allowedMethods: ["GET"], allowedOrigins: ["*"] }],
  "allows no header": [{ allowedMethods: ["PUT", "POST"], allowedOrigins: ["*"] }],
};

for (const [what, rules] of Object.entries(refusing)) {
  test(`a bucket that ${what} refuses the preflight: the upload ends when patience does, with the rule to add`, async ({
    page,
    emulator,
    openWithFile,
  }) => {
    emulator.setCors(bucket, rules);
    const retry = { giveUpAfterMs: 1, baseDelayMs: 1 };

    const outcomes: Outcome[] = [];
    for (const size of Object.values(shapes)) {
      // A form needs no preflight: the store carries it out, and the page cannot read that it did.
      await openWithFile({ size, seed: size }, { partSize, retry, smallFiles: "put" });
      await startUpload(page, { key });
      outcomes.push(await finished(page));
    }

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ error: { code: "network", temporary: true, resumable: true } });
      expect(outcome).toHaveProperty("error.hint", expect.stringContaining("ExposeHeader: ETag, "));
    }
    expect(new Set(emulator.requests.map(({ action, status }) => `${action} ${status}`))).toEqual(
      new Set(["Preflight 403"]),
    );
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a rule that lets an upload begin, but no part through, is shown too", async ({
  page,
  emulator,
  openWithFile,
}) => {
  emulator.setCors(bucket, [{ ...everything, allowedMethods: ["POST", "DELETE"], allowedOrigins: ["*"] }]);
  await openWithFile({ size: 2 * partSize + 1, seed: 1 }, { partSize, retry: { giveUpAfterMs: 1, baseDelayMs: 1 } });
  await startUpload(page, { key });

  const outcome = await finished(page);
  await tell(page, "cancel");

  expect(outcome).toMatchObject({ error: { code: "network", action: "UploadPart" } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining("AllowedMethod: PUT, "));
  await expectLeftSoon(page, emulator);
});
