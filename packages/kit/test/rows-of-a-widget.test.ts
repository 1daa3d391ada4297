import { createFakeUploader, type FakeUploader, fakeFile } from "@ossicle/core/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rowsOf, unfinishedOf } from "../src/index.js";
import { pageDouble } from "./page-double.js";

let uploader: FakeUploader;
beforeEach(() => {
  uploader = createFakeUploader();
  for (const [name, value] of Object.entries(pageDouble().globals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

const rowsAt = (prefix: string) => rowsOf(uploader, prefix);
const file = fakeFile({ name: "film.bin" });
const add = (key: string) => uploader.upload(fakeFile(), { key });
/** The user has paused it: it goes on when the user wants it. */
const leave = (key: string, more: object = {}) =>
  uploader.addPending({ id: `left ${key}`, key, needs: "nothing", paused: true, ...more });

async function showing(prefix: string) {
  rowsAt(prefix).subscribe(() => undefined, { autoResume: false });
  await vi.waitFor(() => expect(unfinishedOf(uploader).state.isLoaded).toBe(true));
  return rowsAt(prefix);
}

test("each widget has the rows of its prefix, what earlier pages left first", async () => {
  leave("a/left");
  add("a/1");
  add("b/1");

  const a = await showing("a/");

  expect(a.rows.map(({ kind }) => kind)).toEqual(["unfinished", "upload"]);
  expect(rowsAt("b/").rows).toHaveLength(1);
  expect(rowsAt("").rows).toHaveLength(3);
});

test("rows are the same array until one changes, as a snapshot has to be", async () => {
  const upload = add("a/1");
  const rows = await showing("a/");
  const before = rows.rows;
  expect(rows.rows).toBe(before);

  upload.progress(0.2);

  expect(rows.rows).not.toBe(before);
  expect(rows.rows).toBe(rows.rows);
});

test("a row keeps the widget's name of it, also where it goes on with what an earlier page left", async () => {
  leave("a/left");
  const rows = await showing("a/");
  rows.begin("widget-1", file, () => add("a/1"));
  expect(rows.rows.map(({ uid }) => uid)).toEqual(["left a/left", "widget-1"]);

  const [left] = rows.rows;
  if (left?.kind !== "unfinished") throw new Error("It is not the first");
  await rows.goOn(left);

  expect(rows.rows.map(({ kind, uid }) => `${kind} ${uid}`)).toEqual(["upload widget-1", "upload left a/left"]);
});

test("a row that goes on is never seen under another name, and never twice", async () => {
  leave("a/left");
  const { subscribe } = uploader;
  // A browser's page is told in a later task.
  vi.spyOn(uploader, "subscribe").mockImplementation((listener) =>
    subscribe.call(uploader, () => setTimeout(listener)),
  );
  const rows = await showing("a/");
  const seen = new Set<string>();
  rows.subscribe(() => seen.add(rows.rows.map(({ uid }) => uid).join()), { autoResume: false });
  const [left] = rows.rows;
  if (left?.kind !== "unfinished") throw new Error("It is not the first");

  await rows.goOn(left);
  await vi.waitFor(() => expect(seen.size).toBeGreaterThan(0));
  await unfinishedOf(uploader).look();

  expect([...seen]).toEqual(["left a/left"]);
  expect(rows.rows.map(({ kind }) => kind)).toEqual(["upload"]);
});

test("a call that can never work is a row that says why, and goes", async () => {
  const rows = await showing("a/");
  const begun = rows.begin("widget-1", file, () => {
    throw new Error("not a secure context");
  });
  const [row] = rows.rows;

  expect(begun).toBeUndefined();
  expect(row).toMatchObject({
    kind: "refused",
    uid: "widget-1",
    name: "film.bin",
    error: { message: "not a secure context" },
  });
  if (row !== undefined) await rows.remove(row);
  expect(rows.rows).toEqual([]);
});

test("removing cancels what is unfinished, discards what was left, and keeps a row that another tab sends", async () => {
  leave("a/left");
  leave("a/elsewhere", { active: true });
  const upload = add("a/1");
  const rows = await showing("a/");

  const removed = await Promise.all(rows.rows.map((row) => rows.remove(row)));

  // The newest that was left comes first.
  expect(removed).toEqual([false, true, true]);
  expect(upload.state.phase).toBe("cancelled");
  expect(rows.rows.map(({ uid }) => uid)).toEqual(["left a/elsewhere"]);
});

test("a row that is removed goes at once, and its key is free when nothing of it is sent any more", async () => {
  const upload = add("a/1");
  const rows = await showing("a/");
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // As the real one: it is under way until its last request has ended.
  const { cancel } = upload;
  vi.spyOn(upload, "cancel").mockImplementation(() => ended.then(() => cancel.call(upload)));
  const [row] = rows.rows;
  if (row === undefined) throw new Error("It has no row");

  const removing = rows.remove(row);
  expect(rows.rows).toEqual([]);
  expect(rows.leaving("a/1")).toBeInstanceOf(Promise);
  expect(rows.leaving("a/2")).toBeUndefined();
  end();
  await removing;

  expect(rows.leaving("a/1")).toBeUndefined();
  expect(uploader.uploads).toEqual([]);
});

test("a row that is removed does not come back as one to continue, though the device still lists it for a moment", async () => {
  const upload = add("a/1");
  const rows = await showing("a/");
  const { cancel } = upload;
  // As the real one: until its checkpoint is marked it may be listed as one that nobody sends.
  vi.spyOn(upload, "cancel").mockImplementation(async () => {
    const entry = leave("a/1");
    await unfinishedOf(uploader).look();
    await cancel.call(upload);
    await entry.discard();
  });
  const seen = new Set<string>();
  rows.subscribe(() => seen.add(rows.rows.map(({ kind }) => kind).join()), { autoResume: false });
  const [row] = rows.rows;
  if (row === undefined) throw new Error("It has no row");

  await rows.remove(row);

  expect([...seen]).toEqual([""]);
});
