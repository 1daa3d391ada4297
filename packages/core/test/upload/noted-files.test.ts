/** What becomes of the note of a queued file: it goes with its upload, and stays where that may go on. */
import { describe, expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { UploadError, type UploadErrorCode } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { picked } from "../doubles/memory-handle.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import {
  alive,
  blocked,
  blocker,
  deadWhileQueued,
  file,
  listed,
  only,
  queued,
  records,
  turns,
} from "../world/queue.js";
import { bytes, key, open, stored, when } from "../world/scene.js";

const inOnePut: Partial<PageOptions> = { settings: { singlePutBelow: 1_000 } };
const isQueued = { phase: "queued" };

describe("a queued file that was noted", () => {
  const entries: readonly [string, Partial<PageOptions>][] = [
    ["in parts", {}],
    ["in one request", inOnePut],
  ];

  test.each(entries)("and then completes %s leaves nothing", async (_how, options) => {
    const { universe, page, release, upload } = await queued([picked(file())], options);
    const before = await records(universe);

    release();
    await page.live(upload.finished);
    await page.live(page.uploader.close());

    expect(before).toBe(1);
    expect(stored(universe)).toEqual(bytes);
    expect(await records(universe)).toBe(0);
    expect(universe.locks.heldNames).toEqual([]);
  });

  test.each<[string, (upload: Upload, page: Page) => Promise<unknown>, { paused: boolean } | undefined]>([
    ["is cancelled", (upload) => upload.cancel(), undefined],
    [
      "is paused, and cancelled then",
      async (upload) => {
        await upload.pause();
        await upload.cancel();
      },
      undefined,
    ],
    ["is paused", (upload) => upload.pause(), { paused: true }],
    [
      "is paused and goes on",
      async (upload, page) => {
        await upload.pause();
        upload.resume();
        await page.clock.sleep(500, new AbortController().signal);
      },
      { paused: false },
    ],
    ["is stopped by close()", (_upload, page) => page.uploader.close(), { paused: false }],
    ["is killed with its page", async () => undefined, { paused: false }],
  ])("and %s is offered as it should be", async (_what, act, expected) => {
    const { universe, page, upload } = await queued([picked(file())]);
    expect(upload.state).toMatchObject(isQueued);

    await page.live(act(upload, page));
    await page.kill();
    const offered = await listed(open(universe));

    expect(offered.map(({ paused, active }) => ({ paused, active }))).toEqual(
      expected === undefined ? [] : [{ ...expected, active: false }],
    );
  });

  test("is noted by a pause that comes at once", async () => {
    const universe = new Universe();
    const page = open(universe, { uploadSlots: 1, store: blocked().store });
    page.uploader.upload(file("blocker"), { key: blocker });
    const upload = page.uploader.upload(picked(file()), { key });
    await turns(page, 50);

    await page.live(upload.pause());
    await page.kill();

    expect(only(await listed(open(universe))).paused).toBe(true);
  });

  test("is another tab's while that page lives, and not offered on its own", async () => {
    const { universe, page, upload } = await queued([picked(file())]);
    const other = open(universe);

    const own = await listed(page);
    const entry = only(await listed(other));

    expect(own).toEqual([]);
    expect(entry.active).toBe(true);
    await expect(other.live(entry.resume())).rejects.toMatchObject({ code: "locked" });
    await expect(other.live(entry.discard())).rejects.toMatchObject({ code: "locked" });
    expect(upload.state).toMatchObject(isQueued);
  });

  test("is not offered on its own page while it is paused there", async () => {
    const { page, upload } = await queued([picked(file())]);

    await page.live(upload.pause());

    expect(await listed(page)).toEqual([]);
  });

  test("gives one upload, however often it is resumed", async () => {
    const universe = await deadWhileQueued();
    const page = open(universe);
    const entry = only(await listed(page));

    const [first, second] = await alive(page, Promise.all([entry.resume(), entry.resume()]));
    await page.live(first.finished);
    const late = await alive(page, entry.resume());
    const result = await alive(page, late.finished);

    expect(second).toBe(first);
    expect(result).toMatchObject({ alreadyStored: true, sentBytes: 0 });
    expect(universe.server.count("InitiateMultipartUpload")).toBe(1);
  });

  test.each(entries)(
    "in a page in the cache, and then completed by another page %s, is not sent again when that page comes back",
    async (_how, options) => {
      const { universe, page, release, upload } = await queued([picked(file())], options);
      page.life.leave();
      await page.live(when(upload, ({ phase }) => phase === "paused"));
      const next = open(universe, options);
      await next.live((await alive(next, only(await listed(next)).resume())).finished);
      const before = universe.server.objects.get(key)?.versionId;

      release();
      page.life.comeBack();
      const result = await alive(page, upload.finished);

      expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
      expect(universe.server.objects.get(key)?.versionId).toBe(before);
      expect(await records(universe)).toBe(0);
    },
  );

  test.each<[UploadErrorCode, number]>([
    ["forbidden", 1],
    ["network", 1],
    ["callback-failed", 0],
  ])("that fails as %s is offered %i times", async (code, times) => {
    const failing = (store: ObjectStore): ObjectStore => ({
      ...store,
      initiate: async (target, options) => {
        if (target.key === key) throw new UploadError(code, "no");
        return await store.initiate(target, options);
      },
    });
    const { universe, page, release, upload } = await queued([picked(file())], { store: failing });

    release();
    await expect(page.live(upload.finished)).rejects.toMatchObject({ code });
    await page.kill();

    expect(await listed(open(universe))).toHaveLength(times);
  });
});
