/**
 * Some services write no CORS header on what they refuse for its clock, key or signature: the page sees a dead network. It asks
 * without a signature, and learns the time or fetches another key; and a refusal that comes once is no reason to give up.
 */
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { Diagnosis } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { createFile, createFilm } from "./support/files.js";
import { partSize, pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { holdAfter, tell } from "./support/steering.js";
import {
  account,
  finished,
  type OpenOptions,
  openUploader,
  partsStored,
  resultOf,
  startUpload,
  storedParts,
} from "./support/uploading.js";

const key = "film.bin";
const total = 6;
const size = total * partSize - 5;
const options = { partSize, concurrency: 1, retry: { baseDelayMs: 5, maxDelayMs: 50 } } as const;
const impatient = { ...options, retry: { ...options.retry, giveUpAfterMs: 400 } } as const;
const hour = 3_600_000;
const wrong = { ...account, accessKeySecret: "not-the-secret" };

const film = (directory: string) => createFilm(directory, size);

/** From now on no page can read a refusal of what is signed. */
function hideRefusals(emulator: Emulator): void {
  emulator.faults.add({
    on: "any",
    signed: true,
    times: "always",
    fault: { kind: "without-cors", refusals: true },
  });
}

const unsigned = (emulator: Emulator) =>
  emulator.requests.filter(({ isSigned, action }) => !isSigned && action !== "Preflight");
const refused = (emulator: Emulator) => emulator.requests.filter(({ isSigned, status }) => isSigned && status === 403);

/** The page gets these one after the other, the last one again and again. @returns how often it has asked */
async function provide(page: Page, ...keys: readonly (() => object)[]): Promise<() => number> {
  let asked = 0;
  await page.exposeFunction("issueToken", () => {
    const next = keys[Math.min(asked, keys.length - 1)];
    asked += 1;
    return next?.();
  });
  return () => asked;
}

const good = (emulator: Emulator) => () => emulator.issueToken({ expiresInMs: hour });
const unknown = (emulator: Emulator) => () => {
  const token = emulator.issueToken({ expiresInMs: hour });
  emulator.revokeToken(token.AccessKeyId);
  return token;
};

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

/** Two parts are stored, the third is at the store. What is added to the faults before has the others. */
async function heldHalfway(page: Page, emulator: Emulator) {
  const hiding = emulator.faults.list().map(({ spec }) => spec);
  // The first fault that matches has a request.
  emulator.faults.clear();
  const held = holdAfter(emulator, 2);
  for (const spec of hiding) emulator.faults.add(spec);
  await startUpload(page, { key });
  await Promise.all([held.waitForHit(), partsStored(page, 2)]);
  return held;
}

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

/** Keys that never become good. */
const hopeless: Readonly<Record<string, OpenOptions>> = {
  "a wrong secret": { credentials: wrong },
  "a provider of unknown keys": { credentials: "tokens" },
};

for (const [what, credentials] of Object.entries(hopeless)) {
  test(`${what} for ever ends as a dead network, and the hint says where else to look`, async ({
    page,
    emulator,
    directory,
  }) => {
    hideRefusals(emulator);
    const asked = await provide(page, unknown(emulator));
    await pickAndOpen(page, emulator, await film(directory), { ...impatient, ...credentials });

    const outcome = await finished(page, await startUpload(page, { key }));

    expect(outcome).toMatchObject({ error: { code: "network", temporary: true, hint: expect.stringMatching(/CORS/) } });
    expect(outcome).toMatchObject({ error: { hint: expect.stringMatching(/clock.*credentials/) } });
    expect(asked()).toBeLessThanOrEqual(2);
    expect(JSON.stringify(outcome)).not.toContain("not-the-secret");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`diagnose() names clock and key beside the CORS rule for ${what}`, async ({ page, emulator, directory }) => {
    hideRefusals(emulator);
    await provide(page, unknown(emulator));
    await pickAndOpen(page, emulator, await film(directory), { ...impatient, ...credentials });

    const { ok, checks } = await page.evaluate<Diagnosis>(() => window.ossicle.uploader.diagnose());

    const cors = checks.find(({ name }) => name === "cors");
    expect(ok).toBe(false);
    expect(cors).toMatchObject({ status: "failed", detail: expect.stringContaining("unsigned") });
    expect(cors?.hint).toMatch(/clock/);
    expect(cors?.hint).toMatch(/credentials/);
    expect(cors?.hint).toContain("AllowedOrigin");
    expect(JSON.stringify(checks)).not.toContain("not-the-secret");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("diagnose() says that the clock is wrong where no refusal can be read, and that all else is well", async ({
  page,
  emulator,
  directory,
}) => {
  emulator.skewClock(5 * hour);
  emulator.faults.add({
    on: "InitiateMultipartUpload",
    fault: { kind: "without-cors", refusals: true },
  });
  await pickAndOpen(page, emulator, await film(directory), options);

  const { ok, checks } = await page.evaluate<Diagnosis>(() => window.ossicle.uploader.diagnose());

  const said = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  expect(said).toMatchObject({ clock: "warning", cors: "ok", credentials: "ok", permissions: "ok" });
  expect(checks.find(({ name }) => name === "clock")?.detail).toContain("300 minutes behind");
  expect(ok).toBe(true);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

const accidents = {
  SignatureDoesNotMatch: ["InitiateMultipartUpload", "UploadPart", "ListParts", "CompleteMultipartUpload"],
  RequestTimeTooSkewed: ["UploadPart"],
} as const;

for (const [code, befallen] of Object.entries(accidents)) {
  for (const action of befallen) {
    test(`one ${code} to ${action}, with a key that is good and the right time, is an accident`, async ({
      page,
      emulator,
      directory,
    }) => {
      await pickAndOpen(page, emulator, await film(directory), options);
      const fault = emulator.faults.add({ on: action, fault: { kind: "error", status: 403, code } });
      if (action === "ListParts") {
        const held = holdAfter(emulator, 2);
        await startUpload(page, { key });
        await Promise.all([held.waitForHit(), partsStored(page, 2)]);
        const paused = tell(page, "pause");
        await paused;
        held.remove();
        await tell(page, "resume");
      } else await startUpload(page, { key });

      const result = await resultOf(page);

      expect(fault.hits).toBe(1);
      expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`${code} for ever, with a fixed key, ends at once`, async ({ page, emulator, directory }) => {
    await pickAndOpen(page, emulator, await film(directory), options);
    emulator.faults.add({ on: "any", signed: true, times: "always", fault: { kind: "error", status: 403, code } });

    const outcome = await finished(page, await startUpload(page, { key }));

    expect(outcome).toMatchObject({ error: { code: "credentials", serverCode: code, temporary: false } });
    expect(emulator.requests.filter(({ isSigned }) => isSigned)).toHaveLength(2);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
