/** Nothing that somebody has is lost by a name that is taken, by a slip of the mouse, or by a reload. */
import type { PickedFile, Upload } from "@ossicle/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deskOf } from "../src/desk/create-desk.js";
import type { Desk } from "../src/desk/desk.js";
import { PendingDouble, UploaderDouble } from "./uploader-double.js";

const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  vi.stubGlobal("document", { addEventListener() {}, removeEventListener() {}, visibilityState: "visible" });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function fileOf(name: string, size = 1000, lastModified = 1): PickedFile {
  return { file: new File([new Uint8Array(size)], name, { lastModified }), path: name };
}

/** A file of which a test only needs the size. */
function largeFile(name: string, size: number): PickedFile {
  return { file: { name, size, type: "", lastModified: 1 } as File, path: name };
}

function open(uploader = new UploaderDouble()): { readonly uploader: UploaderDouble; readonly desk: Desk } {
  const desk = deskOf(uploader.asUploader);
  desk.enter({ changed() {} });
  return { uploader, desk };
}

const keysOf = (desk: Desk) => desk.entries.map(({ upload }) => upload.key);
const handleOf = ({ upload }: Desk["entries"][number]) => upload as Upload;

test("every file goes up under 'forbid': none takes the place of an object in silence", async () => {
  const { uploader, desk } = open();

  await desk.take([fileOf("a")]);

  expect(uploader.uploads.map(({ options }) => options.ifExists)).toEqual(["forbid"]);
});

test("an app that says 'replace' asks nobody, neither the person nor the store", async () => {
  const { uploader, desk } = open();
  desk.settings.sameName = "replace";
  await desk.take([fileOf("a")]);
  uploader.uploads[0]?.completes();

  await desk.take([fileOf("a", 2000, 2)]);
  await vi.advanceTimersByTimeAsync(0);

  expect(uploader.uploads.map(({ options }) => options.ifExists)).toEqual(["replace"]);
  expect(desk.question.open).toBe(null);
  expect(keysOf(desk)).toEqual(["a"]);
});

test("a second file of a name waits for an answer; kept, both have names of their own", async () => {
  const { uploader, desk } = open();
  await desk.take([fileOf("a.txt")]);
  uploader.uploads[0]?.completes();
  await desk.take([fileOf("a.txt", 2000, 2)]);
  expect(keysOf(desk)).toEqual(["a.txt"]);
  expect(desk.question.open?.where).toBe("list");

  desk.answer("both", false);

  expect(keysOf(desk)).toEqual(["a.txt", "a (2).txt"]);
  expect(desk.question.open).toBe(null);
});

test("a file that is under way makes room only when it has been cancelled", async () => {
  const { uploader, desk } = open();
  await desk.take([fileOf("a.txt")]);
  const [first] = uploader.uploads;
  first?.goesUp(10);
  await desk.take([fileOf("a.txt", 2000, 2)]);
  desk.answer("replace", false);
  await vi.advanceTimersByTimeAsync(0);

  expect(first?.asked).toEqual(["cancel"]);
  expect(uploader.uploads.map(({ options }) => [options.key, options.ifExists])).toEqual([["a.txt", "replace"]]);
});

test("a name that the bucket has is asked about once for all, also for those that are refused later", async () => {
  const { uploader, desk } = open();
  await desk.take([fileOf("a"), fileOf("b"), fileOf("c")]);
  const [a, b, c] = uploader.uploads;
  a?.isRefused("already-exists");
  b?.isRefused("already-exists");
  expect(desk.question.further).toBe(1);

  desk.answer("both", true);
  c?.isRefused("already-exists");

  expect(keysOf(desk)).toEqual(["a (2)", "b (2)", "c (2)"]);
  expect(desk.question.open).toBe(null);
});

test("the same file that is dropped once more is the one that goes up, and held it goes on", async () => {
  const { uploader, desk } = open();
  await desk.take([fileOf("a")]);
  await uploader.uploads[0]?.pause();

  await desk.take([fileOf("a")]);

  expect(desk.question.open).toBe(null);
  expect(uploader.uploads).toHaveLength(1);
  expect(uploader.uploads[0]?.asked).toEqual(["pause", "resume"]);
});

test("a cancel only pauses until it cannot be undone any more, and counts nowhere from the first moment", async () => {
  const { uploader, desk } = open();
  await desk.take([fileOf("a"), fileOf("b")]);
  for (const upload of uploader.uploads) upload.goesUp(10);
  const [a, b] = desk.entries;
  if (a === undefined || b === undefined) throw new Error("there are two");
  desk.cancel(a);
  desk.cancel(b);
  expect(desk.sum.counts).toMatchObject({ all: 2, moving: 0, waiting: 0 });

  desk.undo(a);
  await vi.advanceTimersByTimeAsync(10_000);

  expect(handleOf(a).state.phase).toBe("uploading");
  expect(handleOf(b).state.phase).toBe("cancelled");
});

test.each(["goes up", "is paused"])(
  "a file that %s, is cancelled and then picked again goes on for good",
  async (how) => {
    const { uploader, desk } = open();
    await desk.take([fileOf("a")]);
    const [upload] = uploader.uploads;
    upload?.goesUp(10);
    if (how === "is paused") await upload?.pause();
    const [entry] = desk.entries;
    if (entry === undefined) throw new Error("there is one");
    desk.cancel(entry);

    await desk.take([fileOf("a")]);
    await vi.advanceTimersByTimeAsync(10_000);

    expect(upload?.state.phase).toBe("uploading");
    expect(upload?.asked).not.toContain("cancel");
  },
);

test("another file in place of an unfinished one begins when that is discarded, and only then", async () => {
  const uploader = new UploaderDouble();
  const left = new PendingDouble(uploader, "a", fileOf("a"), "file");
  const { desk } = open(uploader);
  await desk.take([fileOf("a", 1000, 2)]);
  const [row] = desk.unfinished;
  expect(row?.canReplace).toBe(true);
  left.refusal = new Error("no network");
  await row?.instead();
  expect(uploader.uploads).toEqual([]);
  expect(row?.failure).toBe(left.refusal);
  expect(row?.canReplace).toBe(true);

  left.refusal = null;
  await row?.instead();

  expect(left.asked.filter((asked) => asked === "discard")).toHaveLength(2);
  expect(uploader.uploads.map(({ file }) => file.lastModified)).toEqual([2]);
  expect(desk.unfinished).toEqual([]);
});

test("of more than a gigabyte that is stored it is asked whether to cancel", async () => {
  const { uploader, desk } = open();
  await desk.take([largeFile("film", 5e9)]);
  uploader.uploads[0]?.goesUp(3e9);
  const [entry] = desk.entries;
  if (entry === undefined) throw new Error("there is one");

  desk.cancel(entry);
  expect(desk.doubtful).toBe(entry);
  expect(uploader.uploads[0]?.asked).toEqual([]);
  desk.confirm(false);
  expect(desk.doubtful).toBe(null);
  expect(uploader.uploads[0]?.asked).toEqual([]);
});

test("what is finished is listed by the next page in its order, and cleared it is not", async () => {
  const before = open();
  await before.desk.take([fileOf("b"), fileOf("a")]);
  for (const upload of before.uploader.uploads.toReversed()) upload.completes();

  const after = open();
  expect(keysOf(after.desk)).toEqual(["b", "a"]);
  expect(after.desk.sum.fraction).toBe(null);
  after.desk.clear();

  expect(keysOf(open().desk)).toEqual([]);
});

test("an element that takes one file lets go of the one before", async () => {
  const { uploader, desk } = open();
  desk.settings.multiple = false;
  await desk.take([fileOf("a"), fileOf("ignored")]);
  uploader.uploads[0]?.goesUp(10);

  await desk.take([fileOf("b")]);

  expect(keysOf(desk)).toEqual(["b"]);
});

test("files that systems put into folders are left out and told of", async () => {
  const { desk } = open();
  const folder = ["trip/.DS_Store", "trip/beach.jpg"].map((path) => ({ ...fileOf(path.slice(5)), path }));

  const taken = await desk.take(folder);

  expect(taken.system).toEqual(["trip/.DS_Store"]);
  expect(keysOf(desk)).toEqual(["trip/beach.jpg"]);
});

test("what one user has finished is listed for that user alone, even where the app says late who it is", async () => {
  const before = open();
  before.desk.settle({ scope: "A" });
  await before.desk.take([fileOf("secret of A")]);
  before.uploader.uploads[0]?.completes();

  const after = open();
  after.desk.settle({ scope: "B" });
  expect(keysOf(after.desk)).toEqual([]);
  after.desk.settle({ scope: "A" });
  expect(keysOf(after.desk)).toEqual(["secret of A"]);
  after.desk.settle({ scope: "B" });
  expect(keysOf(after.desk)).toEqual([]);
});
