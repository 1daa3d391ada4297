/** An element that takes one file never loses the one that it has for a file that does not go up. */
import type { PickedFile } from "@ossicle/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deskOf } from "../src/desk/create-desk.js";
import { UploaderDouble } from "./uploader-double.js";

beforeEach(() =>
  vi.stubGlobal("document", { addEventListener() {}, removeEventListener() {}, visibilityState: "visible" }),
);
afterEach(() => vi.unstubAllGlobals());

function fileOf(name: string, { size = 1000, lastModified = 1, type = "video/mp4" } = {}): PickedFile {
  return { file: { name, size, type, lastModified } as File, path: name };
}

/** The element has a film that is nearly there. */
async function withFilm({ size = 1000 } = {}) {
  const uploader = new UploaderDouble();
  const desk = deskOf(uploader.asUploader);
  const failed = vi.fn();
  desk.enter({ changed() {}, failed });
  desk.settle({ multiple: false, accept: "video/*" });
  await desk.take([fileOf("film", { size })]);
  const [film] = uploader.uploads;
  if (film === undefined) throw new Error("it goes up");
  film.goesUp(size * 0.9);
  const keys = () => desk.entries.map(({ upload }) => upload.key);
  return { uploader, desk, film, keys, failed };
}

test("a file of another type, or of the system, takes the place of nothing", async () => {
  const { desk, film, keys } = await withFilm();

  const taken = await desk.take([
    fileOf("note.txt", { type: "text/plain" }),
    { ...fileOf(".DS_Store"), path: "trip/.DS_Store" },
  ]);

  expect(taken).toMatchObject({ ofOtherType: ["note.txt"], system: ["trip/.DS_Store"] });
  expect(film.asked).toEqual([]);
  expect(keys()).toEqual(["film"]);
});

test("of several files the first that the element takes is uploaded", async () => {
  const { desk, film, keys } = await withFilm();

  await desk.take([fileOf("note.txt", { type: "text/plain" }), fileOf("next"), fileOf("ignored")]);

  expect(keys()).toEqual(["next"]);
  expect(film.asked).toEqual(["cancel"]);
});

test("the same file, picked again, goes on where it was", async () => {
  const { desk, uploader, film } = await withFilm();
  await film.pause();

  await desk.take([fileOf("film")]);

  expect(uploader.uploads).toEqual([film]);
  expect(film.asked).toEqual(["pause", "resume"]);
});

test("a file that cannot begin, or has no name, takes the place of nothing", async () => {
  const { desk, uploader, film, keys, failed } = await withFilm();
  uploader.upload = () => {
    throw new Error("invalid-option");
  };
  await desk.take([fileOf("next")]);
  desk.settle({ keyFor: async () => Promise.reject(new Error("the app's server")) });
  await desk.take([fileOf("next")]);

  expect(failed).toHaveBeenCalledTimes(2);
  expect(film.asked).toEqual([]);
  expect(keys()).toEqual(["film"]);
});

test("another file of the same name begins only when the first is cancelled", async () => {
  const { desk, uploader, film } = await withFilm();
  const order: string[] = [];
  const { upload } = uploader;
  film.cancel = async () => {
    await Promise.resolve();
    order.push("cancelled");
    film.becomes({ phase: "cancelled" });
  };
  uploader.upload = (...begun) => {
    order.push("begun");
    return upload.call(uploader, ...begun);
  };

  await desk.take([fileOf("film", { size: 2000, lastModified: 2 })]);

  expect(order).toEqual(["cancelled", "begun"]);
  expect(desk.entries.map((entry) => entry.upload.file?.size)).toEqual([2000]);
});

test.each([true, false])(
  "of more than a gigabyte that is stored the person decides: another takes its place: %s",
  async (yes) => {
    const { desk, film, keys } = await withFilm({ size: 5e9 });

    const taking = desk.take([fileOf("next")]);
    await vi.waitFor(() => expect(desk.doubtful?.upload.key).toBe("film"));
    expect(film.asked).toEqual([]);
    desk.confirm(yes);
    await taking;

    expect(keys()).toEqual([yes ? "next" : "film"]);
    expect(film.asked).toEqual(yes ? ["cancel"] : []);
    expect(desk.doubtful).toBe(null);
  },
);

test("a form that is reset while the person is asked takes no file any more", async () => {
  const { desk, keys } = await withFilm({ size: 5e9 });
  const taking = desk.take([fileOf("next")]);
  await vi.waitFor(() => expect(desk.doubtful).not.toBe(null));

  await desk.empty();
  await taking;

  expect(keys()).toEqual([]);
  expect(desk.adding).toBe(0);
});
