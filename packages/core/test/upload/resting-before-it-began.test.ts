/** What is paused or stopped before its run has come anywhere is remembered all the same. */
import { describe, expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { picked } from "../doubles/memory-handle.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { alive, blocked, file, listed, only, queued, records, turns } from "../world/queue.js";
import { deadHalfway, key, open } from "../world/scene.js";

/** More than begin in one task. */
const count = 120;

function many(page: Page): { readonly uploads: readonly Upload[]; readonly stop: () => void } {
  const stops: AbortController[] = [];
  const uploads = Array.from({ length: count }, (_, n) => {
    const stop = new AbortController();
    stops.push(stop);
    return page.uploader.upload(picked(file(`${n}.bin`)), { key: `many/${n}`, signal: stop.signal });
  });
  for (const { finished } of uploads) finished.catch(() => undefined);
  return { uploads, stop: () => stops.forEach((stop) => void stop.abort()) };
}

const slowDisk =
  (clock: ManualClock): NonNullable<PageOptions["checkpoints"]> =>
  (disk) => ({
    ...disk,
    begin: async (id, head) => {
      await clock.sleep(20, new AbortController().signal);
      await disk.begin(id, head);
    },
  });

type Stops = (uploads: readonly Upload[], page: Page, stop: () => void) => Promise<unknown>;
const stops: readonly [string, Stops, boolean][] = [
  ["are paused", (uploads) => Promise.all(uploads.map((upload) => upload.pause())), true],
  ["are stopped by close()", (_uploads, page) => page.uploader.close(), false],
  [
    "are stopped by a signal, before the page closes",
    async (_uploads, page, stop) => {
      stop();
      await page.uploader.close();
    },
    false,
  ],
];

describe.each<[string, number]>([
  ["in the task of upload()", 0],
  ["before all have had their turns", 1_000],
])("a hundred queued files that rest %s", (_when, ms) => {
  test.each(stops)("because they %s are offered by the next page", async (_how, act, paused) => {
    const clock = new ManualClock();
    const { universe, page } = await queued([], { clock, checkpoints: slowDisk(clock) });
    const { uploads, stop } = many(page);
    if (ms > 0) await turns(page, ms);

    await page.live(act(uploads, page, stop));
    await page.kill();
    const offered = await listed(open(universe));

    expect(offered).toHaveLength(count);
    expect(offered.filter((entry) => entry.paused)).toHaveLength(paused ? count : 0);
    expect(universe.locks.heldNames).toEqual([]);
  });
});

test("a hundred queued files of an earlier page that are paused when they are taken up stay paused", async () => {
  const { universe, page: first } = await queued([]);
  many(first);
  await turns(first, 2_000);
  await first.kill();
  const { page } = await queued([], {}, universe);

  const entries = await listed(page);
  const uploads = await alive(
    page,
    Promise.all(
      entries.map(async (entry) => {
        const upload = await entry.resume();
        await upload.pause();
        return upload;
      }),
    ),
  );
  await page.kill();

  expect(new Set(uploads.map(({ state }) => state.phase))).toEqual(new Set(["paused"]));
  expect((await listed(open(universe))).map(({ paused }) => paused)).toEqual(entries.map(() => true));
});

test("an unfinished upload that is taken up and paused at once stays paused", async () => {
  const universe = await deadHalfway();
  const page = open(universe);
  const entry = only(await listed(page));

  await page.live(entry.resume(file("file.bin")).then((upload) => upload.pause()));
  await page.kill();

  expect(only(await listed(open(universe))).paused).toBe(true);
});

test.each<[string, (upload: Upload) => unknown]>([
  ["goes on", (upload) => upload.resume()],
  ["is cancelled", (upload) => upload.cancel()],
])("a file that is paused at once, and then %s, is not remembered as paused", async (_what, act) => {
  const universe = new Universe();
  const page = open(universe, { store: blocked().store });
  const upload = page.uploader.upload(picked(file()), { key });
  upload.finished.catch(() => undefined);

  const paused = upload.pause();
  act(upload);
  await page.live(paused);
  await turns(page, 5_000);
  await page.live(page.uploader.close());

  expect(await records(universe)).toBe(0);
});

test("a pause waits some seconds for an engine that does not load, and no longer", async () => {
  const page = open(new Universe(), { engine: () => () => new Promise(() => undefined) });
  const upload = page.uploader.upload(picked(file()), { key });
  const began = page.clock.elapsed();

  await page.live(upload.pause());

  expect(upload.state.phase).toBe("paused");
  expect(page.clock.elapsed() - began).toBeLessThanOrEqual(6_000);
});
