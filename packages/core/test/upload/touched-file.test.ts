/** A picked file that was touched cannot be read any more; its handle opens it as it is now. */
import { expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, key, open, stored, when } from "../world/scene.js";

/** As Chromium reads a file whose date has changed since it was picked. */
class TouchedFile extends MemoryFile {
  override slice(): Blob {
    return Object.assign(new Blob(["?"]), { arrayBuffer: unreadable });
  }

  override arrayBuffer = unreadable;
}

async function unreadable(): Promise<never> {
  throw new DOMException("The file could not be read", "NotReadableError");
}

function picked(file: File, now: () => Promise<File>) {
  return { file, handle: { kind: "file", name: file.name, getFile: now } as FileSystemFileHandle, path: file.name };
}

test("a picked file that was touched goes up as its handle shows it", async () => {
  const universe = new Universe();
  const page = open(universe);
  const source = picked(new TouchedFile(seededBytes(95, 1)), async () => new MemoryFile(bytes));

  await page.live(page.uploader.upload(source, { key }).finished);

  expect(stored(universe)).toEqual(bytes);
});

test("a picked file that is touched in the middle goes on by its handle after resume()", async () => {
  const universe = new Universe();
  let touched = false;
  const page = open(universe, {
    store: (store) => ({
      ...store,
      putPart: async (...call) => {
        if (call[1] !== 5 || touched) return await store.putPart(...call);
        touched = true;
        throw new UploadError("file-unreadable", "the bytes could not be read");
      },
    }),
  });
  const slice = (...range: [number, number]) =>
    touched ? new TouchedFile(bytes).slice() : new MemoryFile(bytes).slice(...range);
  const file = Object.assign(new MemoryFile(bytes), { slice });
  const source = picked(file, async () => new MemoryFile(bytes));
  const upload = page.uploader.upload(source, { key });
  await page.live(when(upload, ({ phase }) => phase === "failed"));

  upload.resume();
  await page.live(upload.finished);

  expect(universe.server.count("InitiateMultipartUpload")).toBe(1);
  expect(stored(universe)).toEqual(bytes);
});

test.each([
  ["a picked file", (file: File) => ({ file, path: file.name }), "film.bin"],
  ["a file", (file: File) => file, "film.bin"],
  ["a picked file whose handle cannot open it", (file: File) => picked(file, unreadable), "film.bin"],
])("%s that was deleted before it was looked at is not an empty one", async (_, sourceOf, name) => {
  const universe = new Universe();
  const page = open(universe);

  const finished = page.uploader.upload(sourceOf(new TouchedFile(new Uint8Array(0), "film.bin")), { key }).finished;

  await expect(page.live(finished)).rejects.toMatchObject({
    code: "file-unreadable",
    message: expect.stringContaining(name),
    hint: expect.stringContaining("pick it again"),
  });
  expect(universe.server.count("PutObject")).toBe(0);
});
