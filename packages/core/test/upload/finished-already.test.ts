/** An upload that was finished although no page heard of it, and objects that only look as if it had made them. */
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../../src/api/upload.js";
import { deferred } from "../../src/upload/deferred.js";
import { Universe } from "../world/page.js";
import { bytes, deadHalfway, key, open, resumed, tenParts } from "../world/scene.js";

describe("an upload that was completed although no page heard of it", () => {
  test.each<[string, Partial<UploadOptions>, boolean]>([
    ["the same options", {}, true],
    ["another ACL", { acl: "public-read" }, false],
    ["a callback", { callback: { url: "https://app.example/done", body: "key=1" } }, false],
  ])(
    "is asked for again with %s: it is recognised only if that is what was asked for before",
    async (_what, now, alreadyStored) => {
      const universe = new Universe();
      const completed = deferred<void>();
      const page = open(universe, {
        store: (store) => ({
          ...store,
          complete: async (...call) => {
            await store.complete(...call);
            completed.resolve();
            return await new Promise<never>(() => undefined);
          },
        }),
      });
      page.uploader.upload(tenParts(), { key });
      await page.live(completed.promise);
      await page.kill();

      const result = await resumed(universe, now);

      expect(result).toMatchObject({ alreadyStored, verified: "crc64" });
      expect(universe.server.count("CompleteMultipartUpload")).toBe(alreadyStored ? 1 : 2);
    },
  );

  test("is recognised, and nothing is sent", async () => {
    const universe = new Universe();
    const page = open(universe, { death: { at: 25, when: "after", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    const lastAct = universe.log.at(-1);

    const result = await resumed(universe);

    expect(lastAct).toBe("complete");
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", sentBytes: 0 });
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});

test("an upload that is begun anew with other options, and finds the very object, leaves no checkpoint of the old one", async () => {
  const universe = await deadHalfway();
  universe.server.putObject({ key, metadata: { a: "b" } }, bytes);

  const result = await resumed(universe, { metadata: { a: "b" }, ifExists: "skip-identical" });

  expect(result).toMatchObject({ alreadyStored: true, sentBytes: 0 });
  expect(universe.server.uploads.size).toBe(0);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});

describe("an upload whose id is gone, and an object of the same bytes at the key", () => {
  async function goneOverTwin(showsDate: boolean, completeSent: boolean) {
    const universe = new Universe();
    universe.server.shows.date = showsDate;
    universe.server.putObject({ key }, bytes);
    const at = completeSent ? 25 : 24;
    const page = open(universe, { death: { at, when: "before", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    universe.server.uploads.clear();
    return await resumed(universe);
  }

  test.each([
    ["Complete was never sent", true, false],
    ["the mark was written, and the object is older than it", true, true],
    ["the page may not read the store's time", false, true],
  ])("begins anew where %s", async (_why, showsDate, completeSent) => {
    const result = await goneOverTwin(showsDate, completeSent);

    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64", sentBytes: 95 });
  });

  test("that its own Complete has made is not recognised either where the page may not read the store's time", async () => {
    const universe = new Universe();
    universe.server.shows.date = false;
    const page = open(universe, { death: { at: 25, when: "after", requests: "lost", loseLastWrite: false } });
    await page.live(page.uploader.upload(tenParts(), { key }).finished);
    const lastAct = universe.log.at(-1);

    const result = await resumed(universe);

    expect(lastAct).toBe("complete");
    expect(result).toMatchObject({ alreadyStored: false, verified: "crc64" });
  });
});
