/**
 * Some services write no CORS header on what they refuse for its clock, key or signature: the page sees a dead network. It asks
 * without a signature, and learns the time or fetches another key.
 */
import { join } from "node:path";
import { expect, test } from "./fixtures.js";
import { createFile } from "./support/files.js";
import {
  film,
  good,
  heldHalfway,
  hideRefusals,
  hour,
  key,
  options,
  provide,
  refused,
  size,
  total,
  unknown,
  unsigned,
} from "./support/hidden-refusals.js";
import { partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { openUploader, resultOf, startUpload, storedParts } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const hours of [-5, 5]) {
  test(`a page whose clock is ${Math.abs(hours)} hours ${hours < 0 ? "fast" : "slow"} recovers after two answers that it cannot read`, async ({
    page,
    emulator,
    directory,
  }) => {
    emulator.skewClock(hours * hour);
    hideRefusals(emulator);
    await pickAndOpen(page, emulator, await film(directory), options);

    const result = await resultOf(page, await startUpload(page, { key }));

    expect(result).toMatchObject({ verified: "crc64", sentBytes: size });
    expect(refused(emulator)).toHaveLength(2);
    expect(unsigned(emulator)).toHaveLength(1);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a page whose own clock is wrong recovers after two answers that it cannot read", async ({
  page,
  emulator,
  directory,
  pageServer,
}) => {
  await page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 5 * 3_600_000;
  });
  await page.goto(pageServer.page());
  hideRefusals(emulator);
  await pickAndOpen(page, emulator, await film(directory), options);

  const result = await resultOf(page, await startUpload(page, { key }));

  expect(result).toMatchObject({ verified: "crc64", sentBytes: size });
  expect(refused(emulator)).toHaveLength(2);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a clock that is set while a file goes up is corrected, and no part is sent twice", async ({
  page,
  emulator,
  directory,
}) => {
  hideRefusals(emulator);
  await pickAndOpen(page, emulator, await film(directory), options);
  const held = await heldHalfway(page, emulator);

  emulator.skewClock(3 * hour);
  held.remove();
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(storedParts(emulator)).toHaveLength(total);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("a key that the service does not know is exchanged after two answers that the page cannot read", async ({
  page,
  emulator,
  directory,
}) => {
  hideRefusals(emulator);
  const asked = await provide(page, unknown(emulator), good(emulator));
  await pickAndOpen(page, emulator, await film(directory), { ...options, credentials: "tokens" });

  const result = await resultOf(page, await startUpload(page, { key }));

  expect(result).toMatchObject({ verified: "crc64", sentBytes: size });
  expect(asked()).toBe(2);
  expect(refused(emulator)).toHaveLength(2);
  expect(unsigned(emulator)).toHaveLength(1);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const as of ["SecurityTokenExpired", "InvalidAccessKeyId"] as const) {
  test(`a token that ends as ${as} while a file goes up is exchanged, and no part is sent twice`, async ({
    page,
    emulator,
    directory,
  }) => {
    hideRefusals(emulator);
    const asked = await provide(page, good(emulator));
    await pickAndOpen(page, emulator, await film(directory), { ...options, credentials: "tokens" });
    const held = await heldHalfway(page, emulator);

    emulator.expireTokens({ as });
    held.remove();
    const result = await resultOf(page);

    expect(result).toMatchObject({ verified: "crc64" });
    expect(asked()).toBe(2);
    expect(storedParts(emulator)).toHaveLength(total);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a key that nobody can read the refusal of is exchanged after a network that was dead, too", async ({
  page,
  emulator,
  directory,
}) => {
  const asked = await provide(page, unknown(emulator), good(emulator));
  await pickAndOpen(page, emulator, await film(directory), { ...options, credentials: "tokens" });
  const dead = emulator.faults.add({ on: "any", times: "always", fault: "refuse" });
  await startUpload(page, { key });
  // Longer than it takes to become suspicious, and to ask.
  await dead.waitForHit(8);

  hideRefusals(emulator);
  dead.remove();
  const result = await resultOf(page);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(asked()).toBe(2);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("several uploads at once ask without a signature once, and share the key that is fetched", async ({
  page,
  emulator,
  directory,
}) => {
  hideRefusals(emulator);
  const asked = await provide(page, unknown(emulator), good(emulator));
  const paths = [0, 1, 2, 3].map((seed) => createFile(join(directory, `${seed}.bin`), { size, seed }));
  await page.setInputFiles("input", await Promise.all(paths));
  await openUploader(page, emulator, { partSize, retry: options.retry, credentials: "tokens" });

  const uploads = await Promise.all([0, 1, 2, 3].map((input) => startUpload(page, { key: `${input}.bin` }, { input })));
  const results = await Promise.all(uploads.map((index) => resultOf(page, index)));

  expect(results.map(({ verified }) => verified)).toEqual(["crc64", "crc64", "crc64", "crc64"]);
  expect(asked()).toBe(2);
  expect(unsigned(emulator)).toHaveLength(1);
  expect(storedParts(emulator)).toHaveLength(4 * total);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
