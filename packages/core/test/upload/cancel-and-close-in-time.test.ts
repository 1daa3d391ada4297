/** cancel() and close() come back in time, whatever does not answer: a script that loads for ever, a file that is read for an hour. */
import { expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { isAbortError } from "../../src/errors.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { deadHalfway, key, open, tenParts } from "../world/scene.js";

const engineThatHangs: Partial<PageOptions> = { engine: () => () => new Promise(() => undefined) };

/** Reads that only their signal ends. */
const slowReads = (workers: ByteWorkers): ByteWorkers => ({
  ...workers,
  digest: (_bytes, _wanted, { signal }) =>
    new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
    }),
});
const everyByteRead: Partial<PageOptions> = { settings: { fingerprint: "full" }, workers: slowReads };

const acts: readonly [string, (upload: Upload, page: Page) => Promise<unknown>][] = [
  ["cancel()", (upload) => upload.cancel()],
  ["close()", (_upload, page) => page.uploader.close()],
  ["close() after cancel()", (upload, page) => Promise.all([upload.cancel(), page.uploader.close()])],
  [
    "cancel() after close()",
    async (upload, page) => {
      await page.uploader.close();
      await upload.cancel();
    },
  ],
];

test.each(
  [
    ["an engine that never comes", engineThatHangs],
    ["a file of which every byte is read", everyByteRead],
  ].flatMap(([what, options]) => acts.map(([name, act]) => [what, name, options, act] as const)),
)("%s does not hold up %s", async (_what, _name, options, act) => {
  const page = open(new Universe(), options as Partial<PageOptions>);
  const upload = page.uploader.upload(tenParts(), { key });
  upload.finished.catch(() => undefined);
  await page.live(new Promise((resolve) => setImmediate(resolve)));

  await page.live(act(upload, page));
  const tookMs = page.clock.elapsed();
  await page.live(page.uploader.close());

  expect(["cancelled", "stopped"]).toContain(upload.state.phase);
  expect(tookMs).toBeLessThan(10_000);
  expect(page.clock.sleepers).toBe(0);
});

test("close() does not wait for a diagnosis whose engine never comes", async () => {
  const page = open(new Universe(), engineThatHangs);
  const diagnosis = page.uploader.diagnose().catch((error: unknown) => error);

  await page.live(page.uploader.close());

  expect(isAbortError(await page.live(diagnosis))).toBe(true);
});

test("what an earlier page left is cancelled in the background, once every byte is read", async () => {
  const universe = await deadHalfway({}, { settings: { fingerprint: "full" } });
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const page = open(universe, {
    settings: { fingerprint: "full" },
    workers: (workers) => ({
      ...workers,
      digest: async (...asked) => {
        await Promise.race([isReady, slowReads(workers).digest(...asked)]);
        return await workers.digest(...asked);
      },
    }),
  });
  const upload = page.uploader.upload(tenParts(), { key });
  upload.finished.catch(() => undefined);

  await page.live(upload.cancel());
  const before = universe.server.uploads.size;
  ready();
  while (universe.server.uploads.size > 0) await page.live(new Promise((resolve) => setImmediate(resolve)));
  await page.live(page.uploader.close());

  expect(before).toBe(1);
  expect(universe.server.uploads.size).toBe(0);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});
