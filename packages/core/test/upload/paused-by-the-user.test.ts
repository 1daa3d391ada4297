/** A later page is told what the user had paused, so that it does not go on with that by itself. */
import { expect, test } from "vitest";
import type { sealHead } from "../../src/checkpoint/records.js";
import { crc64 } from "../../src/crc64-ecma.js";
import type { CallOptions, ObjectStore } from "../../src/store/object-store.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, deadHalfway, half, key, onlyId, open, partsStored, stored, tenParts, when } from "../world/scene.js";

type Story = Awaited<ReturnType<typeof half>>;

async function pausedOf(universe: Universe): Promise<readonly boolean[]> {
  const page = open(universe);
  const pending = await page.live(page.uploader.pending());
  if (pending === "dead") throw new Error("The page died");
  return pending.map(({ paused }) => paused);
}

/** A request that never moves. */
const held = ({ signal }: CallOptions) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

const heldAtPart7 = (store: ObjectStore): ObjectStore => ({
  ...store,
  putPart: (...call) => (call[1] === 7 ? held(call[4]) : store.putPart(...call)),
});

const leave = async (page: Page) => {
  page.life.leave();
  await page.live(new Promise((resolve) => setImmediate(resolve)));
};

test.each<[string, (story: Story) => Promise<unknown>, boolean]>([
  ["paused by the user", ({ page, upload }) => page.live(upload.pause()), true],
  [
    "paused by the user, and closed",
    async ({ page, upload }) => {
      await page.live(upload.pause());
      await page.live(page.uploader.close());
    },
    true,
  ],
  ["closed", ({ page }) => page.live(page.uploader.close()), false],
  ["left", ({ page }) => leave(page), false],
  ["killed", ({ page }) => page.kill(), false],
  [
    "resumed after a pause",
    async ({ page, upload }) => {
      await page.live(upload.pause());
      upload.resume();
      await page.live(when(upload, partsStored(6)));
    },
    false,
  ],
  [
    "resumed while it was pausing",
    async ({ page, upload }) => {
      const paused = upload.pause();
      upload.resume();
      await page.live(paused);
      await page.live(when(upload, partsStored(6)));
    },
    false,
  ],
])("an upload that was %s says so to a later page", async (_how, end, paused) => {
  const universe = new Universe();
  const story = await half(universe, {}, { store: heldAtPart7 });
  story.upload.finished.catch(() => undefined);

  await end(story);
  await story.page.kill();

  expect(await pausedOf(universe)).toEqual([paused]);
});

test("an upload of an earlier page that is paused while it is looked at stays paused for the next page", async () => {
  const universe = await deadHalfway();
  const page = open(universe, { store: (store) => ({ ...store, listParts: (_upload, options) => held(options) }) });
  const [entry] = (await page.live(page.uploader.pending())) as Exclude<
    Awaited<ReturnType<Page["uploader"]["pending"]>>,
    "dead"
  >;
  const upload = await page.live(entry?.resume(tenParts()) ?? Promise.reject());
  if (upload === "dead") throw new Error("The page died");

  await page.live(upload.pause());
  await page.kill();

  expect(upload.state).toMatchObject({ phase: "paused", progress: { storedBytes: 0 } });
  expect(await pausedOf(universe)).toEqual([true]);
});

test("an upload that the user had paused goes on by resume() of a later page, and is paused no more", async () => {
  const universe = new Universe();
  const { page: first, upload: paused } = await half(universe);
  await first.live(paused.pause());
  await first.kill();

  const { page, upload, release } = await half(universe);
  await page.live(when(upload, partsStored(4)));
  const meanwhile = await pausedOf(universe);
  release();
  await page.live(upload.finished);

  expect(meanwhile).toEqual([false]);
  expect(stored(universe)).toEqual(bytes);
});

test("a pause of an upload that another tab goes on with does not say that it is paused", async () => {
  const universe = new Universe();
  const { page: first, upload: paused } = await half(universe);
  const second = open(universe);
  const upload = second.uploader.upload(tenParts(), { key });
  await second.live(when(upload, (state) => state.waiting?.reason === "other-tab"));

  await first.live(paused.pause());
  await second.live(upload.finished);

  expect(stored(universe)).toEqual(bytes);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});

test("a record of the version that did not say what was paused goes on, and was not paused", async () => {
  const universe = await deadHalfway();
  const id = await onlyId(universe);
  const { head } = (await universe.disk.checkpoints.load(id)) as { head: ReturnType<typeof sealHead> };
  const { paused: _, ...rest } = (head as { plain: Record<string, unknown> }).plain;
  const plain = { ...rest, version: 2 };
  const seal = crc64(new TextEncoder().encode(JSON.stringify(plain))).toString(16);
  await universe.disk.checkpoints.updateHead(id, { plain, seal });

  expect(await pausedOf(universe)).toEqual([false]);
});
