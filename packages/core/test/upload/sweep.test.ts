/** The next page that lists pending uploads removes damaged, cancelled and expired ones. Law: the checkpoint outlives what it points at. */

import { describe, expect, test } from "vitest";
import { sealPart } from "../../src/checkpoint/records.js";
import { crc64 } from "../../src/crc64-ecma.js";
import { UploadError } from "../../src/errors.js";
import type { ETag, UploadId } from "../../src/store/object-store.js";
import { type Page, Universe } from "../world/page.js";
import { half, open } from "../world/scene.js";

const dayMs = 86_400_000;

interface PlainHead {
  readonly plain: { readonly target: object; readonly uploadId: string } & Record<string, unknown>;
  readonly seal: string;
}

/** A universe in which a page died halfway, and the head it left was spoilt. */
async function spoilt(spoil: (head: PlainHead) => unknown): Promise<Universe> {
  const universe = new Universe();
  const { page } = await half(universe);
  await page.kill();
  const { checkpoints } = universe.disk;
  const [entry] = await checkpoints.list();
  await checkpoints.updateHead(entry?.id ?? "", spoil(entry?.head as PlainHead));
  return universe;
}

/** A page that looks at what is pending, and clears away what is not. */
async function swept(universe: Universe, options: Parameters<typeof open>[1] = {}, daysLater = 0) {
  const page = open(universe, options);
  page.clock.advance(daysLater * dayMs);
  await sweep(page);
  return page;
}

async function sweep(page: Page): Promise<void> {
  await page.live(page.uploader.pending());
  for (let turns = 0; turns < 50; turns += 1) await page.live(new Promise((resolve) => setImmediate(resolve)));
  await page.live(page.uploader.close());
}

const heads = async (universe: Universe) => (await universe.disk.checkpoints.list()).map(({ head }) => head);
const withPlain = (change: object) => (head: PlainHead) => ({ ...head, plain: { ...head.plain, ...change } });

describe("a damaged head", () => {
  test("is removed, and the upload that it still names is aborted in the store", async () => {
    const universe = await spoilt(withPlain({ partSize: 7 }));

    await swept(universe);

    expect(await heads(universe)).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
  });

  test.each<[string, (head: PlainHead) => unknown]>([
    ["rubbish", () => "rubbish"],
    ["null", () => null],
    ["without content", () => ({ plain: {} })],
    ["without the name of its object", withPlain({ target: undefined })],
    ["without its upload id", withPlain({ uploadId: 7 })],
  ])("that is %s is removed, and the store is asked for nothing", async (_what, spoil) => {
    const universe = await spoilt(spoil);
    universe.server.calls.length = 0;

    await swept(universe);

    expect(await heads(universe)).toEqual([]);
    expect(universe.server.calls).toEqual([]);
  });

  test.each<[string, object]>([
    ["another place", { location: "oss://elsewhere" }],
    ["another user", { scope: "somebody else" }],
  ])("that belongs to %s is left alone: only its owner can abort it", async (_what, change) => {
    const universe = await spoilt(withPlain(change));

    await swept(universe);

    expect(await heads(universe)).toHaveLength(1);
    expect(universe.server.uploads.size).toBe(1);
  });

  test("of an upload that another page is sending now is left alone", async () => {
    const universe = await spoilt(withPlain({ partSize: 7 }));
    const [entry] = await universe.disk.checkpoints.list();
    const holder = universe.locks.for({});
    const page = open(universe);

    await page.live(holder.holdIfFree(`ossicle:${entry?.id}`, async () => void (await swept(universe))));

    expect(await heads(universe)).toHaveLength(1);
  });

  test("stays until the store can be reached", async () => {
    const universe = await spoilt(withPlain({ partSize: 7 }));
    const broken = new UploadError("network", "no answer");

    await swept(universe, { store: (store) => ({ ...store, abort: () => Promise.reject(broken) }) });
    const meanwhile = await heads(universe);
    await swept(universe);

    expect(meanwhile).toHaveLength(1);
    expect(await heads(universe)).toEqual([]);
  });

  test("is removed although the store refuses the upload id that it names", async () => {
    const universe = await spoilt(withPlain({ uploadId: "not one of an upload" }));
    const refused = new UploadError("rejected", "no such thing", { status: 400 });

    await swept(universe, { store: (store) => ({ ...store, abort: () => Promise.reject(refused) }) });

    expect(await heads(universe)).toEqual([]);
  });
});

describe("a head of a later version of the library", () => {
  test.each<[string, (head: PlainHead) => unknown]>([
    [
      "sealed as now",
      ({ plain }) => ({ plain, seal: crc64(new TextEncoder().encode(JSON.stringify(plain))).toString(16) }),
    ],
    ["sealed in its own way", (head) => ({ ...head, seal: { algorithm: "SHA-256" } })],
  ])("(%s) is left alone", async (_how, write) => {
    const universe = await spoilt((head) => write(withPlain({ version: 99 })(head) as PlainHead));

    await swept(universe);

    expect(await heads(universe)).toHaveLength(1);
    expect(universe.server.uploads.size).toBe(1);
  });
});

describe("an expired checkpoint", () => {
  test("is kept while its upload is paused on this page", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe, {}, { settings: { expireAfterMs: dayMs } });
    await page.live(upload.pause());
    page.clock.advance(8 * dayMs);

    await sweep(page);

    expect(await heads(universe)).toHaveLength(1);
    expect(universe.server.uploads.size).toBe(1);
  });

  test("is looked at again under its lock, and left alone if another page went on with it meanwhile", async () => {
    const universe = new Universe();
    const { page: first } = await half(universe);
    await first.kill();
    const { checkpoints } = universe.disk;
    const [{ head } = { head: undefined }] = await checkpoints.list();
    const uploadId = (head as PlainHead).plain.uploadId as UploadId;
    const part = { number: 5, size: 10, etag: "E" as ETag, md5: undefined, crc64: undefined };
    const later = Date.UTC(2026, 0, 9);
    let loads = 0;

    await swept(
      universe,
      {
        settings: { expireAfterMs: dayMs },
        checkpoints: (inside) => ({
          ...inside,
          load: async (id) => {
            loads += 1;
            // Between the look and the deed.
            if (loads === 2) await checkpoints.addPart(id, 5, sealPart(uploadId, part, later));
            return await inside.load(id);
          },
        }),
      },
      8,
    );

    expect(loads).toBe(2);
    expect(await heads(universe)).toHaveLength(1);
    expect(universe.server.uploads.size).toBe(1);
  });
});
