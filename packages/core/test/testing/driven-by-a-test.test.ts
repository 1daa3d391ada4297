/** What a test can make a fake uploader do, and what it is told when that cannot happen. */
import { expect, expectTypeOf, test, vi } from "vitest";
import type { FakeUpload, FakeUploader } from "../../src/api/testing.js";
import type { Upload, UploadState } from "../../src/api/upload.js";
import type { Uploader } from "../../src/api/uploader.js";
import { UploadError } from "../../src/errors.js";
import { createFakeUploader, fakeFile, isUploadError } from "../../src/testing/index.js";

interface Album {
  readonly albumId: number;
}

function begun(size = 1_000) {
  const uploader = createFakeUploader();
  const upload = uploader.upload(fakeFile({ name: "film.mp4", size }), { key: "film.mp4" });
  const told: UploadState[] = [];
  upload.subscribe((state) => told.push(state));
  return { uploader, upload, told };
}

test("an app that is typed for an uploader takes the fake one", () => {
  expectTypeOf<FakeUploader<Album>>().toExtend<Uploader<Album>>();
  expectTypeOf<FakeUpload<Album>>().toExtend<Upload<Album>>();
  expectTypeOf(createFakeUploader<Album>().uploads).toEqualTypeOf<FakeUpload<Album>[]>();
  expect(createFakeUploader<Album>().uploads).toEqual([]);
});

test("every listener has been told of every phase when a verb returns", () => {
  const { uploader, upload, told } = begun();
  const changed = vi.fn();
  uploader.subscribe(changed);

  upload.complete();

  expect(told.map(({ phase }) => phase)).toEqual(["preparing", "uploading", "completing", "completing", "completed"]);
  expect(changed).toHaveBeenCalledOnce();
  expect(upload.state).toBe(told.at(-1));
});

test("a page hears of what it begins itself when its call has returned, once", async () => {
  const uploader = createFakeUploader();
  const log: string[] = [];
  uploader.subscribe(() => log.push("told"));

  const upload = uploader.upload(fakeFile(), { key: "a" });
  log.push("noted");
  await null;
  uploader.upload(fakeFile(), { key: "b" }).progress(0.2);
  await null;

  expect(log).toEqual(["noted", "told", "told"]);
  expect(uploader.uploads[0]).toBe(upload);
});

test("a number is a fraction of the bytes, and what is said instead of it is shown as it is", () => {
  const { upload } = begun(10 * 2 ** 20);

  upload.progress(0.25);
  const first = upload.state.progress;
  upload.progress({ fraction: 0.5, bytesPerSecond: 1_000_000, secondsLeft: 5 });

  expect(first).toMatchObject({ fraction: 0.25, storedBytes: 2.5 * 2 ** 20, totalBytes: 10 * 2 ** 20 });
  expect(first.parts).toEqual({ total: 10, stored: 2, inFlight: 3 });
  expect(upload.state.progress).toMatchObject({ fraction: 0.5, bytesPerSecond: 1_000_000, secondsLeft: 5 });
  expect([...upload.partMap()]).toEqual([2, 2, 2, 2, 2, 1, 1, 1, 0, 0]);
  expect(upload.partStarts()[9]).toBe(9 * 2 ** 20);
});

test("the sum over a batch is that of its uploads, with the speed that was said", () => {
  const { uploader, upload } = begun();
  const other = uploader.upload(fakeFile({ name: "b", size: 3_000 }), { key: "b" });

  upload.progress({ fraction: 0.5, bytesPerSecond: 100 });
  other.progress({ fraction: 0.5, bytesPerSecond: 300 });

  expect(uploader.progress).toMatchObject({
    totalBytes: 4_000,
    storedBytes: 2_000,
    bytesPerSecond: 400,
  });
  // The bar of a batch keeps a little for what is not proved.
  expect(uploader.progress.fraction).toBeCloseTo(0.5, 2);
  expect(uploader.progress.secondsLeft).toBe(5);
  expect(uploader.last).toBe(other);
});

test.each(["offline", "backoff", "credentials", "other-tab", "same-file", "slot", "verifying"] as const)(
  "an upload waits for %s until it is said to move",
  (reason) => {
    const { upload } = begun();

    upload.wait(reason);
    const waiting = upload.state.waiting;
    upload.wait(null);

    expect(waiting).toEqual({ reason });
    expect(upload.state).toMatchObject({ phase: "queued", waiting: null });
  },
);

test("retryNow() ends a rest between attempts, and no other wait", () => {
  const { upload } = begun();
  upload.wait({ reason: "backoff", untilMs: 5, error: new UploadError("network", "no answer") });

  upload.retryNow();
  const tried = upload.state.waiting;
  upload.wait("other-tab");
  upload.retryNow();

  expect(tried).toBeNull();
  expect(upload.state.waiting).toEqual({ reason: "other-tab" });
});

test("an upload fails with a code, its details, or an error of the test's own", async () => {
  const { uploader, upload } = begun();
  const own = new UploadError("server", "busy", { status: 503 });

  upload.fail("forbidden", { action: "oss:PutObject", hint: "Grant it." });
  const refused = await upload.finished.catch((error: unknown) => error);
  const other = uploader.upload(fakeFile(), { key: "other" });
  other.fail(own);

  expect(refused).toMatchObject({ code: "forbidden", action: "oss:PutObject", hint: "Grant it.", temporary: false });
  expect(isUploadError(refused)).toBe(true);
  expect(other.state).toMatchObject({ phase: "failed", error: own });
});

test("a result is that of the file and its place, but for what a test says", async () => {
  const uploader = createFakeUploader({ bucket: "user-files", region: "cn-shanghai" });
  const upload = uploader.upload(fakeFile({ size: 5e9 }), { key: "a b.mp4" });

  upload.complete({ versionId: "v7" });

  const url = "https://user-files.oss-cn-shanghai.aliyuncs.com/a%20b.mp4";
  expect(await upload.finished).toMatchObject({
    bucket: "user-files",
    key: "a b.mp4",
    url,
    size: 5e9,
    versionId: "v7",
  });
  expect(uploader.urlOf("a b.mp4")).toBe(url);
});

test.each<[string, (upload: FakeUpload) => void, string]>([
  ["a bar that goes back", (upload) => upload.progress(0.2), "progress(0.2) cannot happen after 0.5"],
  ["a full bar", (upload) => upload.progress(1), "progress(1) cannot happen after 0.5"],
  ["a bar that is no number", (upload) => upload.progress(Number.NaN), "progress(NaN) cannot happen"],
])("%s is refused, and nothing has changed", (_, verb, words) => {
  const { upload, told } = begun();
  upload.progress(0.5);
  const before = upload.state;

  expect(() => verb(upload)).toThrow(words);
  expect(upload.state).toBe(before);
  upload.progress(0.6);
  expect(told.at(-1)).toMatchObject({ progress: { fraction: 0.6 } });
});

const verbs: readonly [string, (upload: FakeUpload) => void][] = [
  ["prepare()", (upload) => upload.prepare()],
  ["progress()", (upload) => upload.progress(0.6)],
  ["wait()", (upload) => upload.wait("offline")],
  ["storeAll()", (upload) => upload.storeAll()],
  ["complete()", (upload) => upload.complete()],
  ["fail()", (upload) => upload.fail("network")],
];
const rests: readonly [string, (upload: FakeUpload) => void, string][] = [
  ["paused", (upload) => void upload.pause(), "resume() it first"],
  ["failed", (upload) => upload.fail("network"), "resume() it first"],
  ["completed", (upload) => upload.complete(), "nothing leads out of that"],
  ["cancelled", (upload) => void upload.cancel(), "nothing leads out of that"],
];
test.each(rests.flatMap(([phase, rest, remedy]) => verbs.map(([verb, act]) => ({ verb, phase, rest, act, remedy }))))(
  "$verb of an upload that is $phase is refused with what to do",
  ({ verb, phase, rest, act, remedy }) => {
    const { upload } = begun();
    rest(upload);

    expect(() => act(upload)).toThrow(`${verb} of "film.mp4" cannot happen: it is ${phase}, and ${remedy}`);
  },
);

test("a listener that pauses in the middle of complete() meets an upload that is completed", () => {
  const { upload, told } = begun();
  upload.subscribe(({ phase }) => {
    if (phase === "uploading") upload.pause();
  });

  upload.complete();

  expect(upload.state.phase).toBe("completed");
  expect(told.at(-1)?.phase).toBe("completed");
});

test("an entry of an earlier page goes on by itself where nothing is needed, and refuses as it is told", async () => {
  const uploader = createFakeUploader<Album>();
  uploader.addPending({
    key: "a",
    needs: "nothing",
    appData: { albumId: 7 },
    file: { name: "a.mp4", size: 4_000 },
    fraction: 0.25,
  });
  uploader.addPending({ key: "b", needs: "permission", refuses: "file-unreadable" });
  uploader.addPending({ key: "c", needs: "nothing", paused: true });
  uploader.addPending({ key: "d", active: true });

  const [rest] = await Promise.all([uploader.resumeAll(), uploader.resumeAll()]);
  const [d, c, b] = rest;

  expect(rest.map(({ key }) => key)).toEqual(["d", "c", "b"]);
  expect(uploader.uploads).toHaveLength(1);
  expect(uploader.last).toMatchObject({ key: "a", appData: { albumId: 7 }, file: { name: "a.mp4", size: 4_000 } });
  expect(uploader.last.state).toMatchObject({ phase: "queued", progress: { fraction: 0.25 }, resumable: true });
  await expect(b?.resume()).rejects.toMatchObject({ code: "file-unreadable" });
  await expect(d?.resume(fakeFile())).rejects.toMatchObject({ code: "locked" });
  await expect(d?.discard()).rejects.toMatchObject({ code: "locked" });
  expect((await c?.resume())?.key).toBe("c");
});

test("an entry that was completed after its page was left gives its result, and is told once", async () => {
  const uploader = createFakeUploader();
  const made = uploader.upload(new File(["abc"], "a.bin"), { key: "a.bin" });
  made.complete();
  const result = await made.finished;
  const entry = uploader.addPending({ key: "b.bin", file: { name: "b.bin", size: 3 }, result });

  const upload = await entry.resume();

  expect(entry.needs).toBe("nothing");
  expect(upload.state.phase).toBe("completed");
  expect(await upload.finished).toMatchObject({ etag: result.etag, verified: result.verified });
  expect(await uploader.pending()).toEqual([]);
});

test("an entry whose upload failed and was taken from the list is offered again", async () => {
  const uploader = createFakeUploader();
  const entry = uploader.addPending({ needs: "nothing" });
  await entry.resume();
  uploader.last.fail("network");
  const meanwhile = await uploader.pending();

  uploader.remove(uploader.last);

  expect(meanwhile).toEqual([]);
  expect(await uploader.pending()).toEqual([entry]);
});

test("a diagnosis is what a test says, and after close() there is none", async () => {
  const diagnosis = { ok: false, checks: [{ name: "cors", status: "failed", detail: "no rule" }] } as const;
  const uploader = createFakeUploader({ diagnosis });

  expect(await uploader.diagnose()).toBe(diagnosis);
  expect((await createFakeUploader().diagnose()).ok).toBe(true);
  await uploader.close();
  await expect(uploader.diagnose()).rejects.toMatchObject({ code: "invalid-option" });
});

test("without an upload there is no last one, and the error says why", () => {
  expect(() => createFakeUploader().last).toThrow("nobody has called upload() yet");
});
