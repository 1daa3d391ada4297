/** A network drive that hangs gives neither bytes nor an error: nothing waits for it without end. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Upload, UploadSource } from "../../src/api/upload.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { createWorkerPool } from "../../src/workers/pool.js";
import { localWorker } from "../doubles/local-worker.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, key, open, stored, tenParts } from "../world/scene.js";

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
});
const pools: ByteWorkers[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const pool of pools.splice(0)) pool.close();
});

const hung = () => new Promise<never>(() => {});

/** A drive that gives so many reads, and then hangs. */
class Drive {
  reached: () => void = () => {};
  readonly hangs = new Promise<void>((resolve) => {
    this.reached = resolve;
  });
  reads: number;

  constructor(reads: number) {
    this.reads = reads;
  }

  readonly file = (): File => this.#on(new MemoryFile(bytes, "film.bin"));

  #on<T extends Blob>(blob: T): T {
    const { slice, arrayBuffer } = blob;
    const pull = () => this.#read(hung);
    return Object.assign(blob, {
      slice: (...range: [number, number]) => this.#on(slice.apply(blob, range)),
      arrayBuffer: () => this.#read(() => arrayBuffer.apply(blob)),
      stream: () => new ReadableStream({ type: "bytes", pull }),
    });
  }

  #read<R>(read: () => Promise<R>): Promise<R> {
    this.reads -= 1;
    if (this.reads >= 0) return read();
    this.reached();
    return hung();
  }
}

interface Hanging {
  readonly page: Page;
  readonly source: UploadSource;
  /** Resolves once the drive hangs. */
  readonly hangs: Promise<void>;
}

/** Requests of parts go out by the worker, which reads the body itself, and never gets on. */
function sendingBy(workers: ByteWorkers, stallTimeoutMs: number, drive: Drive): (store: ObjectStore) => ObjectStore {
  const request = { method: "PUT", url: "https://b/k", headers: {}, stallTimeoutMs, answerTimeoutMs: stallTimeoutMs };
  return (store) => ({
    ...store,
    putPart: async (...call) => {
      drive.reads = 0;
      drive.reached();
      await workers.send({ ...request, body: call[2] }, { signal: call[4].signal });
      return await store.putPart(...call);
    },
  });
}

/** As an XMLHttpRequest whose body's bytes do not come. */
class SilentXhr {
  readonly upload = {};
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {}
}

const everything = 1_000;
const stages: readonly [while_: string, reads: number, source: (drive: Drive) => UploadSource][] = [
  ["it is opened", 0, (drive) => handleOf(drive, hung)],
  ["samples are taken", 0, (drive) => drive.file()],
  ["parts are hashed", 1, (drive) => drive.file()],
  ["parts are sent", everything, (drive) => drive.file()],
];

function handleOf(drive: Drive, getFile: () => Promise<File>): FileSystemFileHandle {
  const opening = () => {
    drive.reached();
    return getFile();
  };
  return { kind: "file", name: "film.bin", getFile: opening } as FileSystemFileHandle;
}

function hanging(
  reads: number,
  sourceOf: (drive: Drive) => UploadSource,
  stallTimeoutMs: number,
  universe = new Universe(),
): Hanging {
  const drive = new Drive(reads);
  const create = () => localWorker({ newXhr: () => new SilentXhr() as unknown as XMLHttpRequest });
  const workers = createWorkerPool({ count: 1, create, stallTimeoutMs });
  pools.push(workers);
  const page = open(universe, {
    workers: () => workers,
    settings: { stallTimeoutMs },
    ...(reads === everything ? { store: sendingBy(workers, stallTimeoutMs, drive) } : {}),
  });
  return { page, source: sourceOf(drive), hangs: drive.hangs };
}

describe.each(stages)("a drive that hangs while %s", (_, reads, sourceOf) => {
  test("ends the upload as file-unreadable, which names the file and the drive", async () => {
    const { page, source } = hanging(reads, sourceOf, 50);

    const upload = page.uploader.upload(source, { key });

    await expect(page.live(upload.finished)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringMatching(/^film\.bin cannot be read\. /),
      hint: expect.stringContaining("network drive"),
    });
    expect(upload.state.phase).toBe("failed");
  });

  test.each([
    ["pause()", (upload: Upload) => upload.pause(), "paused"],
    ["cancel()", (upload: Upload) => upload.cancel(), "cancelled"],
    ["close()", (_upload: Upload, page: Page) => page.uploader.close(), "stopped"],
  ])("does not hold up %s", async (_name, end, phase) => {
    const hour = 3_600_000;
    const { page, source, hangs } = hanging(reads, sourceOf, hour);
    const upload = page.uploader.upload(source, { key });
    upload.finished.catch(() => {});
    await page.live(hangs);
    const before = page.clock.elapsed();

    await page.live(end(upload, page));

    expect(upload.state.phase).toBe(phase);
    expect(page.clock.elapsed() - before).toBeLessThan(hour / 2);
  });
});

test("the developer is told of a cancel for which the file would have to be read, on a drive that hangs", async () => {
  const { page, source, hangs } = hanging(0, (drive) => drive.file(), 3_600_000);
  const upload = page.uploader.upload(source, { key });
  upload.finished.catch(() => {});
  await page.live(hangs);

  await page.live(upload.cancel());

  expect(page.warnings.join()).toContain(`"${key}" is cancelled, but`);
});

test("files on a drive that hangs give the worker back to those on another", async () => {
  const universe = new Universe();
  const { page } = hanging(0, (drive) => drive.file(), 50, universe);
  const failed = [1, 2, 3].map((n) => {
    const upload = page.uploader.upload(new Drive(0).file(), { key: `hung/${n}` });
    return upload.finished.catch(({ code }) => code);
  });

  await page.live(page.uploader.upload(tenParts(), { key }).finished);

  expect(stored(universe)).toEqual(bytes);
  expect(await page.live(Promise.all(failed))).toEqual(["file-unreadable", "file-unreadable", "file-unreadable"]);
});
