/** Temporary keys end in the middle of an upload; the app is asked for new ones, by one call at a time, and the upload goes on. */
import type { Emulator, ExpiredTokenCode } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { bucket, finished, openUploader, resultOf, startUpload, statesOf, storedParts } from "./support/uploading.js";

const partSize = 102_400;
const key = "film.bin";

/** A page whose provider is this function of Node's. @returns what was asked of it so far */
async function provide(page: Page, token: () => unknown) {
  const asked = { calls: 0, underWay: 0, mostAtOnce: 0 };
  await page.exposeFunction("issueToken", async () => {
    asked.calls += 1;
    asked.underWay += 1;
    asked.mostAtOnce = Math.max(asked.mostAtOnce, asked.underWay);
    try {
      return await token();
    } finally {
      asked.underWay -= 1;
    }
  });
  return asked;
}

/** Refused requests so far. */
const refusals = (emulator: Emulator) => emulator.requests.filter(({ status }) => status === 403).length;

for (const code of ["SecurityTokenExpired", "InvalidAccessKeyId"] as const satisfies readonly ExpiredTokenCode[]) {
  test(`a token that ends with six parts on their way (${code}) is renewed by one call, and each goes again`, async ({
    page,
    emulator,
    openWithFile,
  }) => {
    await openWithFile({ size: 20 * partSize, seed: 1 });
    const asked = await provide(page, async () => {
      // All six have been refused, and wait for this very answer.
      if (asked.calls > 1) await emulator.waitForRequest(() => refusals(emulator) === 6);
      return emulator.issueToken({ expiresInMs: 3_600_000 });
    });
    await openUploader(page, emulator, { partSize, concurrency: 6, credentials: "tokens" });
    // Signed with the first token, and not yet looked at by the service.
    const stalled = emulator.faults.add({ on: "UploadPart", times: 6, fault: { kind: "stall", when: "before-body" } });
    await startUpload(page, { key });
    await stalled.waitForHit(6);

    emulator.expireTokens({ as: code });
    stalled.release();
    const result = await resultOf(page);

    expect(result.verified).toBe("crc64");
    expect(asked).toEqual({ calls: 2, underWay: 0, mostAtOnce: 1 });
    expect(refusals(emulator)).toBe(6);
    expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("tokens that live for seconds are renewed before they end, by one call at a time", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: 40 * partSize, seed: 1 });
  const asked = await provide(page, () => emulator.issueToken({ expiresInMs: 2_500 }));
  await openUploader(page, emulator, { partSize, concurrency: 6, credentials: "tokens" });
  // It takes longer than a token lives.
  emulator.network.throttle((40 * partSize) / 3);

  const result = await resultOf(page, await startUpload(page, { key }));

  expect(result.verified).toBe("crc64");
  expect(asked.calls).toBeGreaterThan(1);
  expect(asked.mostAtOnce).toBe(1);
  expect(emulator.object(bucket, key)?.size).toBe(40 * partSize);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a new token that the service does not know yet is asked for once more after a pause, and the upload goes on", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: 20 * partSize, seed: 1 });
  const asked = await provide(page, () => {
    const token = emulator.issueToken({ expiresInMs: 3_600_000 });
    // What the second call gives is dead before it is used: from a cache, or not yet known everywhere.
    if (asked.calls === 2) emulator.expireTokens();
    return token;
  });
  await openUploader(page, emulator, { partSize, concurrency: 6, credentials: "tokens" });
  const stalled = emulator.faults.add({ on: "UploadPart", times: 6, fault: { kind: "stall", when: "before-body" } });
  await startUpload(page, { key });
  await stalled.waitForHit(6);

  emulator.expireTokens();
  stalled.release();
  const result = await resultOf(page);

  const waits = (await statesOf(page)).flatMap((state) => state.waiting ?? []);
  expect(result.verified).toBe("crc64");
  expect(asked).toEqual({ calls: 3, underWay: 0, mostAtOnce: 1 });
  expect(waits).toContainEqual(expect.objectContaining({ reason: "credentials", untilMs: expect.any(Number) }));
  expect(storedParts(emulator).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("tokens that the service never takes are asked for three times, and the upload fails in the service's words", async ({
  page,
  emulator,
  openWithFile,
}) => {
  await openWithFile({ size: 3 * partSize, seed: 1 });
  const asked = await provide(page, () => {
    const token = emulator.issueToken({ expiresInMs: 3_600_000 });
    emulator.expireTokens();
    return token;
  });
  await openUploader(page, emulator, { partSize, concurrency: 6, credentials: "tokens" });

  const outcome = await finished(page, await startUpload(page, { key }));

  expect(outcome).toMatchObject({ error: { code: "credentials", status: 403, serverCode: "SecurityTokenExpired" } });
  expect(asked).toEqual({ calls: 3, underWay: 0, mostAtOnce: 1 });
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
