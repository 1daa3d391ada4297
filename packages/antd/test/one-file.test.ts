import { createFakeUploader, type FakeUpload, type FakeUploader, fakeFile } from "@ossicle/core/testing";
import { rowsOf } from "@ossicle/kit";
import { beforeEach, expect, test, vi } from "vitest";
import { begin } from "../src/begin.js";
import type { RequestOptions } from "../src/tell.js";

let uploader: FakeUploader;
beforeEach(() => {
  uploader = createFakeUploader();
});

/** As Ant Design hands over a file that the user has picked, of a widget of one file. */
function pick(uid: string, file: File, key = "avatar") {
  const told: string[] = [];
  const request = {
    file: Object.assign(file, { uid }),
    onProgress: () => told.push("progress"),
    onError: () => told.push("error"),
    onSuccess: () => told.push("success"),
  } as unknown as RequestOptions;
  const rows = rowsOf(uploader, "");
  const { abort } = begin(request, { uploader, rows, prefix: "", optionsOf: () => ({ key }), maxCount: 1 });
  return { told, abort };
}

const cat = () => fakeFile({ name: "cat.png", size: 1 });
const dog = () => fakeFile({ name: "dog.png", size: 2 });
const fox = () => fakeFile({ name: "fox.png", size: 3 });
const shown = () => rowsOf(uploader, "").rows.map(({ uid, name }) => `${uid} ${name}`);

/** The store takes its time: as the real one, the upload is under way until nothing more is sent. @returns lets it end */
function cancelsSlowly(upload: FakeUpload): () => void {
  const { cancel } = upload;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const cancelling = vi.spyOn(upload, "cancel").mockImplementation(() => ended.then(() => cancel.call(upload)));
  return () => {
    expect(cancelling).toHaveBeenCalled();
    end();
  };
}

test.each([
  ["failed", () => uploader.last.fail("network")],
  ["paused", () => void uploader.last.pause()],
])("the same file picked again goes on where its upload has %s, in the new row, which is told", (_phase, rest) => {
  pick("1", cat());
  uploader.last.progress(0.5);
  rest();

  const { told } = pick("2", cat());
  expect(uploader.last.state).toMatchObject({ phase: "queued", progress: { fraction: 0.5 } });
  uploader.last.complete();

  expect(shown()).toEqual(["2 cat.png"]);
  expect(told.at(-1)).toBe("success");
  expect(told).not.toContain("error");
});

test("another file to the same key begins when nothing of the old one is sent any more", async () => {
  pick("1", cat());
  const old = uploader.last;
  const end = cancelsSlowly(old);

  const { told } = pick("2", dog());
  expect(uploader.uploads).toEqual([old]);
  end();
  await vi.waitFor(() => expect(shown()).toEqual(["2 dog.png"]));

  expect(old.state.phase).toBe("cancelled");
  uploader.last.complete();
  expect(told.at(-1)).toBe("success");
});

test("another file to another key begins at once", () => {
  pick("1", cat(), "cats/1");
  cancelsSlowly(uploader.last);

  pick("2", dog(), "dogs/1");

  expect(shown()).toEqual(["2 dog.png"]);
});

test.each([
  ["to the same key", "avatar"],
  ["to another key", "fox"],
])("of files that are picked while an old one is cancelled only the newest begins, %s", async (_name, key) => {
  pick("1", cat());
  const end = cancelsSlowly(uploader.last);
  pick("2", dog());
  pick("3", fox(), key);

  // Asked for after those that wait, and so told after them.
  const left = rowsOf(uploader, "").leaving("avatar");
  end();
  await left;

  expect(shown()).toEqual(["3 fox.png"]);
});

test("a file that is picked again while it is cancelled for another one is uploaded anew", async () => {
  pick("1", cat());
  const old = uploader.last;
  const end = cancelsSlowly(old);
  pick("2", dog());
  pick("3", cat());

  end();
  await vi.waitFor(() => expect(shown()).toEqual(["3 cat.png"]));

  expect(uploader.uploads).not.toContain(old);
});

test("a component that is unmounted while a file waits is told nothing, and the file is uploaded", async () => {
  pick("1", cat());
  const end = cancelsSlowly(uploader.last);
  const { told, abort } = pick("2", dog());

  abort();
  end();
  await vi.waitFor(() => expect(shown()).toEqual(["2 dog.png"]));
  uploader.last.complete();

  expect(told).toEqual([]);
});
