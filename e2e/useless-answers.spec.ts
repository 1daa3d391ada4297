/**
 * Answers that say nothing of use: a 500 for ever, a 200 that is no document, somebody else's 404. What was done is found out by
 * looking, in seconds; what was stored is not sent again; and nothing is begun anew that the store still has.
 */
import type { Emulator, Fault, FaultSpec } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { createFilm, sha256Of } from "./support/files.js";
import { lift, partSize, pickAndOpen, startAndHold } from "./support/interrupting.js";
import { carriedOut, expectLeftSoon, leftBehind, nothing } from "./support/left-behind.js";
import { seen, tell } from "./support/steering.js";
import { account, bucket, finished, resultOf, startUpload, stateOf, storedParts } from "./support/uploading.js";

const key = "film.bin";
const total = 6;
const size = total * partSize - 5;
const options = { partSize, concurrency: 2, retry: { baseDelayMs: 5, maxDelayMs: 50 } } as const;
/** Does not wait for what never comes. */
const impatient = { ...options, retry: { ...options.retry, giveUpAfterMs: 400 } } as const;
const html = "<!doctype html><title>Not found</title><p>Try again later.";

const internalError = { kind: "error", status: 500, code: "InternalError" } as const;
/** What Complete is answered for ever. */
const useless: Readonly<Record<string, Fault>> = {
  "a 500": internalError,
  "a 502 of a proxy": { kind: "html" },
  "an empty 200": { kind: "stranger" },
  "a 200 with half a document": {
    kind: "stranger",
    body: "<?xml version='1.0'?><CompleteMultipartUploadResult><Key>f",
  },
  "a 200 with another document": { kind: "stranger", body: "<html><body>Welcome</body></html>" },
  "a 204": { kind: "stranger", status: 204 },
};

/** Of which one story less is told. */
const isLikeAnother = new Set(["a 502 of a proxy", "a 200 with another document", "a 204"]);

const always = (on: FaultSpec["on"], fault: Fault): FaultSpec => ({ on, times: "always", fault });
const count = (emulator: Emulator, wanted: string) =>
  emulator.requests.filter(({ action }) => action === wanted).length;

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

const film = (directory: string) => createFilm(directory, size);

for (const [what, fault] of Object.entries(useless)) {
  test(`Complete that takes effect and is answered ${what} for ever is looked for, and found`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    emulator.faults.add(always("CompleteMultipartUpload", { ...fault, effect: true } as Fault));

    const result = await resultOf(page, await startUpload(page, { key }));

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: size });
    expect(storedParts(emulator)).toHaveLength(total);
    expect(count(emulator, "CompleteMultipartUpload")).toBe(2);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  if (isLikeAnother.has(what)) continue;

  test(`Complete that does nothing and is answered ${what} for ever fails with its parts kept, and goes on later`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, impatient);
    const answered = emulator.faults.add(always("CompleteMultipartUpload", fault));
    await startUpload(page, { key });

    const outcome = await finished(page);
    const state = await stateOf(page);
    answered.remove();
    await tell(page, "resume");
    const result = await resultOf(page);

    expect(outcome).toMatchObject({ error: { code: "server", temporary: true, resumable: true } });
    expect(outcome).toMatchObject({ error: { action: "CompleteMultipartUpload" } });
    if (fault.kind !== "error") expect(outcome).toMatchObject({ error: { hint: expect.stringMatching(/proxy/) } });
    expect(state).toMatchObject({ phase: "failed", progress: { storedBytes: size } });
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expect(storedParts(emulator)).toHaveLength(total);
    expect(count(emulator, "InitiateMultipartUpload")).toBe(1);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

/** What the page may ask for when Complete was answered twice without being of use. */
const rights = {
  "list parts, but not look at objects, sends it again once and then says so": {
    permissions: ["oss:PutObject", "oss:ListParts", "oss:AbortMultipartUpload"],
    ends: { error: { code: "upload-gone" } },
    times: 2,
  },
  "look at objects, but not list parts, finds it": {
    permissions: ["oss:PutObject", "oss:GetObject", "oss:AbortMultipartUpload"],
    ends: { result: { alreadyStored: true, verified: "crc64" } },
    times: 1,
  },
} as const;

for (const [who, { permissions, ends, times }] of Object.entries(rights)) {
  test(`where Complete takes effect and is answered 500 for ever, a page that may ${who}`, async ({
    page,
    emulator,
    directory,
  }) => {
    emulator.setPermissions(account.accessKeyId, permissions);
    await pickAndOpen(page, emulator, await film(directory), options);
    emulator.faults.add(always("CompleteMultipartUpload", { ...internalError, effect: true }));
    await startUpload(page, { key });

    expect(await finished(page)).toMatchObject(ends);
    expect(storedParts(emulator)).toHaveLength(times * total);
    expect(emulator.uploads(bucket)).toEqual([]);
  });
}

/** Stops with two parts stored. */
async function pausedHalfway(page: Page, emulator: Emulator): Promise<void> {
  const held = await startAndHold(page, emulator, 2, () => startUpload(page, { key }));
  await tell(page, "pause");
  await lift(emulator, held);
  await seen(page, { phase: "paused" });
}

/** Requests of an upload that is under way; each is brought about by going on with it half-way. */
const ofAnUpload = ["UploadPart", "ListParts", "CompleteMultipartUpload"] as const;
const strangers: Readonly<Record<string, Fault>> = {
  "a page of HTML": { kind: "stranger", status: 404, body: html, headers: { "content-type": "text/html" } },
  "words that are no document": { kind: "stranger", status: 404, body: "no such route", headers: {} },
  "another service's document": { kind: "stranger", status: 404, body: "<error><what>NoSuchUpload</what></error>" },
};

for (const action of ofAnUpload) {
  for (const [what, fault] of Object.entries(strangers)) {
    test(`a 404 with ${what} to ${action} is somebody else's: it is tried again, and no part is sent twice`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await film(directory);
      await pickAndOpen(page, emulator, path, options);
      await pausedHalfway(page, emulator);
      const uploadId = emulator.uploads(bucket)[0]?.uploadId;
      const answered = emulator.faults.add({ on: action, times: 3, fault });

      await tell(page, "resume");
      const result = await resultOf(page);

      const errors = await page.evaluate(
        (action) => window.ossicle.traces.filter((trace) => trace.action === action).map(({ error }) => error),
        action,
      );
      expect(answered.hits).toBe(3);
      expect(errors.filter((error) => error === "server")).toHaveLength(3);
      expect(errors).not.toContain("upload-gone");
      expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
      expect(storedParts(emulator)).toHaveLength(total);
      expect(emulator.object(bucket, key)?.uploadId).toBe(uploadId);
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`a 404 with a page of HTML to ${action} for ever ends with the proxy in the hint, and nothing lost`, async ({
    page,
    emulator,
    directory,
  }) => {
    await pickAndOpen(page, emulator, await film(directory), impatient);
    await pausedHalfway(page, emulator);
    const before = emulator.uploads(bucket);
    const fault = emulator.faults.add(always(action, strangers["a page of HTML"] as Fault));

    await tell(page, "resume");
    const outcome = await finished(page);
    const after = emulator.uploads(bucket);
    fault.remove();
    await tell(page, "resume");
    const result = await resultOf(page);

    expect(outcome).toMatchObject({
      error: { code: "server", action, status: 404, temporary: true, hint: expect.stringMatching(/proxy/) },
    });
    expect(after.map(({ uploadId }) => uploadId)).toEqual(before.map(({ uploadId }) => uploadId));
    expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
    expect(storedParts(emulator)).toHaveLength(total);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`a 404 of the store to ${action} says that the upload is gone, whatever its code`, async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    await pausedHalfway(page, emulator);
    const uploadId = emulator.uploads(bucket)[0]?.uploadId;
    emulator.faults.add({ on: action, fault: { kind: "error", status: 404, code: "NoSuchMultipartUpload" } });

    await tell(page, "resume");
    const result = await resultOf(page);

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
    expect(emulator.object(bucket, key)?.uploadId).not.toBe(uploadId);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    // Nobody asks again for what was said to be gone.
    expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: 1 });
  });

  test(`a 404 of the store to ${action} for want of the bucket ends it, and begins nothing anew`, async ({
    page,
    emulator,
    directory,
  }) => {
    await pickAndOpen(page, emulator, await film(directory), options);
    await pausedHalfway(page, emulator);
    const fault = emulator.faults.add(always(action, { kind: "error", status: 404, code: "NoSuchBucket" }));

    await tell(page, "resume");
    const outcome = await finished(page);
    fault.remove();
    await tell(page, "resume");
    const result = await resultOf(page);

    expect(outcome).toMatchObject({
      error: { code: "not-found", serverCode: "NoSuchBucket", hint: expect.stringContaining(bucket) },
    });
    expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
    expect(count(emulator, "InitiateMultipartUpload")).toBe(1);
    expect(storedParts(emulator)).toHaveLength(total);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a 404 with a page of HTML to Abort is tried again until the store has heard of it", async ({
  page,
  emulator,
  directory,
}) => {
  await pickAndOpen(page, emulator, await film(directory), options);
  await pausedHalfway(page, emulator);
  const fault = emulator.faults.add({
    on: "AbortMultipartUpload",
    times: 3,
    fault: strangers["a page of HTML"] as Fault,
  });

  await tell(page, "cancel");

  await expect.poll(() => fault.hits).toBe(3);
  await expectLeftSoon(page, emulator);
});

test("a 404 with a page of HTML to Abort for ever leaves the wish on the disk, for the next page to carry out", async ({
  page,
  emulator,
  directory,
}) => {
  const path = await film(directory);
  await pickAndOpen(page, emulator, path, impatient);
  await pausedHalfway(page, emulator);
  const fault = emulator.faults.add(always("AbortMultipartUpload", strangers["a page of HTML"] as Fault));

  await tell(page, "cancel");
  await carriedOut(page);
  const left = await leftBehind(page, emulator);
  fault.remove();
  await page.reload();
  await pickAndOpen(page, emulator, path, options);
  const offered = await page.evaluate(async () => {
    const pending = await window.ossicle.uploader.pending();
    await window.ossicle.uploader.upload(new Blob(["a"]), { key: "a.txt" }).finished;
    return pending.length;
  });
  await emulator.waitForRequest(({ action, status }) => action === "AbortMultipartUpload" && status === 204);

  expect(left).toMatchObject({ uploadIds: 1, checkpoints: 1 });
  expect(offered).toBe(0);
  expect(emulator.uploads(bucket)).toEqual([]);
});
