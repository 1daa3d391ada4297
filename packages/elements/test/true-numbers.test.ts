/** What is said of all uploads together: the library's figures, and a reason where nothing moves. */
import type { Progress, Waiting } from "@ossicle/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deskOf } from "../src/desk/create-desk.js";
import type { Desk } from "../src/desk/desk.js";
import { en } from "../src/words/en.js";
import { percent } from "../src/words/format.js";
import { stillWords, sumWords } from "../src/words/sum-words.js";
import { type UploadDouble, UploaderDouble } from "./uploader-double.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.stubGlobal("document", { addEventListener() {}, removeEventListener() {}, visibilityState: "visible" });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Three files of 1 MB, all going up. */
async function three() {
  const uploader = new UploaderDouble();
  const desk = deskOf(uploader.asUploader);
  desk.enter({ changed() {} });
  const files = ["a", "b", "c"].map((name) => ({
    file: { name, size: 1e6, type: "", lastModified: 1 } as File,
    path: name,
  }));
  await desk.take(files);
  for (const upload of uploader.uploads) upload.goesUp();
  const tell = (progress: Partial<Progress>) => {
    uploader.progress = { ...uploader.progress, totalBytes: 3e6, ...progress };
    uploader.tell();
  };
  return { uploader, desk, tell };
}

function wait(uploads: readonly UploadDouble[], waiting: Waiting): void {
  for (const upload of uploads) upload.becomes({ phase: "uploading", resumable: true, waiting });
}

const said = (desk: Desk) => sumWords(en, desk.sum);

test("while bytes move there are a rate and a time, and both are the library's", async () => {
  const { desk, tell } = await three();

  tell({ storedBytes: 1e6, fraction: 0.33, bytesPerSecond: 2e5, secondsLeft: 10 });

  expect(said(desk)).toBe("1.00 MB of 3.00 MB stored · 0 of 3 files · 200 kB/s · 10 s left");
  expect(desk.sum.still).toBe(null);
});

test.each<readonly [string, Waiting, string]>([
  ["a lost connection", { reason: "backoff", untilMs: 8000 }, "Connection lost. Next try in 8 s."],
  ["a connection that is tried now", { reason: "backoff" }, "Connection lost."],
  ["no network", { reason: "offline" }, "You are offline. Uploads go on when the network is back."],
  ["a server that has to be asked", { reason: "credentials" }, "Waiting for permission from this site."],
])("%s is said, without a rate that nothing has", async (_, waiting, sentence) => {
  const { uploader, desk, tell } = await three();
  wait(uploader.uploads, waiting);
  tell({ storedBytes: 1e6, bytesPerSecond: 5, secondsLeft: 9 });

  expect(desk.sum.still && stillWords(en, desk.sum.still, 0)).toBe(sentence);
  expect(said(desk)).toBe("1.00 MB of 3.00 MB stored · 0 of 3 files");
  expect(desk.sum.counts).toMatchObject({ moving: 0, waiting: 3 });
});

test("an attempt is no connection: it is back when something is stored", async () => {
  const { uploader, desk, tell } = await three();
  tell({ storedBytes: 1e6 });
  wait(uploader.uploads, { reason: "backoff", untilMs: 8000 });

  for (const upload of uploader.uploads) upload.goesUp();
  expect(desk.sum.still && stillWords(en, desk.sum.still, 0)).toBe("Connection lost.");
  expect(desk.sum.isMoving).toBe(false);
  tell({ storedBytes: 1.5e6 });

  expect(desk.sum.still).toBe(null);
  expect(desk.sum.isMoving).toBe(true);
});

test("what waits to be tried again is tried at once when the person says so", async () => {
  const { uploader, desk } = await three();
  wait(uploader.uploads, { reason: "backoff", untilMs: 8000 });

  desk.retryNow();

  expect(uploader.uploads.map(({ asked }) => asked)).toEqual([["retryNow"], ["retryNow"], ["retryNow"]]);
});

test("as long as one upload moves, others that wait are no reason to complain", async () => {
  const { uploader, desk } = await three();

  wait(uploader.uploads.slice(1), { reason: "backoff", untilMs: 8000 });

  expect(desk.sum.still).toBe(null);
  expect(desk.sum.counts).toMatchObject({ moving: 1, waiting: 2 });
});

test("cancelled files count nowhere, and nothing has no percent", async () => {
  const { uploader, desk, tell } = await three();
  uploader.uploads[0]?.completes();
  for (const upload of uploader.uploads.slice(1)) await upload.cancel();
  tell({ totalBytes: 1e6, storedBytes: 1e6, fraction: 1 });
  expect(said(desk)).toBe("1 file stored and verified · 1.00 MB");
  expect(percent(desk.sum.fraction)).toBe("100 %");

  desk.clear();

  expect(percent(desk.sum.fraction)).toBe("–");
});

test("what can still be undone counts as little as what is cancelled", async () => {
  const { uploader, desk, tell } = await three();
  uploader.uploads[0]?.goesUp(5e5);
  uploader.uploads[1]?.goesUp(5e5);
  tell({ storedBytes: 1e6, fraction: 0.33 });
  const [entry] = desk.entries;
  if (entry === undefined) throw new Error("there are three");

  desk.cancel(entry);

  expect(said(desk)).toBe("500 kB of 2.00 MB stored · 0 of 2 files");
  expect(percent(desk.sum.fraction)).toBe("24 %");
  desk.undo(entry);
  expect(said(desk)).toBe("1.00 MB of 3.00 MB stored · 0 of 3 files");
});

test("files of an earlier batch are not counted beside those of this one", async () => {
  const { uploader, desk, tell } = await three();
  for (const upload of uploader.uploads) upload.completes();
  await desk.take([{ file: { name: "d", size: 1e6, type: "", lastModified: 1 } as File, path: "d" }]);
  tell({ totalBytes: 1e6, storedBytes: 0 });

  expect(desk.sum.batch).toEqual({ done: 0, all: 1 });
  expect(desk.sum.counts).toMatchObject({ all: 4, done: 3 });
});
