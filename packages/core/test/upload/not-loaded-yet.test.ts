/** A script of the library that cannot be loaded now is waited for as the network is: the engine, and what hashes in a worker. */
import { expect, test } from "vitest";
import type { Upload, UploadState, Waiting } from "../../src/api/upload.js";
import { isAbortError, UploadError } from "../../src/errors.js";
import { notLoaded } from "../../src/not-loaded.js";
import type { Engine, LoadEngine } from "../../src/upload/engine.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { type PageOptions, Universe } from "../world/page.js";
import { bytes, deadHalfway, key, open, stored, tenParts, when } from "../world/scene.js";

const refused = () => notLoaded("engine", new TypeError("Failed to fetch"));

/** Fails so many times with what `refuse` makes, then works. */
function refusing(times: number, refuse: () => unknown = refused) {
  let left = times;
  return <T>(work: () => Promise<T>): Promise<T> => (left-- > 0 ? Promise.reject(refuse()) : work());
}

const engineAfter =
  (times: number) =>
  (engine: Engine): LoadEngine => {
    const attempt = refusing(times);
    return () => attempt(async () => engine);
  };

const workersAfter =
  (times: number, refuse = refused) =>
  (workers: ByteWorkers): ByteWorkers => {
    const attempt = refusing(times, refuse);
    return {
      ...workers,
      digest: (...asked) => attempt(() => workers.digest(...asked)),
      digestFour: (...asked) => attempt(() => workers.digestFour(...asked)),
    };
  };

function reasonsOf(upload: Upload): Waiting[] {
  const waits: Waiting[] = [];
  upload.subscribe((state) => {
    if (state.waiting !== null && state.waiting !== waits.at(-1)) waits.push(state.waiting);
  });
  return waits;
}

const start = (options: Partial<PageOptions>) => {
  const universe = new Universe();
  const page = open(universe, options);
  const upload = page.uploader.upload(tenParts(), { key });
  return { universe, page, upload, waits: reasonsOf(upload) };
};

test.each<[string, Partial<PageOptions>]>([
  ["the engine", { engine: engineAfter(3) }],
  ["the worker", { workers: workersAfter(3) }],
])(
  "%s that cannot be loaded at first is waited for, with its reason and its hint, and the upload completes",
  async (_what, options) => {
    const { universe, page, upload, waits } = start(options);

    await page.live(upload.finished);

    const hinted = expect.objectContaining({
      code: "network",
      temporary: true,
      hint: expect.stringMatching(/reload/i),
    });
    expect(waits.map(({ reason }) => reason)).toEqual(["backoff", "backoff", "backoff"]);
    for (const wait of waits) expect(wait).toMatchObject({ untilMs: expect.any(Number), error: hinted });
    expect(stored(universe)).toEqual(bytes);
  },
);

test.each<[string, Partial<PageOptions>]>([
  ["the engine", { engine: engineAfter(Number.POSITIVE_INFINITY) }],
  ["the worker", { workers: workersAfter(Number.POSITIVE_INFINITY) }],
])("%s that never comes is given up after giveUpAfterMs, and resume() waits again", async (_what, options) => {
  const { page, upload } = start(options);

  await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "network", temporary: true });
  const patienceMs = page.clock.elapsed();
  upload.resume();
  await expect(page.live(upload.finished)).rejects.toMatchObject({ code: "network" });

  expect(patienceMs).toBeGreaterThanOrEqual(600_000);
  expect(patienceMs).toBeLessThan(700_000);
  expect(page.clock.elapsed()).toBeGreaterThanOrEqual(2 * patienceMs - 60_000);
});

test("an hour offline does not count, and the engine is there when the page is online again", async () => {
  const hour = 3_600_000;
  let now = () => 0;
  const online = () => now() > hour;
  const { page, upload, waits } = start({
    online,
    engine: (engine) => async () => (online() ? engine : Promise.reject(refused())),
  });
  now = () => page.clock.elapsed();

  await page.live(upload.finished);

  expect(new Set(waits.map(({ reason }) => reason))).toEqual(new Set(["offline"]));
  expect(page.clock.elapsed()).toBeLessThan(hour + 120_000);
});

test.each<[string, Partial<PageOptions>]>([
  ["the engine", { engine: engineAfter(2) }],
  ["the worker", { workers: workersAfter(2) }],
])("an upload that waits for %s is paused, resumed and cancelled like any other", async (_what, options) => {
  const { universe, page, upload } = start(options);
  const isWaiting = (state: UploadState) => state.waiting?.reason === "backoff";
  await page.live(when(upload, isWaiting));

  await page.live(upload.pause());
  const paused = upload.state.phase;
  upload.resume();
  await page.live(when(upload, isWaiting));
  const cancelled = upload.finished.catch((error: unknown) => error);
  await page.live(upload.cancel());
  await page.live(page.uploader.close());

  expect(paused).toBe("paused");
  expect(isAbortError(await cancelled)).toBe(true);
  expect(page.clock.sleepers).toBe(0);
  expect(universe.locks.heldNames).toEqual([]);
});

test("pending().resume() with the file picked again waits for a worker that cannot be loaded at first", async () => {
  const universe = await deadHalfway();
  const page = open(universe, { workers: workersAfter(3) });
  const pending = await page.live(page.uploader.pending());
  if (pending === "dead") throw new Error("The page died");

  const upload = await page.live(pending[0]?.resume(tenParts()) ?? Promise.reject());
  if (upload === "dead") throw new Error("The page died");
  await page.live(upload.finished);

  expect(stored(universe)).toEqual(bytes);
  expect(universe.server.count("UploadPart")).toBe(10);
});

test("pending().resume() that waits for a worker ends when the uploader is closed", async () => {
  const universe = await deadHalfway();
  const page = open(universe, { workers: workersAfter(Number.POSITIVE_INFINITY) });
  const pending = await page.live(page.uploader.pending());
  if (pending === "dead") throw new Error("The page died");

  const resuming = pending[0]?.resume(tenParts()).catch((error: unknown) => error);
  await page.live(page.clock.sleep(5_000, new AbortController().signal));
  await page.live(page.uploader.close());

  expect(isAbortError(await page.live(resuming ?? Promise.reject()))).toBe(true);
  expect(page.clock.sleepers).toBe(0);
});

test("a worker that dies of what it digests is not waited for: the upload fails at once", async () => {
  const died = () => new UploadError("network", "The worker died: out of memory");
  const { page, upload } = start({ workers: workersAfter(1, died) });

  await expect(page.live(upload.finished)).rejects.toMatchObject({ message: "The worker died: out of memory" });

  expect(page.clock.elapsed()).toBe(0);
});
