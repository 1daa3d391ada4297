/** Keys, buckets and permissions that will not do: the upload fails soon, and its error says what to change. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { account, bucket, finished, type OpenOptions, openUploader, startUpload } from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";
const atOnce = { giveUpAfterMs: 0 };

test.beforeEach(async ({ openWithFile }) => {
  await openWithFile({ size: 2 * partSize, seed: 1 }, { partSize });
});

/** Opens another uploader and has it send the picked file. */
async function outcomeWith(page: Page, emulator: Parameters<typeof openUploader>[1], options: OpenOptions) {
  await openUploader(page, emulator, { partSize, retry: atOnce, ...options });
  await startUpload(page, { key });
  return await finished(page);
}

test("a provider of credentials that rejects is named, and may be asked again later", async ({ page, emulator }) => {
  await page.exposeFunction("issueToken", () => {
    throw new Error("the session has ended");
  });

  const outcome = await outcomeWith(page, emulator, { credentials: "tokens" });

  expect(outcome).toMatchObject({ error: { code: "credentials", temporary: true, resumable: true } });
  expect(outcome).toHaveProperty("error.message", expect.stringContaining("`credentials` of ossStore()"));
  expect(emulator.requests).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

const rubbish: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  "a page of HTML": "<!doctype html><title>Please log in</title>",
  "a list": [account],
  "an id without a secret": { accessKeyId: "e2e-key-id" },
  "a temporary key without its token": { accessKeyId: "STS.abc", accessKeySecret: "e2e-key-secret" },
  "an expiration that is no date": { ...account, expiration: "tomorrow" },
};

test("a provider that returns rubbish is asked once, and the error says what was expected", async ({
  page,
  emulator,
}) => {
  let answer: unknown;
  let asked = 0;
  await page.exposeFunction("issueToken", () => {
    asked += 1;
    return answer;
  });

  const outcomes: [string, unknown][] = [];
  for (const [what, value] of Object.entries(rubbish)) {
    answer = value;
    outcomes.push([what, await outcomeWith(page, emulator, { credentials: "tokens", retry: {} })]);
  }

  for (const [what, outcome] of outcomes) {
    expect(outcome, what).toMatchObject({ error: { code: "credentials", temporary: false } });
    expect(outcome, what).toHaveProperty("error.hint", expect.stringContaining("accessKeySecret"));
  }
  expect(asked).toBe(outcomes.length);
  expect(emulator.requests).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const [what, credentials, serverCode] of [
  ["a wrong secret", { ...account, accessKeySecret: "wrong" }, "SignatureDoesNotMatch"],
  ["a key that the service does not know", { ...account, accessKeyId: "unknown" }, "InvalidAccessKeyId"],
] as const) {
  test(`${what} is "credentials", in the service's words`, async ({ page, emulator }) => {
    const outcome = await outcomeWith(page, emulator, { credentials, retry: {} });

    expect(outcome).toMatchObject({ error: { code: "credentials", serverCode, status: 403 } });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a bucket that is not there is not to be told from CORS by a page: the error names both", async ({
  page,
  emulator,
}) => {
  const outcome = await outcomeWith(page, emulator, { bucket: "no-such-bucket" });

  expect(outcome).toMatchObject({ error: { code: "network", action: "InitiateMultipartUpload" } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining("no-such-bucket"));
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining("CORS"));
});

test('a bucket that is deleted while its rule is still known is "not-found"', async ({ page, emulator }) => {
  emulator.faults.add({
    on: "InitiateMultipartUpload",
    fault: { kind: "error", status: 404, code: "NoSuchBucket" },
  });

  const outcome = await outcomeWith(page, emulator, { retry: {} });

  expect(outcome).toMatchObject({ error: { code: "not-found", status: 404, temporary: false } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining(bucket));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test('without oss:PutObject it is "forbidden", and the error names what to grant', async ({ page, emulator }) => {
  emulator.setPermissions(account.accessKeyId, ["oss:GetObject", "oss:ListParts"]);

  const outcome = await outcomeWith(page, emulator, { retry: {} });

  expect(outcome).toMatchObject({ error: { code: "forbidden", action: "oss:PutObject", status: 403 } });
  expect(outcome).toHaveProperty("error.hint", expect.stringContaining("oss:PutObject"));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
