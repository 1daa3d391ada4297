/** On a line that crawls the parts of "auto" are cut smaller, while nothing of them is stored. */
import { describe, expect, test } from "vitest";
import type { CallOptions, ObjectStore } from "../../src/store/object-store.js";
import { KiB, MiB } from "../../src/upload/plan.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Page, type PageOptions, Universe } from "../world/page.js";

const key = "a/b.bin";

/** A line on which every connection carries so much, in steps of half a second. The store hears of a body when it is whole. */
function slowly(page: () => Page, bytesPerSecond: number) {
  const crawl = async (bytes: number, { signal, onSent }: CallOptions) => {
    for (let sent = 0; sent < bytes; ) {
      await page().clock.sleep(500, signal);
      sent = Math.min(bytes, sent + bytesPerSecond / 2);
      onSent?.(sent);
    }
  };
  return (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (upload, number, slice, digest, options) => {
      options.onSent?.(0);
      await crawl(slice.size, options);
      return await store.putPart(upload, number, slice, digest, options);
    },
    putObject: async (target, body, digest, options) => {
      options.onSent?.(0);
      await crawl(body.size, options);
      return await store.putObject(target, body, digest, options);
    },
  });
}

function pageOn(
  universe: Universe,
  bytesPerSecond: number,
  settings: PageOptions["settings"] = {},
  death: PageOptions["death"] = undefined,
): Page {
  const page: Page = new Page(universe, {
    partSize: 0,
    lanes: 2,
    death,
    settings: { partSize: "auto", singlePutBelow: undefined, ...settings },
    store: slowly(() => page, bytesPerSecond),
  });
  return page;
}

async function uploaded(page: Page, size: number) {
  const file = new MemoryFile(seededBytes(size, 5));
  await page.live(page.uploader.upload(file, { key }).finished);
  return file;
}

async function storedWhole(universe: Universe, file: MemoryFile): Promise<boolean> {
  const bytes = universe.server.objects.get(key)?.bytes ?? new Uint8Array();
  return Buffer.compare(bytes, Buffer.from(await file.arrayBuffer())) === 0;
}

describe("on a line that crawls", () => {
  test("a file of many parts is cut smaller, once, under the same upload id, and no part is stored twice", async () => {
    const universe = new Universe();

    const file = await uploaded(pageOn(universe, 100 * KiB), 24 * MiB);

    const { server } = universe;
    expect(server.count("InitiateMultipartUpload")).toBe(1);
    expect(server.count("UploadPart")).toBe(Math.ceil((24 * MiB) / (512 * KiB)));
    expect(await storedWhole(universe, file)).toBe(true);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test("a file that fits one request becomes one of several parts", async () => {
    const universe = new Universe();

    const file = await uploaded(pageOn(universe, 100 * KiB), 5 * MiB);

    expect(universe.server.count("PutObject")).toBe(0);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(await storedWhole(universe, file)).toBe(true);
  });

  test("the next file of the page is cut small from the beginning", async () => {
    const universe = new Universe();
    const page = pageOn(universe, 100 * KiB);
    await uploaded(page, 5 * MiB);
    universe.server.calls.length = 0;
    const began = page.clock.elapsed();

    await uploaded(page, 3 * MiB);

    expect(universe.server.count("UploadPart")).toBeGreaterThanOrEqual(3);
    // 3 MiB on two lanes of 100 KiB/s, and nothing that was begun in vain.
    expect(page.clock.elapsed() - began).toBeLessThan(17_000);
  });

  test("a page that comes after goes on with the small parts", async () => {
    const universe = new Universe();
    const file = new MemoryFile(seededBytes(24 * MiB, 5));
    const first = pageOn(universe, 100 * KiB);
    const upload = first.uploader.upload(file, { key });
    await first.live(
      new Promise<void>((resolve) => {
        upload.subscribe(({ progress }) => {
          if (progress.parts.stored >= 10) resolve();
        });
      }),
    );
    await first.kill();

    const second = pageOn(universe, 100 * KiB);
    await second.live(second.uploader.upload(file, { key }).finished);

    expect(universe.server.count("InitiateMultipartUpload")).toBe(1);
    expect(await storedWhole(universe, file)).toBe(true);
  });

  test.each(["before", "underway", "after"] as const)(
    "a page that dies %s the new cut is written harms nothing",
    async (at) => {
      const universe = new Universe();
      const file = new MemoryFile(seededBytes(20 * MiB, 5));
      const death = { at: 4, when: at, requests: "late", loseLastWrite: true } as const;
      const first = pageOn(universe, 100 * KiB, {}, death);
      await first.live(first.uploader.upload(file, { key }).finished);
      const interactions = universe.log.join(", ");

      const second = pageOn(universe, 100 * KiB);
      await second.live(second.uploader.upload(file, { key }).finished);

      expect(first.dead).toBe(true);
      expect(interactions).toBe(at === "after" ? "load, initiate, begin, updateHead" : "load, initiate, begin");
      expect(await storedWhole(universe, file)).toBe(true);
      expect(await universe.disk.checkpoints.list()).toEqual([]);
    },
  );

  test("nothing is cut where the app has chosen the size", async () => {
    const universe = new Universe();

    await uploaded(pageOn(universe, 100 * KiB, { partSize: 4 * MiB }), 8 * MiB);

    expect(universe.server.count("UploadPart")).toBe(2);
  });
});

test("on a line that is merely not fast nothing is cut smaller", async () => {
  const universe = new Universe();

  await uploaded(pageOn(universe, 2 * MiB), 24 * MiB);

  expect(universe.server.count("UploadPart")).toBe(6);
});
