/** Notes of many queued files are written and removed one at a time, and hold up nothing that is sent. */
import { describe, expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { picked } from "../doubles/memory-handle.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { file, listed, queued, turns } from "../world/queue.js";
import { half, key, open } from "../world/scene.js";

/** Counts how many calls that change the database are under way at a time. Each takes 5 ms. */
function countingDisk(clock: ManualClock) {
  const disk = { most: 0, now: 0 };
  const counted = async (change: () => Promise<void>) => {
    disk.most = Math.max(disk.most, ++disk.now);
    await clock.sleep(5, new AbortController().signal);
    await change();
    disk.now -= 1;
  };
  const checkpoints: PageOptions["checkpoints"] = (inside) => ({
    ...inside,
    begin: (id, head) => counted(() => inside.begin(id, head)),
    remove: (id) => counted(() => inside.remove(id)),
  });
  return { disk, checkpoints };
}

describe("the notes of hundreds of queued files are written and removed one at a time", () => {
  const count = 120;

  test.each<[string, (uploads: readonly Upload[], page: Page) => Promise<unknown>, number, number]>([
    ["in their turns", (_uploads, page) => turns(page, 3_000), count, 0],
    ["when all are paused", (uploads) => Promise.all(uploads.map((upload) => upload.pause())), count, count],
    ["when all are cancelled", (uploads) => Promise.all(uploads.map((upload) => upload.cancel())), 0, 0],
    [
      "when all are paused, and cancelled then",
      async (uploads) => {
        await Promise.all(uploads.map((upload) => upload.pause()));
        await Promise.all(uploads.map((upload) => upload.cancel()));
      },
      0,
      0,
    ],
  ])("%s, and the records of parts come in between", async (_when, act, noted, paused) => {
    const universe = new Universe();
    const clock = new ManualClock();
    const { disk, checkpoints } = countingDisk(clock);
    const { page } = await half(universe, {}, { uploadSlots: 1, clock, checkpoints });
    const uploads = Array.from({ length: count }, (_, n) =>
      page.uploader.upload(picked(file(`${n}.bin`)), { key: `many/${n}` }),
    );
    for (const { finished } of uploads) finished.catch(() => undefined);
    await turns(page, 400);

    await page.live(act(uploads, page));
    await page.kill();
    const offered = (await listed(open(universe))).filter((entry) => entry.key !== key);

    expect(disk.most).toBe(1);
    expect(offered).toHaveLength(noted);
    expect(offered.filter((entry) => entry.paused)).toHaveLength(paused);
  });
});

test("a file that is sent while others are noted does not wait for their turns", async () => {
  const clock = new ManualClock();
  const slowDisk: PageOptions["checkpoints"] = (disk) => ({
    ...disk,
    begin: async (id, head) => {
      await clock.sleep(1_000, new AbortController().signal);
      await disk.begin(id, head);
    },
  });
  const files = Array.from({ length: 200 }, (_, n) => picked(file(`${n}.bin`)));
  const { page, release, upload } = await queued(files, { clock, checkpoints: slowDisk });
  release();
  const began = page.clock.elapsed();
  await page.live(upload.finished);

  expect(page.clock.elapsed() - began).toBeLessThan(10_000);
});
