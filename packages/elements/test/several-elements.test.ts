/** Several elements upload to one bucket: each goes on with, lists and cancels what is its own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deskOf } from "../src/desk/create-desk.js";
import type { Settings } from "../src/desk/settings.js";
import { PendingDouble, UploaderDouble } from "./uploader-double.js";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("document", { addEventListener() {}, removeEventListener() {}, visibilityState: "visible" });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

function fileOf(name: string, lastModified = 1) {
  return { file: new File([new Uint8Array(1000)], name, { lastModified }), path: name };
}

function open(said: Partial<Settings>, uploader = new UploaderDouble()) {
  const desk = deskOf(uploader.asUploader);
  desk.settle(said);
  desk.enter({ changed() {} });
  return { uploader, desk };
}

test("an element goes on with what earlier pages left under its prefix, and leaves the rest to others", async () => {
  const uploader = new UploaderDouble();
  const own = new PendingDouble(uploader, "avatars/me.png", fileOf("me.png"), "nothing");
  const foreign = new PendingDouble(uploader, "documents/film", fileOf("film"), "nothing");
  const asking = new PendingDouble(uploader, "documents/scan", fileOf("scan"), "file");

  const { desk } = open({ keyPrefix: "avatars/" }, uploader);

  expect(await desk.ready).toBe(1);
  expect(own.asked).toEqual(["resume"]);
  expect([...foreign.asked, ...asking.asked]).toEqual([]);
  expect(desk.unfinished).toEqual([]);
});

test("a file of another element's unfinished upload is uploaded under the prefix of the one that it is given to", async () => {
  const uploader = new UploaderDouble();
  const foreign = new PendingDouble(uploader, "documents/scan", fileOf("scan"), "file");
  const { desk } = open({ keyPrefix: "avatars/" }, uploader);

  await desk.take([fileOf("scan")]);

  expect(foreign.asked).toEqual([]);
  expect(uploader.uploads.map(({ key }) => key)).toEqual(["avatars/scan"]);
});

test("an element that is emptied cancels nothing that another one began", async () => {
  const { uploader, desk } = open({ keyPrefix: "documents/" });
  await desk.take([fileOf("film")]);
  const [film] = uploader.uploads;
  film?.goesUp(500);
  desk.settle({ keyPrefix: "avatars/" });
  await desk.take([fileOf("me.png")]);

  await desk.empty();

  expect(film?.asked).toEqual([]);
  expect(desk.entries.map(({ upload }) => upload.key)).toEqual(["documents/film"]);
});

test("finished files of one prefix are not listed under another", async () => {
  const { uploader, desk } = open({ keyPrefix: "documents/" });
  await desk.take([fileOf("a")]);
  uploader.uploads[0]?.completes();

  expect(open({ keyPrefix: "avatars/" }).desk.entries).toEqual([]);
  expect(open({ keyPrefix: "documents/" }).desk.entries).toHaveLength(1);
});

test("a key of the app's own that does not begin with the prefix is refused aloud: no later page would know it", async () => {
  const uploader = new UploaderDouble();
  const desk = deskOf(uploader.asUploader);
  const failed = vi.fn();
  desk.enter({ changed() {}, failed });
  desk.settle({ keyPrefix: "avatars/", keyFor: () => "users/7" });

  await desk.take([fileOf("me.png")]);

  expect(uploader.uploads).toEqual([]);
  expect(String(failed.mock.calls[0]?.[0])).toMatch(/"users\/7".*"avatars\/"/);
});
