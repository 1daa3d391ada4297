import { createFakeUploader, type FakeUploader, fakeFile, UploadError } from "@ossicle/core/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unfinishedOf } from "../src/index.js";
import { pageDouble } from "./page-double.js";

let uploader: FakeUploader;
/** What the list has asked the uploader for, in order. */
let asked: string[];
let listeners: number;
let page: ReturnType<typeof pageDouble>;
beforeEach(() => {
  uploader = createFakeUploader();
  watch(uploader);
  page = pageDouble();
  for (const [name, value] of Object.entries(page.globals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

/** Counts what the list does to the uploader, which answers as ever. */
function watch({ pending, resumeAll, subscribe }: FakeUploader): void {
  asked = [];
  listeners = 0;
  vi.spyOn(uploader, "pending").mockImplementation(() => {
    asked.push("pending");
    return pending.call(uploader);
  });
  vi.spyOn(uploader, "resumeAll").mockImplementation(() => {
    asked.push("resumeAll");
    return resumeAll.call(uploader);
  });
  vi.spyOn(uploader, "subscribe").mockImplementation((listener) => {
    listeners += 1;
    const leave = subscribe.call(uploader, listener);
    return () => {
      listeners -= 1;
      leave();
    };
  });
}

const add = (key: string) => uploader.upload(fakeFile(), { key });
/** The user has paused it: it goes on when the user wants it. */
const leave = (key: string, more: object = {}) => uploader.addPending({ key, needs: "nothing", paused: true, ...more });
const listOf = () => unfinishedOf(uploader);
const keys = () => listOf().state.pending.map(({ key }) => key);
const ignore = () => undefined;
const settled = () => vi.waitFor(() => expect(listOf().state.isLoaded).toBe(true));

test("nothing is asked before somebody shows the list, and two that show it, twice each, go on with everything once", async () => {
  expect(asked).toEqual([]);

  for (const leave of [1, 2].map(() => listOf().subscribe(ignore, { autoResume: true }))) leave();
  for (const _ of [1, 2]) listOf().subscribe(ignore, { autoResume: true });
  await settled();
  await listOf().look();

  expect(asked.filter((question) => question === "resumeAll")).toEqual(["resumeAll"]);
});

test("a list that resumes nothing asks only, until another one on the page resumes", async () => {
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  expect(asked).toEqual(["pending"]);

  listOf().subscribe(ignore, { autoResume: true });
  await listOf().look();

  expect(asked).toContain("resumeAll");
});

test("a list that is asked to look sees what is there by then, however far its last look has come", async () => {
  listOf().subscribe(ignore, { autoResume: false });
  await settled();

  for (let steps = 0; steps < 20; steps++) {
    void listOf().look();
    for (let step = 0; step < steps; step++) await undefined;
    leave(`after ${steps}`);
    await listOf().look();

    expect(keys()).toContain(`after ${steps}`);
  }
});

test("what is resumed or discarded leaves the list at once", async () => {
  leave("a");
  leave("b");
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  const [b, a] = listOf().state.pending;

  await a?.goOn();
  expect(keys()).toEqual(["b"]);
  await b?.discard();

  expect(keys()).toEqual([]);
  expect(uploader.uploads.map(({ key }) => key)).toEqual(["a"]);
});

test("another file than the one that was begun is told beside the entry, which stays, until the right one is given", async () => {
  const wrong = fakeFile({ size: 5 });
  leave("a", { needs: "file", file: { name: "film.bin", size: 10 } });
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  const entry = () => listOf().state.pending[0];

  expect(await entry()?.goOn({ source: wrong })).toBeUndefined();
  expect(entry()?.problem).toMatchObject({ code: "file-changed" });
  const upload = await entry()?.goOn({ source: fakeFile({ size: 10 }) });

  expect(upload?.key).toBe("a");
  expect(keys()).toEqual([]);
});

test.each(["file-unreadable", "file-changed"] as const)(
  "a file that has left its place (%s) is asked for at the next click, and the one that the user picks goes on",
  async (code) => {
    const picked = fakeFile({ size: 10 });
    const entry = leave("a", { file: { name: "film.bin", size: 10 } });
    // As the real one: what its handle opens is not the file, and what the user picks is.
    const { resume } = entry;
    vi.spyOn(entry, "resume").mockImplementation(async (source, options) => {
      if (source === undefined) throw new UploadError(code, "what the handle names is not that file");
      return await resume(source, options);
    });
    page.pick(picked);
    listOf().subscribe(ignore, { autoResume: false });
    await settled();
    const left = () => listOf().state.pending[0];

    expect(await left()?.goOn()).toBeUndefined();
    expect(left()).toMatchObject({ needs: "file", problem: { code } });
    await left()?.goOn();

    expect(uploader.uploads.map(({ key, file }) => [key, file?.size])).toEqual([["a", 10]]);
    expect(keys()).toEqual([]);
  },
);

test("an upload to the same key hides the offer as soon as it is recognised, and progress asks nothing", async () => {
  const entry = leave("a");
  // As the real one: what is under way to its key hides an entry once its file is known.
  const isRecognised = () => uploader.uploads.some(({ key, state }) => key === "a" && state.phase === "uploading");
  vi.mocked(uploader.pending).mockImplementation(async () => {
    asked.push("pending");
    return isRecognised() ? [] : [entry];
  });
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  add("b").progress(0.5);
  expect(asked).toEqual(["pending"]);

  const upload = add("a");
  upload.prepare();
  await listOf().look();
  expect(keys()).toEqual(["a"]);
  upload.progress(0.1);
  await vi.waitFor(() => expect(keys()).toEqual([]));
  const before = asked.length;
  upload.progress(0.2);

  expect(asked).toHaveLength(before);
});

test("an upload that ends while the device is read is not offered for ever", async () => {
  leave("a");
  const upload = add("a");
  const [left] = await uploader.pending();
  // The device was read before the upload ended, and answers after it.
  vi.spyOn(uploader, "pending")
    .mockImplementationOnce(async () => {
      upload.complete();
      return left === undefined ? [] : [left];
    })
    .mockImplementation(async () => []);
  listOf().subscribe(() => undefined, { autoResume: false });

  await vi.waitFor(() => expect(listOf().state.isLoaded).toBe(true));
  await vi.waitFor(() => expect(keys()).toEqual([]));
});

test("a failed upload that the app takes from its list is offered again", async () => {
  const entry = leave("a");
  await entry.resume();
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  expect(keys()).toEqual([]);

  uploader.last.fail("network");
  uploader.remove(uploader.last);
  await vi.waitFor(() => expect(keys()).toEqual(["a"]));
});

test("a device that cannot be asked is asked again when the browser is online, and what waited to be resumed is", async () => {
  vi.mocked(uploader.resumeAll).mockImplementationOnce(async () => {
    asked.push("resumeAll");
    throw new Error("not loaded");
  });
  listOf().subscribe(ignore, { autoResume: true });
  await settled();
  expect(listOf().state.problem?.message).toBe("not loaded");

  leave("a");
  page.goOnline();
  await vi.waitFor(() => expect(keys()).toEqual(["a"]));

  expect(listOf().state.problem).toBeNull();
  expect(asked).toEqual(["resumeAll", "resumeAll"]);
});

test("a page that is looked at again sees what another tab did meanwhile; one that shows no list asks nothing", async () => {
  const entry = leave("a");
  const close = listOf().subscribe(ignore, { autoResume: false });
  await settled();
  await entry.discard();

  page.show();
  await vi.waitFor(() => expect(keys()).toEqual([]));
  close();
  page.show();
  page.goOnline();

  expect(asked).toEqual(["pending", "pending"]);
  expect(listeners).toBe(0);
});
