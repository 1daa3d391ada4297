/** Whatever goes wrong with a request, the object is the file or the error says why, and nothing is left behind. */
import { join } from "node:path";
import type { FaultSpec } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { UploadErrorCode } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { type Action, actions, stories } from "./support/fault-stories.js";
import { createFile, sha256Of } from "./support/files.js";
import { partSize } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { tell } from "./support/steering.js";
import { bucket, finished, openUploader, resultOf, startUpload } from "./support/uploading.js";

const MiB = 2 ** 20;
const patient = { partSize, credentials: "tokens", retry: { baseDelayMs: 5 } } as const;

/** Input 0 goes up in three parts, input 1 in one request. */
const inputFor = (action: Action) => (action === "PutObject" ? 1 : 0);

async function pickBoth(page: Page, directory: string, wholeSize: number): Promise<readonly string[]> {
  const paths = [
    await createFile(join(directory, "cut.bin"), { size: 3 * wholeSize - 5, seed: 1 }),
    await createFile(join(directory, "whole.bin"), { size: wholeSize, seed: 2 }),
  ];
  await page.setInputFiles("input", paths);
  return await Promise.all(paths.map(sha256Of));
}

/** The code that the first failed attempt of `action` ended with, in the upload with that index. */
async function firstError(page: Page, index: number, action: Action): Promise<UploadErrorCode | undefined> {
  return await page.evaluate(
    ({ index, action }) => {
      const { uploads, traces } = window.ossicle;
      const own = traces.filter((trace) => trace.upload === uploads[index]?.id && trace.action === action);
      return own.find(({ error }) => error !== null)?.error ?? undefined;
    },
    { index, action },
  );
}

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

for (const [what, { fault, says, spares = [], orphan = false, oneByOne = false }] of Object.entries(stories)) {
  test(`a request that ${what} harms no object`, async ({ page, emulator, directory }) => {
    const sha256s = await pickBoth(page, directory, partSize);
    await openUploader(page, emulator, patient);
    // Each upload has the name of the request that the fault befalls.
    const faults = actions.map((action) => emulator.faults.add({ on: action, key: action, fault }));

    for (const action of actions) {
      const index = await startUpload(page, { key: action }, { input: inputFor(action) });
      if (oneByOne) await resultOf(page, index);
    }

    for (const [index, action] of actions.entries()) {
      expect(await resultOf(page, index), action).toMatchObject({ verified: "crc64" });
      expect(await firstError(page, index, action), action).toBe(says[action]);
      expect(faults[index]?.hits, action).toBe(spares.includes(action) ? 0 : 1);
      expect(await emulator.sha256(bucket, action), action).toBe(sha256s[inputFor(action)]);
    }
    const orphans = orphan ? [{ key: "InitiateMultipartUpload", partCount: 0 }] : [];
    expect(emulator.uploads(bucket)).toMatchObject(orphans);
    expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: orphans.length });
  });
}

test("a service clock that goes wrong, and wrong again, harms no object", async ({ page, emulator, directory }) => {
  const sha256s = await pickBoth(page, directory, partSize);
  await openUploader(page, emulator, patient);

  for (const [index, action] of actions.entries()) {
    const fault = { kind: "clock-skew", ms: (index + 1) * 3_600_000 } as const;
    emulator.faults.add({ on: action, key: action, fault });
    await startUpload(page, { key: action }, { input: inputFor(action) });
    await resultOf(page, index);
  }

  for (const [index, action] of actions.entries()) {
    expect(await firstError(page, index, action), action).toBe("credentials");
    expect(await emulator.sha256(bucket, action), action).toBe(sha256s[inputFor(action)]);
  }
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

for (const when of ["before-body", "in-body"] as const) {
  test(`a body of which no byte moves any more (${when}) is cut, and sent again`, async ({
    page,
    emulator,
    directory,
  }) => {
    // More than the buffers of both sockets hold: a small body is out as soon as it is sent.
    const size = 24 * MiB;
    const sha256s = await pickBoth(page, directory, size);
    await openUploader(page, emulator, { partSize: size, retry: { baseDelayMs: 5, stallTimeoutMs: 500 } });
    const bodies = ["UploadPart", "PutObject"] as const;
    const faults = bodies.map((action) => emulator.faults.add({ on: action, fault: { kind: "stall", when } }));

    for (const action of bodies) await startUpload(page, { key: action }, { input: inputFor(action) });

    for (const [index, action] of bodies.entries()) {
      expect(await resultOf(page, index), action).toMatchObject({ verified: "crc64" });
      expect(await firstError(page, index, action), action).toBe("stalled");
      expect(faults[index]?.hits, action).toBe(1);
      expect(await emulator.sha256(bucket, action), action).toBe(sha256s[inputFor(action)]);
    }
    // A server that does not read does not see that its client has left.
    for (const fault of faults) fault.remove();
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("a request that nobody answers can be paused, and the upload goes on", async ({ page, emulator, directory }) => {
  const sha256s = await pickBoth(page, directory, partSize);
  await openUploader(page, emulator, patient);

  for (const [index, action] of actions.entries()) {
    const fault = emulator.faults.add({ on: action, key: action, fault: { kind: "stall", when: "before-answer" } });
    await startUpload(page, { key: action }, { input: inputFor(action) });
    await fault.waitForHit();
    await tell(page, "pause", index);
    await tell(page, "resume", index);
  }

  for (const [index, action] of actions.entries()) {
    expect(await resultOf(page, index), action).toMatchObject({ verified: "crc64" });
    expect(await emulator.sha256(bucket, action), action).toBe(sha256s[inputFor(action)]);
  }
  expect(emulator.uploads(bucket)).toMatchObject([{ key: "InitiateMultipartUpload", partCount: 0 }]);
  expect(await leftBehind(page, emulator)).toEqual({ ...nothing, uploadIds: 1 });
});

const refusal = (status: number, code: string) => ({ kind: "error", status, code }) as const;
const reasons: Readonly<Partial<Record<UploadErrorCode, FaultSpec["fault"]>>> = {
  network: "reset",
  throttled: "slow-down",
  server: "html",
  corrupted: "corrupt",
  credentials: refusal(403, "SignatureDoesNotMatch"),
  forbidden: refusal(403, "AccessDenied"),
  "not-found": refusal(404, "NoSuchBucket"),
  rejected: refusal(400, "InvalidArgument"),
  "upload-gone": "gone",
};

test("an upload that gives up says why, keeps what it has, and goes on when it is told to", async ({
  page,
  emulator,
  directory,
}) => {
  const [sha256] = await pickBoth(page, directory, partSize);
  await openUploader(page, emulator, { partSize, retry: { baseDelayMs: 5, giveUpAfterMs: 0 } });
  const codes = Object.keys(reasons) as readonly UploadErrorCode[];
  for (const code of codes) {
    const fault = reasons[code] ?? "refuse";
    emulator.faults.add({ on: "UploadPart", key: code, partNumber: 2, times: "always", fault });
    await startUpload(page, { key: code });
  }

  const outcomes = await Promise.all(codes.map((_, index) => finished(page, index)));
  const kept = new Map(emulator.uploads(bucket).map(({ key, uploadId }) => [key, uploadId]));
  emulator.faults.clear();
  for (const index of codes.keys()) await tell(page, "resume", index);

  expect(outcomes).toMatchObject(codes.map((code) => ({ error: { name: "UploadError", code } })));
  for (const [index, code] of codes.entries()) {
    expect(await resultOf(page, index), code).toMatchObject({ verified: "crc64" });
    expect(await emulator.sha256(bucket, code), code).toBe(sha256);
    if (code !== "upload-gone") expect(emulator.object(bucket, code)?.uploadId, code).toBe(kept.get(code));
  }
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

test("an application server that cannot be told of the object is said, and the object is there", async ({
  page,
  emulator,
  directory,
}) => {
  const sha256s = await pickBoth(page, directory, partSize);
  await openUploader(page, emulator, patient);
  const ends = ["CompleteMultipartUpload", "PutObject"] as const;
  for (const action of ends) {
    emulator.faults.add({ on: action, fault: "callback-failed" });
    await startUpload(page, { key: action }, { input: inputFor(action) });
  }

  const outcomes = await Promise.all(ends.map((_, index) => finished(page, index)));

  for (const [index, action] of ends.entries()) {
    expect(outcomes[index], action).toMatchObject({ error: { code: "callback-failed", action } });
    expect(await emulator.sha256(bucket, action), action).toBe(sha256s[inputFor(action)]);
  }
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
