import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unfinishedOf } from "../src/index.js";
import { pageDouble, UploaderDouble } from "./uploader-double.js";

let uploader: UploaderDouble;
let page: ReturnType<typeof pageDouble>;
beforeEach(() => {
  uploader = new UploaderDouble();
  page = pageDouble();
  for (const [name, value] of Object.entries(page.globals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

const listOf = () => unfinishedOf(uploader.asUploader);
const keys = () => listOf().state.pending.map(({ key }) => key);
const ignore = () => undefined;
const settled = () => vi.waitFor(() => expect(listOf().state.isLoaded).toBe(true));

test("nothing is asked before somebody shows the list, and two that show it, twice each, go on with everything once", async () => {
  expect(uploader.asked).toEqual([]);

  for (const leave of [1, 2].map(() => listOf().subscribe(ignore, { autoResume: true }))) leave();
  for (const _ of [1, 2]) listOf().subscribe(ignore, { autoResume: true });
  await settled();
  await listOf().look();

  expect(uploader.asked.filter((question) => question === "resumeAll")).toEqual(["resumeAll"]);
});

test("a list that resumes nothing asks only, until another one on the page resumes", async () => {
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  expect(uploader.asked).toEqual(["pending"]);

  listOf().subscribe(ignore, { autoResume: true });
  await listOf().look();

  expect(uploader.asked).toContain("resumeAll");
});

test("what is resumed or discarded leaves the list at once", async () => {
  uploader.leave("a");
  uploader.leave("b");
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  const [a, b] = listOf().state.pending;

  await a?.goOn();
  expect(keys()).toEqual(["b"]);
  await b?.discard();

  expect(keys()).toEqual([]);
  expect(uploader.uploads.map(({ key }) => key)).toEqual(["a"]);
});

test("another file than the one that was begun is told beside the entry, which stays, until the right one is given", async () => {
  const changed = Object.assign(new Error("another file"), { code: "file-changed" });
  const wrong = new File(["wrong"], "film.bin");
  uploader.leave("a", {
    needs: "file",
    resume: (source) => (source === wrong ? Promise.reject(changed) : Promise.resolve(uploader.add("a"))),
  });
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  const entry = () => listOf().state.pending[0];

  expect(await entry()?.goOn({ source: wrong })).toBeUndefined();
  expect(entry()?.problem).toBe(changed);
  const upload = await entry()?.goOn({ source: new File(["right"], "film.bin") });

  expect(upload?.key).toBe("a");
  expect(entry()?.problem).toBeNull();
});

test("an upload to the same key hides the offer once it is recognised; progress of others asks nothing", async () => {
  uploader.leave("a");
  listOf().subscribe(ignore, { autoResume: false });
  await settled();
  uploader.add("b");
  uploader.tell();
  expect(uploader.asked).toEqual(["pending"]);

  uploader.left = [];
  uploader.add("a");
  await listOf().look();

  expect(keys()).toEqual([]);
});

test("a failed upload that the app takes from its list is offered again", async () => {
  const upload = uploader.add("a");
  listOf().subscribe(ignore, { autoResume: false });
  await settled();

  uploader.leave("a");
  uploader.remove(upload);
  await vi.waitFor(() => expect(keys()).toEqual(["a"]));
});

test("a device that cannot be asked is asked again when the browser is online, and what waited to be resumed is", async () => {
  uploader.failure = new Error("not loaded");
  listOf().subscribe(ignore, { autoResume: true });
  await settled();
  expect(listOf().state.problem?.message).toBe("not loaded");

  uploader.failure = undefined;
  uploader.leave("a");
  page.goOnline();
  await vi.waitFor(() => expect(keys()).toEqual(["a"]));

  expect(listOf().state.problem).toBeNull();
  expect(uploader.asked).toEqual(["resumeAll", "resumeAll"]);
});

test("a page that is looked at again sees what another tab did meanwhile; one that shows no list asks nothing", async () => {
  uploader.leave("a");
  const leave = listOf().subscribe(ignore, { autoResume: false });
  await settled();
  uploader.left = [];

  page.show();
  await vi.waitFor(() => expect(keys()).toEqual([]));
  leave();
  page.show();
  page.goOnline();

  expect(uploader.asked).toEqual(["pending", "pending"]);
  expect(uploader.listeners).toBe(0);
});
