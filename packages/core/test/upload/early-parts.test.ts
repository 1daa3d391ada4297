/** Parts that nobody can have sent go out while the store is still being asked what it has. Law 2. */
import { describe, expect, test } from "vitest";
import type { UploadState } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, half, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

/** Four parts of ten are stored and recorded, by a page with one lane: from part 7 on nothing can have been sent. */
async function deadHalfway(): Promise<Universe> {
  const universe = new Universe();
  const { page } = await half(universe);
  await page.kill();
  return universe;
}

/** A page to which the store does not say what it has before it is told to. */
function pageThatWaitsForTheListing(universe: Universe, also: Partial<ObjectStore> = {}) {
  let answer: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const page = open(universe, {
    store: (store) => ({
      ...store,
      ...also,
      listParts: async (upload, options) => {
        const aborted = new Promise<never>((_resolve, reject) => {
          options.signal.addEventListener("abort", () => reject(options.signal.reason), { once: true });
        });
        await Promise.race([told, aborted]);
        return await store.listParts(upload, options);
      },
    }),
  });
  return { page, answer };
}

function upload(page: Page) {
  return page.uploader.upload(tenParts(), { key });
}

describe("while the listing is on its way", () => {
  test("what nobody can have sent goes out, and the rest after it", async () => {
    const universe = await deadHalfway();
    const { page, answer } = pageThatWaitsForTheListing(universe);
    const going = upload(page);

    await page.live(when(going, partsStored(8)));
    const sentEarly = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((number) => universe.server.count("UploadPart", number));
    answer();
    await page.live(going.finished);

    expect(sentEarly).toEqual([1, 2, 3, 4, 7, 8, 9, 10]);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
  });

  test("a part that was stored and never recorded is not among them", async () => {
    const universe = await deadHalfway();
    const [[id] = [""]] = universe.server.uploads;
    universe.server.putPart(key, id, 5, bytes.subarray(40, 50));
    universe.server.calls.length = 0;
    const { page, answer } = pageThatWaitsForTheListing(universe);
    const going = upload(page);

    await page.live(when(going, partsStored(8)));
    answer();
    const result = await page.live(going.finished);

    expect(universe.server.count("UploadPart", 5)).toBe(0);
    expect(result).toMatchObject({ resumedBytes: 50, sentBytes: 45 });
  });

  test("our record is believed, and corrected when the store denies it", async () => {
    const universe = await deadHalfway();
    for (const { parts } of universe.server.uploads.values()) parts.delete(2);
    const { page, answer } = pageThatWaitsForTheListing(universe);
    const going = upload(page);
    const states: UploadState[] = [];
    going.subscribe((state) => states.push(state));

    await page.live(when(going, partsStored(8)));
    answer();
    const result = await page.live(going.finished);

    const [first] = states.filter(({ phase }) => phase === "uploading");
    expect(first?.progress).toMatchObject({ storedBytes: 40, resumedBytes: 40 });
    expect(result).toMatchObject({ resumedBytes: 30 });
    expect(universe.server.count("UploadPart", 2)).toBe(2);
    expect(stored(universe)).toEqual(bytes);
  });

  test("a failure for good does not wait for it", async () => {
    const universe = await deadHalfway();
    const refuse = () => Promise.reject(new UploadError("forbidden", "No"));
    const { page } = pageThatWaitsForTheListing(universe, { putPart: refuse });
    const going = upload(page);

    const error = await page.live(going.finished).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: "forbidden" });
    expect(universe.server.count("ListParts")).toBe(0);
  });

  test("an upload that turns out to be gone begins anew, once", async () => {
    const universe = await deadHalfway();
    universe.server.uploads.clear();
    const { page, answer } = pageThatWaitsForTheListing(universe, {});
    const going = upload(page);
    answer();

    await page.live(going.finished);

    expect(universe.server.count("InitiateMultipartUpload")).toBe(2);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});
