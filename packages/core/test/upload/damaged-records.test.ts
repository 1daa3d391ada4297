/** Checkpoint records that a disk has damaged, or that a later version wrote. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import type { Universe } from "../world/page.js";
import { bytes, deadHalfway, half, key, onlyId, open, resumed, stored, tenParts, when } from "../world/scene.js";

async function rewriteHead(universe: Universe, rewrite: (record: Record<string, unknown>) => unknown) {
  const id = await onlyId(universe);
  const saved = await universe.disk.checkpoints.load(id);
  await universe.disk.checkpoints.updateHead(id, rewrite(saved?.head as Record<string, unknown>));
}

describe("a record that is damaged", () => {
  const damages: readonly (readonly [string, (record: Record<string, unknown>) => unknown])[] = [
    ["changed", (record) => ({ ...record, plain: { ...(record.plain as object), partSize: 11, size: 11 } })],
    ["truncated", (record) => ({ plain: record.plain })],
    ["of another kind", () => "rubbish"],
    ["null", () => null],
  ];

  test.each(damages)("when it is the head (%s) means starting over, and the object is right", async (what, damage) => {
    const universe = await deadHalfway();
    await rewriteHead(universe, damage);

    await resumed(universe);

    const isReadable = ["changed", "truncated"].includes(what);
    expect(universe.server.count("AbortMultipartUpload")).toBe(isReadable ? 1 : 0);
    expect(universe.server.uploads.size).toBe(isReadable ? 0 : 1);
    expect(universe.server.count("UploadPart")).toBe(14);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test.each(damages)(
    "when it is that of a part (%s) means that this part is looked at again",
    async (_what, damage) => {
      const universe = await deadHalfway();
      universe.server.permissions.list = false;
      const id = await onlyId(universe);
      const saved = await universe.disk.checkpoints.load(id);
      await universe.disk.checkpoints.addPart(id, 3, damage(saved?.parts[2] as Record<string, unknown>));

      await resumed(universe);

      expect(universe.server.count("UploadPart")).toBe(11);
      expect(universe.server.count("UploadPart", 3)).toBe(2);
      expect(stored(universe)).toEqual(bytes);
    },
  );

  test("is not offered as pending when it is the head", async () => {
    const universe = await deadHalfway();
    await universe.disk.checkpoints.updateHead(await onlyId(universe), { plain: {} });
    const page = open(universe);

    expect(await page.live(page.uploader.pending())).toEqual([]);
  });

  test("whose upload id the store refuses to abort does not hold the upload up", async () => {
    const universe = await deadHalfway();
    await rewriteHead(universe, ({ plain }) => ({ plain: { ...(plain as object), uploadId: "of none" } }));
    const refused = new UploadError("rejected", "no such thing", { status: 400 });
    const page = open(universe, { store: (store) => ({ ...store, abort: () => Promise.reject(refused) }) });

    await page.live(page.uploader.upload(tenParts(), { key }).finished);

    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});

describe("a head that a later version of the library wrote", () => {
  const later = (record: Record<string, unknown>) => ({
    ...record,
    plain: { ...(record.plain as object), version: 99 },
  });
  /** It was left halfway by a page with a later version; its record, as it is to stay. */
  async function leftByLater() {
    const universe = await deadHalfway();
    await rewriteHead(universe, later);
    const [record] = await universe.disk.checkpoints.list();
    return { universe, record };
  }
  const listed = async (universe: Universe) => {
    const page = open(universe);
    const pending = await page.live(page.uploader.pending());
    if (pending === "dead") throw new Error("The page died");
    return { page, pending };
  };

  test("stays as it is while this version sends the file with a record of its own, and so does its upload", async () => {
    const { universe, record } = await leftByLater();

    await resumed(universe);

    expect(stored(universe)).toEqual(bytes);
    expect(universe.server.count("UploadPart")).toBe(14);
    expect(universe.server.count("AbortMultipartUpload")).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([record]);
  });

  test.each<[string, (universe: Universe) => Promise<unknown>]>([
    ["upload()", (universe) => resumed(universe)],
    [
      "pending()",
      async (universe) => {
        const { page, pending } = await listed(universe);
        expect(pending).toMatchObject([{ key, storedBytes: 40, active: false }]);
        const upload = await page.live(pending[0]?.resume(tenParts()) ?? Promise.reject());
        if (upload !== "dead") await page.live(upload.finished);
      },
    ],
  ])("hides nothing of this version's own record from %s of a later page", async (_how, goOn) => {
    const { universe, record } = await leftByLater();
    const { page } = await half(universe);
    await page.kill();

    await goOn(universe);

    expect(universe.server.count("UploadPart")).toBe(4 + 10);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([record]);
  });

  test("shares its lock with this version's own record: another page waits, and says that it is being sent", async () => {
    const { universe } = await leftByLater();
    const { page: sender, upload: sent, release } = await half(universe);
    const { page, pending } = await listed(universe);
    const waiting = page.uploader.upload(tenParts(), { key });
    await page.live(when(waiting, (state) => state.waiting?.reason === "other-tab"));

    release();
    await sender.live(sent.finished);
    const result = await page.live(waiting.finished);

    expect(universe.locks.heldNames).toEqual([]);
    expect(pending).toMatchObject([{ key, active: true }]);
    expect(result).toMatchObject({ alreadyStored: true, sentBytes: 0 });
  });

  test.each<[string, (universe: Universe) => Promise<unknown>]>([
    [
      "is under way",
      async (universe) => {
        const { page, upload } = await half(universe);
        await page.live(upload.cancel().then(() => page.uploader.close()));
      },
    ],
    [
      "was left by an earlier page",
      async (universe) => {
        const { page: earlier } = await half(universe);
        await earlier.kill();
        const page = open(universe);
        await page.live(page.uploader.upload(tenParts(), { key }).cancel());
        await page.live(page.uploader.close());
      },
    ],
  ])("is not touched by a cancel of this version's own upload, which %s", async (_which, cancel) => {
    const { universe, record } = await leftByLater();

    await cancel(universe);

    expect(universe.server.count("AbortMultipartUpload")).toBeGreaterThan(0);
    expect(universe.server.uploads.size).toBe(1);
    expect(await universe.disk.checkpoints.list()).toEqual([record]);
  });
});
