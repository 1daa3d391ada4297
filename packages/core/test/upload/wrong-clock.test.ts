/** What a clock that was years behind or ahead has written is neither expired at once nor kept for ever. */
import { describe, expect, test } from "vitest";
import { ManualClock } from "../doubles/manual-clock.js";
import { Universe } from "../world/page.js";
import { half, open } from "../world/scene.js";

const dayMs = 86_400_000;
const heads = async (universe: Universe) => (await universe.disk.checkpoints.list()).map(({ head }) => head);

describe("a checkpoint that was written by a clock that was wrong", () => {
  const expireAfterMs = 7 * dayMs;
  const today = Date.UTC(2026, 0, 1);
  async function leftBy(epoch: number) {
    const universe = new Universe();
    const { page } = await half(universe, {}, { clock: new ManualClock(epoch) });
    await page.kill();
    return universe;
  }
  async function offeredOn(universe: Universe, epoch: number) {
    const page = open(universe, { clock: new ManualClock(epoch), settings: { expireAfterMs } });
    const offered = await page.live(page.uploader.pending());
    await page.live(page.uploader.close());
    if (offered === "dead") throw new Error("The page died");
    return offered.map(({ createdAt, updatedAt, storedBytes }) => ({ createdAt, updatedAt, storedBytes }));
  }
  const found = { createdAt: today, updatedAt: today, storedBytes: 40 };

  test.each<[string, number]>([
    ["at the epoch", 0],
    ["nine years behind", Date.UTC(2017, 0, 1)],
    ["two days ahead", today + 2 * dayMs],
    ["nine years ahead", Date.UTC(2035, 0, 1)],
  ])("(%s) is dated when it is found, and expires from then on", async (_which, epoch) => {
    const universe = await leftBy(epoch);

    const atFirst = await offeredOn(universe, today);
    const later = await offeredOn(universe, today + 6 * dayMs);
    const afterwards = await offeredOn(universe, today + 10 * dayMs);

    expect(atFirst).toEqual([found]);
    expect(later).toMatchObject([{ createdAt: today, storedBytes: 40 }]);
    expect(afterwards).toEqual([]);
    expect(await heads(universe)).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
  });

  test.each<[string, number, number]>([
    ["of an hour ahead", today + dayMs / 24, 1],
    ["of six days ago", today - 6 * dayMs, 1],
    ["of eight days ago", today - 8 * dayMs, 0],
    ["of a year ago", today - 365 * dayMs, 0],
  ])("is told from one whose date may be right: one %s stays as it is dated", async (_which, epoch, count) => {
    const universe = await leftBy(epoch);

    const offered = await offeredOn(universe, today);

    expect(offered).toHaveLength(count);
    expect(offered.every(({ createdAt }) => createdAt === epoch)).toBe(true);
  });

  test("is found by a page whose clock is wrong, and then by one whose clock is right: both offer it", async () => {
    const universe = await leftBy(today);

    const byWrongClock = await offeredOn(universe, 0);
    const byRightClock = await offeredOn(universe, today);

    expect(byWrongClock).toHaveLength(1);
    expect(byRightClock).toMatchObject([{ updatedAt: today, storedBytes: 40 }]);
  });

  test("is left as it is while another page sends it", async () => {
    const universe = new Universe();
    await half(universe, {}, { clock: new ManualClock(0) });
    const before = await heads(universe);

    const offered = await offeredOn(universe, today);

    expect(offered).toEqual([found]);
    expect(await heads(universe)).toEqual(before);
  });
});
