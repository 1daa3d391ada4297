/** What an app may ask of one upload, and what the world may do to it. */
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts, when } from "../world/scene.js";

describe("pause", () => {
  test("stops the bytes and keeps what is stored; resume sends the rest and nothing twice", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(upload.pause());
    const callsAtRest = universe.server.calls.length;
    await page.live(new Promise((resolve) => setImmediate(resolve)));
    const atRest = upload.state;
    upload.resume();
    const result = await page.live(upload.finished);

    expect(atRest.phase).toBe("paused");
    expect(universe.server.calls.length).toBeGreaterThan(callsAtRest);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(result).toMatchObject({ resumedBytes: 0, verified: "crc64", alreadyStored: false });
    expect(stored(universe)).toEqual(bytes);
  });

  test("does not forget a resume that came while it was still stopping", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    const paused = upload.pause();
    upload.resume();
    await page.live(paused);
    await page.live(upload.finished);

    expect(stored(universe)).toEqual(bytes);
  });

  test("wins over a resume that came before it", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    upload.pause();
    upload.resume();
    await page.live(upload.pause());

    expect(upload.state.phase).toBe("paused");
  });
});

describe("cancel", () => {
  test("leaves neither upload id nor checkpoint, rejects with an AbortError, and is harmless twice", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(Promise.all([upload.cancel(), upload.cancel()]));
    await page.live(upload.cancel());

    expect(upload.state.phase).toBe("cancelled");
    await expect(upload.finished).rejects.toMatchObject({ name: "AbortError" });
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
    expect(universe.locks.heldNames).toEqual([]);
  });

  test("works while paused, and before the upload knew its own name", async () => {
    const universe = new Universe();
    const { page: earlier } = await half(universe);
    await earlier.kill();
    const page = open(universe);
    const upload = page.uploader.upload(tenParts(), { key });

    await page.live(upload.cancel());

    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test("removes the checkpoint although the right to abort is missing, and says what stays behind", async () => {
    const universe = new Universe();
    universe.server.permissions.abort = false;
    const { page, upload } = await half(universe);

    await page.live(upload.cancel());

    expect(await universe.disk.checkpoints.list()).toEqual([]);
    expect(page.warnings.join()).toContain("oss:AbortMultipartUpload");
  });

  test("that cannot reach the store is carried out by a later page", async () => {
    const universe = new Universe();
    const broken = new UploadError("network", "no answer");
    const { page, upload } = await half(
      universe,
      {},
      { store: (store) => ({ ...store, abort: () => Promise.reject(broken) }) },
    );

    await page.live(upload.cancel());
    const offered = await page.live(open(universe).uploader.pending());
    const later = open(universe);
    const pending = later.uploader.pending();
    await later.live(pending);
    await later.live(later.uploader.close());
    const last = open(universe);
    await last.live(last.uploader.pending().then(() => last.uploader.close()));

    expect(offered).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});

describe("signal and close", () => {
  test("stop and keep, and the upload can be resumed", async () => {
    const universe = new Universe();
    const controller = new AbortController();
    const { page, upload } = await half(universe, { signal: controller.signal });

    controller.abort();
    const stopped = await page.live(when(upload, (state) => state.phase === "stopped"));
    const rejection = await upload.finished.catch((error: unknown) => error);
    upload.resume();
    await page.live(upload.finished);

    expect(stopped).not.toBe("dead");
    expect(rejection).toMatchObject({ name: "AbortError" });
    expect(universe.server.count("UploadPart")).toBe(10);
  });

  test("an upload whose signal was aborted before begins stopped and sends nothing", async () => {
    const universe = new Universe();
    const page = open(universe);

    const upload = page.uploader.upload(tenParts(), { key, signal: AbortSignal.abort() });

    expect(upload.state.phase).toBe("stopped");
    await expect(upload.finished).rejects.toMatchObject({ name: "AbortError" });
    expect(universe.server.calls).toEqual([]);
  });

  test("close keeps the checkpoint, and leaves no lock, timer or request behind", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(page.uploader.close());

    expect(upload.state.phase).toBe("stopped");
    expect(universe.locks.heldNames).toEqual([]);
    expect(page.clock.sleepers).toBe(0);
    expect(await universe.disk.checkpoints.list()).toHaveLength(1);
    expect(() => page.uploader.upload(tenParts(), { key })).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});

describe("the store contradicts", () => {
  test("an upload id that vanished once is begun anew; one that vanishes twice is given up", async () => {
    const universe = new Universe();
    const { page, upload, release } = await half(universe);
    universe.server.uploads.clear();
    release();
    const once = await page.live(upload.finished);
    const vanishing = (store: ObjectStore): ObjectStore => ({
      ...store,
      complete: async (...call) => {
        universe.server.uploads.clear();
        return await store.complete(...call);
      },
    });
    const other = open(universe, { store: vanishing });

    const twice = other.uploader.upload(tenParts(), { key: "other" });

    expect(once).toMatchObject({ verified: "crc64" });
    await expect(other.live(twice.finished)).rejects.toMatchObject({ code: "upload-gone" });
  });

  test.each([
    ["is sent again, alone, where listing is allowed", true, 11],
    ["means that all are sent again where nobody may say which", false, 20],
  ])("a part that Complete rejects %s", async (_what, mayList, puts) => {
    const universe = new Universe();
    universe.server.permissions.list = mayList;
    const losing = (store: ObjectStore): ObjectStore => {
      let lost = false;
      return {
        ...store,
        complete: async (upload, ...call) => {
          if (!lost) universe.server.uploads.get(upload.id)?.parts.delete(5);
          lost = true;
          return await store.complete(upload, ...call);
        },
      };
    };
    const page = open(universe, { store: losing });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(universe.server.count("UploadPart")).toBe(puts);
    expect(stored(universe)).toEqual(bytes);
  });

  test("an object that is not made of our parts is never called complete, and resume puts it right", async () => {
    const universe = new Universe();
    let damaged = false;
    const damaging = (store: ObjectStore): ObjectStore => ({
      ...store,
      complete: async (...call) => {
        const object = await store.complete(...call);
        if (damaged) return object;
        damaged = true;
        return { ...object, crc64: (object.crc64 ?? 0n) ^ 1n };
      },
    });
    universe.server.permissions.head = false;
    const page = open(universe, { store: damaging });
    const upload = page.uploader.upload(tenParts(), { key });

    await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "corrupted", resumable: true });
    upload.resume();
    await page.live(upload.finished);

    expect(stored(universe)).toEqual(bytes);
    expect(universe.server.count("UploadPart")).toBe(20);
  });
});

describe("an object is already there", () => {
  test("forbid fails with already-exists and leaves it alone", async () => {
    const universe = new Universe();
    universe.server.putObject({ key }, seededBytes(5, 1));
    const page = open(universe);

    const upload = page.uploader.upload(tenParts(), { key, ifExists: "forbid" });

    await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "already-exists" });
    expect(stored(universe)).toEqual(seededBytes(5, 1));
    expect(universe.server.uploads.size).toBe(0);
  });

  test("skip-identical sends nothing if the same bytes are there, and everything if not", async () => {
    const universe = new Universe();
    universe.server.putObject({ key }, bytes);
    const page = open(universe);

    const same = await page.live(page.uploader.upload(tenParts(), { key, ifExists: "skip-identical" }).finished);
    const callsForSame = universe.server.count("InitiateMultipartUpload");
    const other = new MemoryFile(seededBytes(95, 4));
    const different = await page.live(page.uploader.upload(other, { key, ifExists: "skip-identical" }).finished);

    expect(same).toMatchObject({ alreadyStored: true, sentBytes: 0, verified: "crc64" });
    expect(callsForSame).toBe(0);
    expect(different).toMatchObject({ alreadyStored: false });
    expect(stored(universe)).toEqual(seededBytes(95, 4));
  });
});

test("a callback that fails is told apart: the object is stored and the checkpoint gone", async () => {
  const universe = new Universe();
  universe.server.callbackAnswer = "fails";
  const page = open(universe);

  const upload = page.uploader.upload(tenParts(), { key, callback: { url: "https://app.example/cb", body: "b" } });

  await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "callback-failed", resumable: false });
  expect(stored(universe)).toEqual(bytes);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});

test.each([0, 1, 10])("a file of %i bytes goes up in one request and leaves no checkpoint", async (size) => {
  const universe = new Universe();
  const page = open(universe, { settings: { singlePutBelow: undefined } });

  const result = await page.live(page.uploader.upload(new MemoryFile(seededBytes(size)), { key }).finished);

  expect(universe.server.calls.map((call) => call.action)).toEqual(["PutObject"]);
  expect(result).toMatchObject({ size, verified: "crc64", sentBytes: size });
  expect(stored(universe)).toEqual(seededBytes(size));
});

test.each([5, 95])("without a digest of ours nothing is called verified (%i bytes)", async (size) => {
  const universe = new Universe();
  const page = open(universe, { settings: { digests: { md5: false, crc64: false }, singlePutBelow: 10 } });

  const result = await page.live(page.uploader.upload(new MemoryFile(seededBytes(size)), { key }).finished);

  expect(result).toMatchObject({ verified: "none" });
  expect(stored(universe)).toEqual(seededBytes(size));
});

test("server first, then checkpoint: in the beginning, in the end, and when it is cancelled", async () => {
  const universe = new Universe();
  const page = open(universe);
  await page.live(page.uploader.upload(new MemoryFile(seededBytes(15)), { key }).finished);
  const whole = [...universe.log];
  const { page: second, upload } = await half(universe);
  universe.log.length = 0;

  await second.live(upload.cancel());
  await second.live(second.uploader.close());

  expect(whole).toEqual([
    "load",
    "initiate",
    "begin",
    "putPart 1",
    "addPart 1",
    "putPart 2",
    "addPart 2",
    "updateHead",
    "complete",
    "remove",
  ]);
  expect(universe.log.filter((act) => !act.includes("Part"))).toEqual([
    "load",
    "updateHead",
    "abort",
    "load",
    "remove",
  ]);
});

test("progress only grows, ends at the size, and the map shows every part stored", async () => {
  const universe = new Universe();
  const page = open(universe, { lanes: 3 });
  const upload = page.uploader.upload(tenParts(), { key });
  const seen: number[] = [];
  let map = upload.partMap();
  upload.subscribe(({ phase, progress }) => {
    seen.push(progress.storedBytes);
    if (phase === "completing" && upload.partMap().length > 0) map = upload.partMap();
  });

  await page.live(upload.finished);

  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(upload.state.progress).toMatchObject({ totalBytes: 95, storedBytes: 95, sentBytes: 95 });
  expect([...map]).toEqual(Array(10).fill(2));
  expect(upload.partMap()).toHaveLength(0);
});

test("a listener that throws is the app's problem, not the upload's", async () => {
  const universe = new Universe();
  const page = open(universe);
  const uncaught: unknown[] = [];
  const catcher = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", catcher);
  const upload = page.uploader.upload(new MemoryFile(seededBytes(5)), { key });
  upload.subscribe(() => {
    throw new Error("from the app");
  });

  await page.live(upload.finished);
  await new Promise(setImmediate);
  process.off("uncaughtException", catcher);

  expect(upload.state.phase).toBe("completed");
  expect(String(uncaught[0])).toContain("from the app");
});

test("the list of a page's uploads is another one when one was added, and stays what it was", async () => {
  const page = open(new Universe());
  const before = page.uploader.uploads;
  const first = page.uploader.upload(tenParts(), { key: "first" });
  const between = page.uploader.uploads;

  await page.live(first.finished);

  expect(before).toEqual([]);
  expect(between).toEqual([first]);
  expect(page.uploader.uploads).toBe(between);
});

const callback = { url: "https://app.example/done", body: "token=1" };
test.each<[string, Partial<UploadOptions>, Partial<UploadOptions>, boolean]>([
  ["for the same", {}, {}, true],
  ["with the callback that it has", { callback }, {}, true],
  ["with another callback than it has", { callback }, { callback: { ...callback, body: "token=2" } }, true],
  ["with a callback that it lacks", {}, { callback }, true],
  ["for another ACL", { acl: "private" }, { acl: "public-read" }, true],
  ["for other metadata", {}, { metadata: { a: "b" } }, false],
])(
  "the same file, asked for once more %s, before it completes, is the same upload unless it is to be another object",
  async (_, first, now, isSame) => {
    const page = open(new Universe());
    const file = tenParts();
    const upload = page.uploader.upload(file, { key, ...first });

    const second = page.uploader.upload(file, { key, ...now });
    await page.live(Promise.all([upload.finished, second.finished]));

    expect(second === upload).toBe(isSame);
  },
);
