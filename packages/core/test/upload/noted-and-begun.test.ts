/** A file that an earlier page has begun, and that was queued and noted once more since: it is offered once, with what both know. */
import { describe, expect, test } from "vitest";
import type { UploadSource } from "../../src/api/upload.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { handleTo, picked } from "../doubles/memory-handle.js";
import type { Page } from "../world/page.js";
import { alive, file, listed, only, queued, turns } from "../world/queue.js";
import { bytes, deadHalfway, key, open } from "../world/scene.js";

const again = () => new MemoryFile(bytes);

describe("a file that has begun without a handle, and is queued once more with one", () => {
  async function noted(act: (page: Page, upload: Awaited<ReturnType<typeof queued>>["upload"]) => Promise<unknown>) {
    const universe = await deadHalfway();
    const { page, upload } = await queued([picked(again())], {}, universe);
    page.clock.advance(1_000);
    await act(page, upload);
    return { universe, page };
  }

  test.each<[string, boolean]>([
    ["is paused", true],
    ["dies with its page", false],
  ])("and %s is offered once, with the handle, paused or not", async (_what, paused) => {
    const { universe, page } = await noted(async (own, upload) => {
      if (paused) await own.live(upload.pause());
    });
    await page.kill();
    const next = open(universe);

    const entry = only(await listed(next));
    const upload = await alive(next, entry.resume());
    await next.live(upload.finished);

    expect(entry).toMatchObject({ paused, active: false, needs: "nothing", storedBytes: 40 });
    expect(await listed(next)).toEqual([]);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test("is active, and nobody else's, while that page lives", async () => {
    const { universe } = await noted(async () => undefined);
    const other = open(universe);

    const entry = only(await listed(other));

    expect(entry.active).toBe(true);
    await expect(other.live(entry.resume())).rejects.toMatchObject({ code: "locked" });
    await expect(other.live(entry.discard())).rejects.toMatchObject({ code: "locked" });
    expect(only(await listed(other)).storedBytes).toBe(40);
  });
});

describe.each<[string, () => UploadSource]>([
  ["picked again", () => picked(file())],
  ["dropped again as a bare handle", () => handleTo(file())],
])("a file that an earlier page has left, %s", (_how, source) => {
  test.each<[string, () => Promise<Awaited<ReturnType<typeof deadHalfway>>>]>([
    [
      "noted",
      async () => {
        const { universe, page } = await queued([picked(file())]);
        await page.kill();
        return universe;
      },
    ],
    ["begun", deadHalfway],
  ])("is not offered to the page that has it, when it was %s", async (_what, left) => {
    const universe = await left();
    const { page } = await queued([], {}, universe);
    const upload = page.uploader.upload(source(), { key });

    const whileQueued = page.uploader.pending();
    await page.live(upload.pause());
    const afterwards = await listed(page);
    await turns(page);

    expect(await alive(page, whileQueued)).toEqual([]);
    expect(afterwards).toEqual([]);
    expect(await listed(page)).toEqual([]);
  });
});
