/** The same file, uploaded by two pages at once or asked for twice by one. */
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../../src/api/upload.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts } from "../world/scene.js";

describe("two pages with the same file", () => {
  test("one sends, the other waits and says so, and goes on when the first dies", async () => {
    const universe = new Universe();
    const { page: first } = await half(universe);
    const second = open(universe);
    const upload = second.uploader.upload(tenParts(), { key });
    const waiting = second.live(
      new Promise((resolve) => {
        upload.subscribe((state) => state.waiting?.reason === "other-tab" && resolve(state));
      }),
    );

    const said = await waiting;
    const putsWhileWaiting = universe.server.count("UploadPart");
    await first.kill();
    await second.live(upload.finished);

    expect(said).toMatchObject({ phase: "preparing" });
    expect(putsWhileWaiting).toBe(4);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
  });

  test("the same file to the same key on one page is the same upload; to another key it is not", async () => {
    const universe = new Universe();
    const page = open(universe);
    const file = tenParts();
    const upload = page.uploader.upload(file, { key });

    const again = page.uploader.upload(file, { key });
    const elsewhere = page.uploader.upload(file, { key: "elsewhere" });
    await page.live(Promise.all([upload.finished, elsewhere.finished]));

    expect(again).toBe(upload);
    expect(elsewhere).not.toBe(upload);
    expect(page.uploader.uploads).toEqual([upload, elsewhere]);
  });
});

const callback = { url: "https://app.example/done", body: "token=1" };
test.each<[string, Partial<UploadOptions>, Partial<UploadOptions>, boolean]>([
  ["for the same", {}, {}, true],
  ["with the callback that it has", { callback }, {}, true],
  ["with another callback than it has", { callback }, { callback: { ...callback, body: "token=2" } }, true],
  ["with a callback that it lacks", {}, { callback }, true],
  ["for another ACL", { acl: "private" }, { acl: "public-read" }, true],
  ["for other metadata", {}, { metadata: { a: "b" } }, false],
])(
  "the same file, asked for once more %s, before it completes, is the same upload unless it is to be another object",
  async (_, first, now, isSame) => {
    const page = open(new Universe());
    const file = tenParts();
    const upload = page.uploader.upload(file, { key, ...first });

    const second = page.uploader.upload(file, { key, ...now });
    await page.live(Promise.all([upload.finished, second.finished]));

    expect(second === upload).toBe(isSame);
  },
);
