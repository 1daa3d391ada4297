/** No key, token or signature is found anywhere that outlives a request: database, errors, console, traces, addresses. */
import type { Emulator, TokenCredentials } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { Upload } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { everyRecord } from "./support/checkpoints.js";
import { startAndHold } from "./support/interrupting.js";
import { carriedOut, expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { holdAfter, tell } from "./support/steering.js";
import { resultOf, startUpload, statesOf } from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";
const tenParts = { size: 9 * partSize + 1, seed: 1 };

const tokenFrom = (emulator: Emulator) => emulator.issueToken({ expiresInMs: 3_600_000 });

/** @param place in which the texts were found */
function expectNoSecret(place: string, texts: readonly string[], token: TokenCredentials): void {
  const text = texts.join("\n");
  for (const secret of [token.AccessKeySecret, token.SecurityToken]) {
    expect(text.includes(secret), `a secret in ${place}`).toBe(false);
    expect(text.includes(encodeURIComponent(secret)), `an encoded secret in ${place}`).toBe(false);
  }
  expect(text, place).not.toMatch(/signature=|OSS4-HMAC|security-token/i);
}

test("the checkpoint of an upload that is under way holds none", async ({ page, emulator, openWithFile }) => {
  const token = tokenFrom(emulator);
  await openWithFile(tenParts, { partSize, concurrency: 2, credentials: token });
  await startAndHold(page, emulator, 4, () => startUpload(page, { key }));

  const records = await everyRecord(page);

  expect(records).toHaveLength(5);
  expect(records.join()).toContain(emulator.uploads("user-files")[0]?.uploadId);
  expectNoSecret("the database", records, token);
  await tell(page, "cancel");
  await expectLeftSoon(page, emulator);
});

test("the error of a refused signature holds none, although the service quotes what was signed", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const token = tokenFrom(emulator);
  const wrong = { ...token, AccessKeySecret: "A-wrong-secret-of-a-token" };
  await openWithFile(tenParts, { partSize, credentials: wrong });
  const answered = page.waitForResponse((response) => response.status() === 403);
  await startUpload(page, { key });

  const error = await failureInFull(page);

  expect(await (await answered).text()).toContain(token.SecurityToken);
  expect(error).toContain("SignatureDoesNotMatch");
  expectNoSecret("the error", [error], token);
  expectNoSecret("the error", [error], wrong);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an upload from its beginning to its end leaves none in states, traces and addresses", async ({
  page,
  emulator,
  openWithFile,
}) => {
  const token = tokenFrom(emulator);
  await openWithFile(tenParts, { partSize, credentials: token, retry: { baseDelayMs: 1 } });
  emulator.faults.add({ on: "UploadPart", times: 3, fault: "html" });

  const result = await resultOf(page, await startUpload(page, { key }));

  const traces = await page.evaluate(() => window.ossicle.traces);
  const addresses = (await page.requests()).map((request) => request.url());
  expect(addresses.join()).toContain("partNumber=10");
  expect(traces.filter(({ error }) => error === "server")).toHaveLength(3);
  expectNoSecret("the states", [JSON.stringify(await statesOf(page)), JSON.stringify(result)], token);
  expectNoSecret("the traces", [JSON.stringify(traces)], token);
  expectNoSecret("the addresses", addresses, token);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a warning holds none", async ({ page, emulator, openWithFile }) => {
  const token = emulator.issueToken({ expiresInMs: 3_600_000, permissions: ["oss:PutObject"] });
  await openWithFile(tenParts, { partSize, credentials: token });
  const held = holdAfter(emulator, 0);
  await startUpload(page, { key });
  await held.waitForHit();

  await tell(page, "cancel");
  await carriedOut(page);

  const said = (await page.consoleMessages()).map((message) => message.text());
  expect(said.join()).toContain("oss:AbortMultipartUpload");
  expectNoSecret("the console", said, token);
  await expectLeftSoon(page, emulator, { ...nothing, uploadIds: 1 });
});

/** What `finished` rejects with: every property, the stack and all causes. */
async function failureInFull(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const upload = window.ossicle.uploads[0] as Upload;
    const all: unknown[] = [];
    let cause = await upload.finished.then(
      () => undefined,
      (error: unknown) => error,
    );
    for (; cause instanceof Error; cause = cause.cause) {
      const { name, message, stack } = cause;
      all.push({ ...cause, name, message, stack, text: String(cause) });
    }
    return JSON.stringify([...all, upload.state]);
  });
}
