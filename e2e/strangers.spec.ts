/**
 * Somebody between page and store answers in its place, to each of the seven requests: nothing is completed on his word, and nothing
 * that is stored is lost by it.
 */
import type { Emulator, FaultHandle } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { ended, firstError, inputFor, pickBoth, prepare } from "./support/fault-scenes.js";
import type { Action } from "./support/fault-story.js";
import { partSize } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import type { ScriptedServer } from "./support/scripted-server.js";
import { tell } from "./support/steering.js";
import { type Case, casesFor, integrities, meets, strangers } from "./support/strangers.js";
import { bucket, finished, openUploader, resultOf, startUpload } from "./support/uploading.js";

/** The requests whose answers say that bytes are stored. */
const claims: readonly Action[] = ["PutObject", "UploadPart", "CompleteMultipartUpload"];
const saved = '{"saved":true}';
const retry = { baseDelayMs: 5, maxDelayMs: 20 };

interface Begun extends Case {
  readonly index: number;
  readonly fault: FaultHandle;
}

/** Brings each case about, in an upload of its own; the application server is told of those with a callback. */
async function beginAll(
  page: Page,
  emulator: Emulator,
  server: ScriptedServer,
  cases: readonly Case[],
  times: "always" | number,
  change: object = {},
): Promise<readonly Begun[]> {
  const begun: Begun[] = [];
  for (const one of cases) {
    const { action, key, name, withCallback } = one;
    const callback = { url: `${server.origin}/${encodeURIComponent(key)}`, body: "a=1" };
    const options: UploadOptions = withCallback ? { key, callback } : { key };
    const { begin } = await prepare(page, emulator, action, options);
    // The last part: what the others have stored is not to be lost.
    const part = action === "UploadPart" ? { partNumber: 3 } : {};
    const fault = emulator.faults.add({ on: action, key, ...part, times, fault: { ...strangers[name], ...change } });
    begun.push({ ...one, fault, index: await begin() });
  }
  return begun;
}

/** How often the application server heard of the object. */
function calls({ requests }: ScriptedServer, { key }: Case): number {
  return requests.filter(({ path }) => decodeURIComponent(path) === `/${key}`).length;
}

function inParts({ action }: Case): boolean {
  return inputFor(action) === 0;
}

/** Numbers of the parts that the store itself took, ascending, repeats included. One that is held took effect. */
function storedOnce({ requests }: Emulator, { key }: Case): readonly number[] {
  return requests
    .filter((entry) => entry.key === key && entry.action === "UploadPart")
    .filter(({ status, fault }) => (fault === undefined && status === 200) || fault === "hold")
    .map(({ partNumber = 0 }) => partNumber)
    .sort((a, b) => a - b);
}

/** @param proved what the uploads of this uploader are proved by */
async function expectStored(page: Page, emulator: Emulator, sha256s: readonly string[], one: Begun, proved: string) {
  const { key, action, name, index } = one;
  const { verified, alreadyStored } = await resultOf(page, index);
  const isFound = action === "HeadObject" && name !== "an empty 404";
  // What is found at the key is compared with the file, whatever the integrity.
  expect({ key, verified, alreadyStored }).toEqual({
    key,
    verified: isFound ? "crc64" : proved,
    alreadyStored: isFound,
  });
  expect(await emulator.sha256(bucket, key), key).toBe(sha256s[inputFor(action)]);
}

for (const integrity of integrities) {
  const proved = integrity === "none" ? "none" : "crc64";

  test.describe(`with integrity "${integrity}"`, () => {
    test.beforeEach(async ({ page, pageServer }) => {
      await page.goto(pageServer.page());
    });

    test("one answer of somebody else than the store is not believed, and the request is made again", async ({
      page,
      emulator,
      directory,
      serve,
    }) => {
      const server = await serve((_request, response) => void response.end(saved));
      const sha256s = await pickBoth(page, directory);
      await openUploader(page, emulator, { partSize, integrity, retry, smallFiles: "put" });
      const cases = casesFor(integrity, (name, action) => meets(name, action) !== "rejected", claims);

      const begun = await beginAll(page, emulator, server, cases, 1);

      for (const one of begun) {
        const { key, action, index, name, fault, withCallback } = one;
        if (action === "AbortMultipartUpload") await ended(page, action, index);
        else await expectStored(page, emulator, sha256s, one, proved);
        expect({ key, met: await firstError(page, index, action) }).toEqual({ key, met: meets(name, action) });
        expect(fault.hits, key).toBe(1);
        if (!withCallback || action === "AbortMultipartUpload" || action === "HeadObject") continue;
        expect({ key, ...(await resultOf(page, index)).callback }).toEqual({ key, status: 200, body: saved });
        expect(calls(server, one), key).toBe(1);
      }
      // An upload that is said to be gone or aborted, in the store's own words, stays for its lifecycle rule.
      const given = begun.filter(({ name, action }) => meets(name, action) !== "server" && action !== "HeadObject");
      const left = await leftBehind(page, emulator);
      expect(left).toEqual({ ...nothing, uploadIds: given.length });
    });

    test("what took effect, while somebody else answered, is found in the store and not claimed before", async ({
      page,
      emulator,
      directory,
      serve,
    }) => {
      const server = await serve((_request, response) => void response.end(saved));
      const sha256s = await pickBoth(page, directory);
      await openUploader(page, emulator, { partSize, integrity, retry, smallFiles: "put" });
      const cases = casesFor(integrity, (name, action) => name !== "an empty 404" && claims.includes(action));

      const begun = await beginAll(page, emulator, server, cases, 1, { effect: true });

      for (const one of begun) {
        const { key, action, index, withCallback } = one;
        expect(await resultOf(page, index), key).toMatchObject({ verified: expect.stringMatching(`crc64|${proved}`) });
        expect(await emulator.sha256(bucket, key), key).toBe(sha256s[inputFor(action)]);
        if (withCallback && action !== "PutObject") expect(calls(server, one), key).toBe(1);
      }
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });

    test("somebody else who answers for ever ends the upload for now, and costs nothing that is stored", async ({
      page,
      emulator,
      directory,
      serve,
    }) => {
      const server = await serve((_request, response) => void response.end(saved));
      const sha256s = await pickBoth(page, directory);
      await openUploader(page, emulator, {
        partSize,
        integrity,
        retry: { ...retry, giveUpAfterMs: 100 },
        smallFiles: "put",
      });
      const cases = casesFor(
        integrity,
        (name, action) => meets(name, action) === "server" && action !== "AbortMultipartUpload",
      );

      const begun = await beginAll(page, emulator, server, cases, "always");

      for (const { key, action, index } of begun) {
        const outcome = await finished(page, index);
        expect({ key, ...outcome }).toMatchObject({
          key,
          error: { code: "server", action, temporary: true, resumable: true },
        });
        expect(outcome, key).toHaveProperty("error.hint", expect.stringMatching(/proxy.*service worker/));
        // What was there before is what HEAD was asked about.
        expect(emulator.object(bucket, key) === undefined, key).toBe(action !== "HeadObject");
      }
      expect(server.requests.map(({ path }) => decodeURIComponent(path))).toEqual(
        cases.filter(({ action, withCallback }) => withCallback && action === "HeadObject").map(({ key }) => `/${key}`),
      );
      const kept = new Map(emulator.uploads(bucket).map(({ key, uploadId }) => [key, uploadId]));

      emulator.faults.clear();
      for (const { index } of begun) await tell(page, "resume", index);
      for (const one of begun) {
        await expectStored(page, emulator, sha256s, one, proved);
        if (!inParts(one)) continue;
        if (one.action !== "InitiateMultipartUpload") {
          expect(emulator.object(bucket, one.key)?.uploadId, one.key).toBe(kept.get(one.key));
        }
        expect({ key: one.key, stored: storedOnce(emulator, one) }).toEqual({ key: one.key, stored: [1, 2, 3] });
      }
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  });
}

test("a cancel that somebody else answers is not believed either: the store is told by a later page", async ({
  page,
  pageServer,
  emulator,
  directory,
  serve,
}) => {
  const server = await serve((_request, response) => void response.end(saved));
  await page.goto(pageServer.page());
  await pickBoth(page, directory);
  await openUploader(page, emulator, { partSize, retry: { ...retry, giveUpAfterMs: 50 }, smallFiles: "put" });
  const cases = integrities.flatMap((integrity) =>
    casesFor(integrity, (name, action) => action === "AbortMultipartUpload" && meets(name, action) === "server"),
  );
  const begun = await beginAll(page, emulator, server, cases, "always");
  for (const { action, index } of begun) await ended(page, action, index);
  const wished = await leftBehind(page, emulator);
  emulator.faults.clear();

  await page.reload();
  await openUploader(page, emulator, { partSize, retry, smallFiles: "put" });
  await page.evaluate(async () => await window.ossicle.uploader.pending());

  expect(wished).toMatchObject({ uploadIds: cases.length, checkpoints: cases.length });
  await expect.poll(() => emulator.uploads(bucket)).toEqual([]);
  await expect.poll(() => leftBehind(page, emulator)).toEqual(nothing);
});

for (const status of [200, 204]) {
  test(`somebody who answers an empty ${status} to what is sent, and to every look after it, is not believed`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    await page.goto(pageServer.page());
    const sha256s = await pickBoth(page, directory);
    await openUploader(page, emulator, { partSize, retry, smallFiles: "put" });
    const hidden = ["PutObject", "UploadPart", "CompleteMultipartUpload", "HeadObject", "ListParts"] as const;
    const faults = ["cut", "whole"].map((key) =>
      emulator.faults.add({ on: hidden, key, times: 8, fault: { kind: "stranger", status } }),
    );

    const indexes = [await startUpload(page, { key: "cut" }), await startUpload(page, { key: "whole" }, { input: 1 })];

    for (const index of indexes) expect(await resultOf(page, index)).toMatchObject({ verified: "crc64" });
    expect(faults.map(({ hits }) => hits)).toEqual([8, 8]);
    expect([await emulator.sha256(bucket, "cut"), await emulator.sha256(bucket, "whole")]).toEqual(sha256s);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
