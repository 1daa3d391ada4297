/** The developer is warned when a proof is weaker than the one that was asked for. */
import { expect, test } from "vitest";
import type { DigestKinds } from "../../src/workers/byte-workers.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { half, key, open, tenParts } from "../world/scene.js";

const sources = { "ten parts": tenParts, "one request": () => new MemoryFile(seededBytes(5)) };

async function warningsOf(universe: Universe, source: keyof typeof sources, digests: DigestKinds) {
  const page = open(universe, { settings: { singlePutBelow: undefined, digests } });
  const result = await page.live(page.uploader.upload(sources[source](), { key }).finished);
  return { result, warnings: page.warnings };
}

test.each(["ten parts", "one request"] as const)(
  "an object of %s whose CRC-64 is hidden is proved by its ETag, and the header to expose is named once",
  async (source) => {
    const universe = new Universe();
    universe.server.shows.crc64 = false;

    const { result, warnings } = await warningsOf(universe, source, { md5: true, crc64: true });

    expect(result).toMatchObject({ verified: "etag" });
    expect(warnings).toEqual([expect.stringContaining("Show the CRC-64.")]);
  },
);

test("there is no warning if the CRC-64 is shown, or was not asked for", async () => {
  const shown = await warningsOf(new Universe(), "ten parts", { md5: true, crc64: true });
  const hidden = new Universe();
  hidden.server.shows.crc64 = false;
  const unasked = await warningsOf(hidden, "ten parts", { md5: false, crc64: false });

  expect(shown.warnings).toEqual([]);
  expect(unasked.warnings).toEqual([]);
});

test("an ETag proves nothing where no digest of ours went in, even if the store says that it does", async () => {
  const page = open(new Universe(), {
    store: (store) => ({
      ...store,
      putPart: async (...call) => ({ ...(await store.putPart(...call)), md5: undefined, crc64: undefined }),
      matches: async () => "etag",
    }),
  });

  const result = await page.live(page.uploader.upload(tenParts(), { key }).finished);

  expect(result).toMatchObject({ verified: "none" });
});

test("a store without CRC-64 proves by its ETag what was compared with our MD5s, after a reload too", async () => {
  const universe = new Universe();
  universe.server.shows.crc64 = false;
  const settings = { digests: { md5: true, crc64: false } };
  const { page } = await half(universe, {}, { settings });
  await page.kill();

  const next = open(universe, { settings });
  const result = await next.live(next.uploader.upload(tenParts(), { key }).finished);

  expect(result).toMatchObject({ resumedBytes: 40, verified: "etag" });
});
