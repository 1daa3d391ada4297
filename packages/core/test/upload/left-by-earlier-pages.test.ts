/** What `pending()` offers of uploads that earlier pages have left, and what becomes of it. */
import { describe, expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { forgiving } from "../../src/checkpoint/forgiving.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, deadHalfway, half, key, open, tenParts } from "../world/scene.js";

describe("pending", () => {
  const listed = async (page: Page) => {
    const pending = await page.live(page.uploader.pending());
    if (pending === "dead") throw new Error("The page died");
    return pending;
  };

  test("lists what an earlier page left, with what the app said of it", async () => {
    const universe = await deadHalfway({ appData: { album: 7 } });

    const [entry, ...others] = await listed(open(universe));

    expect(others).toEqual([]);
    expect(entry).toMatchObject({ key, storedBytes: 40, needs: "file", active: false, appData: { album: 7 } });
    expect(entry?.file).toMatchObject({ name: "file.bin", size: 95 });
  });

  test.each<[string, () => Promise<Universe>, number]>([
    ["warms a worker when there is a file to recognise", () => deadHalfway({}), 1],
    ["starts no worker when there is none", async () => new Universe(), 0],
  ])("%s", async (_what, make, expected) => {
    let warmed = 0;
    const page = open(await make(), { workers: (workers) => ({ ...workers, warm: () => (warmed += 1) }) });

    await listed(page);

    expect(warmed).toBe(expected);
  });

  test.each<[string, (upload: Upload) => Promise<unknown>]>([
    ["completed", (upload) => upload.finished],
    ["cancelled", (upload) => upload.cancel()],
  ])("lists what another page left, although this one has %s the same file", async (_what, end) => {
    const universe = new Universe();
    const page = open(universe);
    await page.live(end(page.uploader.upload(tenParts(), { key })));
    const { page: other } = await half(universe);
    await other.kill();

    const [entry, ...others] = await listed(page);

    expect(others).toEqual([]);
    expect(entry).toMatchObject({ key, storedBytes: 40, active: false });
  });

  test("resumes with the file, picked again", async () => {
    const universe = await deadHalfway({ metadata: { owner: "me" } });
    const page = open(universe);
    const [entry] = await listed(page);

    const upload = await page.live((entry as NonNullable<typeof entry>).resume(new MemoryFile(bytes, "other name")));
    if (upload === "dead") throw new Error("The page died");
    await page.live(upload.finished);

    expect(universe.server.count("UploadPart")).toBe(10);
    expect(universe.server.objects.get(key)?.target.metadata).toEqual({ owner: "me" });
    expect(await listed(page)).toEqual([]);
  });

  test.each([
    ["of another size", seededBytes(96, 3)],
    ["of another content", seededBytes(95, 4)],
  ])("refuses a file %s and keeps the checkpoint", async (_what, other) => {
    const universe = await deadHalfway();
    const page = open(universe);
    const [entry] = await listed(page);

    const refusal = page.live((entry as NonNullable<typeof entry>).resume(new MemoryFile(other)));

    await expect(refusal).rejects.toMatchObject({ code: "file-changed" });
    expect(await universe.disk.checkpoints.list()).toHaveLength(1);
  });

  test("is locked while another page sends it, for resume and for discard", async () => {
    const universe = new Universe();
    await half(universe);
    const page = open(universe);
    const [entry] = await listed(page);

    expect(entry?.active).toBe(true);
    await expect(page.live(entry?.resume(tenParts()) ?? Promise.reject())).rejects.toMatchObject({ code: "locked" });
    await expect(page.live(entry?.discard() ?? Promise.reject())).rejects.toMatchObject({ code: "locked" });
    expect(universe.server.uploads.size).toBe(1);
  });

  test("discards in the store first, then here", async () => {
    const universe = await deadHalfway();
    const page = open(universe);
    const [entry] = await listed(page);
    universe.log.length = 0;

    await page.live((entry as NonNullable<typeof entry>).discard());
    const marked = [...universe.log];
    await page.live(page.uploader.close());

    expect(marked.slice(0, 2)).toEqual(["load", "updateHead"]);
    expect(universe.log).toEqual(["load", "updateHead", "abort", "load", "remove"]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await listed(page)).toEqual([]);
  });

  test("offers expired ones no more, and aborts them in the store", async () => {
    const universe = await deadHalfway();
    const page = open(universe, { settings: { expireAfterMs: 1000 } });
    page.clock.advance(60_000);

    const offered = await listed(page);
    await page.live(new Promise((resolve) => setImmediate(resolve)));

    expect(offered).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  describe("of which one has a handle whose permission cannot be asked for", () => {
    /** A page that finds, beside another upload, one with a handle of which one method throws. */
    async function leftWith(method: "queryPermission" | "requestPermission") {
      const universe = await deadHalfway();
      const { page } = await half(universe, { key: "handle.bin" });
      await page.kill();
      const ask = async () => "prompt";
      const refuse = async () => {
        throw new DOMException("not in this context", "NotAllowedError");
      };
      const handle = { name: "film.bin", queryPermission: ask, requestPermission: ask, [method]: refuse };
      const isIts = (head: unknown) => JSON.stringify(head).includes("handle.bin");
      return open(universe, {
        checkpoints: (inside) => ({
          ...inside,
          load: async (id) => {
            const saved = await inside.load(id);
            return saved && isIts(saved.head) ? { ...saved, head: { ...(saved.head as object), handle } } : saved;
          },
        }),
      });
    }

    test("offers all: for that one the file has to be picked", async () => {
      const page = await leftWith("queryPermission");

      const offered = await listed(page);

      const needs = Object.fromEntries(offered.map((entry) => [entry.key, entry.needs]));
      expect(needs).toEqual({ [key]: "file", "handle.bin": "file" });
    });

    test("says what to do where it is to be resumed all the same", async () => {
      const page = await leftWith("requestPermission");
      const entry = (await listed(page)).find((each) => each.key === "handle.bin");

      const refusal = page.live(entry?.resume() ?? Promise.reject());

      expect(entry?.needs).toBe("permission");
      await expect(refusal).rejects.toMatchObject({ code: "file-unreadable" });
    });
  });

  test("writes nothing of an upload that another tab completes while it looks", async () => {
    const universe = new Universe();
    let completes: () => Promise<unknown> = async () => undefined;
    const { page, upload } = await half(
      universe,
      {},
      {
        checkpoints: (disk) =>
          forgiving(
            {
              ...disk,
              list: async () => {
                const listed = await disk.list();
                await completes();
                return listed;
              },
            },
            () => undefined,
          ),
      },
    );
    await page.live(upload.pause());
    const other = open(universe);
    completes = () => other.live(other.uploader.upload(tenParts(), { key }).finished);

    await listed(page);

    expect(await universe.disk.checkpoints.list()).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
  });

  test("does not show one user's uploads to another", async () => {
    const universe = await deadHalfway();

    expect(await listed(open(universe, { settings: { scope: "somebody else" } }))).toEqual([]);
  });
});
