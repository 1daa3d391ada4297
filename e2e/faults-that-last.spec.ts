/** What goes wrong for good ends an upload with the reason, or waits until somebody lifts it; nothing hangs, nothing is lost. */
import type { FaultSpec } from "@ossicle/oss-emulator";
import type { UploadErrorCode } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { recordKeys } from "./support/checkpoints.js";
import { ended, firstError, inputFor, patient, pickBoth, prepare, storedAs } from "./support/fault-scenes.js";
import { type Action, actions } from "./support/fault-story.js";
import { partSize } from "./support/interrupting.js";
import { countTimers, leftAfterClose, nothingAtAll } from "./support/left-behind.js";
import { tell } from "./support/steering.js";
import { bucket, finished, openUploader, pendingUploads, resultOf, startUpload } from "./support/uploading.js";

const MiB = 2 ** 20;
const impatient = { partSize, retry: { baseDelayMs: 5, giveUpAfterMs: 0 }, smallFiles: "put" } as const;

test.beforeEach(async ({ page, pageServer }) => {
  await countTimers(page);
  await page.goto(pageServer.page());
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
      expect(await storedAs(emulator, action), action).toBe(sha256s[inputFor(action)]);
    }
    // A server that does not read does not see that its client has left.
    for (const fault of faults) fault.remove();
    expect(await leftAfterClose(page, emulator)).toEqual(nothingAtAll);
  });
}

test("a request that nobody answers can be paused, and the upload goes on", async ({ page, emulator, directory }) => {
  const sha256s = await pickBoth(page, directory);
  await openUploader(page, emulator, patient);
  // A cancel is not paused; nor does it wait for more than the limit of an answer.
  const pausable = actions.filter((action) => action !== "AbortMultipartUpload");
  const scenes = [];
  for (const action of pausable) scenes.push(await prepare(page, emulator, action));

  const indexes: number[] = [];
  for (const { action, begin } of scenes) {
    const fault = emulator.faults.add({ on: action, key: action, fault: { kind: "stall", when: "before-answer" } });
    const index = await begin();
    await fault.waitForHit();
    await tell(page, "pause", index);
    await tell(page, "resume", index);
    indexes.push(index);
  }

  for (const [turn, action] of pausable.entries()) {
    await ended(page, action, indexes[turn] ?? -1);
    expect(await storedAs(emulator, action), action).toBe(sha256s[inputFor(action)]);
  }
  expect(emulator.uploads(bucket)).toMatchObject([{ key: "InitiateMultipartUpload", partCount: 0 }]);
  expect(await leftAfterClose(page, emulator)).toEqual({ ...nothingAtAll, uploadIds: 1 });
});

test("an uploader that is closed while nobody answers is at rest, and another one goes on", async ({
  page,
  emulator,
  directory,
}) => {
  const sha256s = await pickBoth(page, directory);
  // Each of the four holds a connection.
  await openUploader(page, emulator, { ...patient, concurrency: 4 });
  const closed = ["UploadPart", "ListParts", "CompleteMultipartUpload", "PutObject"] as const;
  for (const action of closed) {
    const { begin } = await prepare(page, emulator, action);
    const fault = emulator.faults.add({ on: action, key: action, fault: { kind: "stall", when: "before-answer" } });
    await begin();
    await fault.waitForHit();
  }

  const left = await leftAfterClose(page, emulator);
  await openUploader(page, emulator, patient);
  for (const action of closed) await startUpload(page, { key: action }, { input: inputFor(action) });

  expect(left).toMatchObject({ locks: 0, timers: 0, workers: 0, uncaught: [] });
  for (const [index, action] of closed.entries()) {
    expect(await resultOf(page, index), action).toMatchObject({ verified: "crc64" });
    expect(await storedAs(emulator, action), action).toBe(sha256s[inputFor(action)]);
  }
  expect(await leftAfterClose(page, emulator)).toEqual(nothingAtAll);
});

const refusal = (status: number, code: string) => ({ kind: "error", status, code }) as const;
type Reasons = Readonly<Partial<Record<UploadErrorCode, FaultSpec["fault"]>>>;
/** What any request may fail for. */
const reasons: Reasons = {
  network: "reset",
  throttled: "slow-down",
  server: "html",
  credentials: refusal(403, "SignatureDoesNotMatch"),
  "not-found": refusal(404, "NoSuchBucket"),
  rejected: refusal(400, "InvalidArgument"),
};

const refused: readonly { readonly on: Action; readonly reasons: Reasons }[] = [
  {
    on: "UploadPart",
    reasons: { ...reasons, corrupted: "corrupt", forbidden: refusal(403, "AccessDenied"), "upload-gone": "gone" },
  },
  // Without the right to list parts, or to look at objects, an upload goes on.
  { on: "ListParts", reasons },
  { on: "HeadObject", reasons },
];

for (const { on, reasons } of refused) {
  test(`an upload whose ${on} is refused for ever says why, keeps what it has, and goes on when it is told to`, async ({
    page,
    emulator,
    directory,
  }) => {
    const sha256s = await pickBoth(page, directory);
    await openUploader(page, emulator, impatient);
    const codes = Object.keys(reasons) as readonly UploadErrorCode[];
    const begun: { readonly code: UploadErrorCode; readonly index: number }[] = [];
    for (const code of codes) {
      const { begin } = await prepare(page, emulator, on, code);
      const partNumber = on === "UploadPart" ? { partNumber: 2 } : {};
      emulator.faults.add({ on, key: code, ...partNumber, times: "always", fault: reasons[code] ?? "refuse" });
      begun.push({ code, index: await begin() });
    }

    const outcomes = await Promise.all(begun.map(({ index }) => finished(page, index)));
    const kept = new Map(emulator.uploads(bucket).map(({ key, uploadId }) => [key, uploadId]));
    emulator.faults.clear();
    for (const { index } of begun) await tell(page, "resume", index);

    expect(outcomes).toMatchObject(codes.map((code) => ({ error: { name: "UploadError", code } })));
    for (const { code, index } of begun) {
      expect(await resultOf(page, index), code).toMatchObject({ verified: "crc64" });
      expect(await emulator.sha256(bucket, code), code).toBe(sha256s[inputFor(on)]);
      if (code !== "upload-gone") expect(emulator.object(bucket, code)?.uploadId, code).toBe(kept.get(code));
    }
    expect(await leftAfterClose(page, emulator)).toEqual(nothingAtAll);
  });
}

test("a cancel that the store refuses is kept as a wish, which a later page fulfils", async ({
  page,
  emulator,
  directory,
}) => {
  await pickBoth(page, directory);
  await openUploader(page, emulator, impatient);
  const codes = Object.keys(reasons) as readonly UploadErrorCode[];
  for (const code of codes) {
    const { begin } = await prepare(page, emulator, "AbortMultipartUpload", code);
    emulator.faults.add({
      on: "AbortMultipartUpload",
      key: code,
      times: "always",
      fault: reasons[code] ?? "refuse",
    });
    await ended(page, "AbortMultipartUpload", await begin());
  }
  const wished = await leftAfterClose(page, emulator);
  emulator.faults.clear();

  await openUploader(page, emulator, impatient);
  const offered = await pendingUploads(page);
  await expect.poll(() => recordKeys(page)).toEqual([]);

  expect(wished).toMatchObject({ uploadIds: codes.length, checkpoints: codes.length, locks: 0, timers: 0, workers: 0 });
  expect(offered).toEqual([]);
  expect(emulator.objects(bucket)).toEqual([]);
  expect(await leftAfterClose(page, emulator)).toEqual(nothingAtAll);
});
