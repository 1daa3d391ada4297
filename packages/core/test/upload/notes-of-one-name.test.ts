/** Files of one name to one key share a note: what one of them asked for is not taken for what another asked for. */
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../../src/api/upload.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { picked } from "../doubles/memory-handle.js";
import type { Page, PageOptions } from "../world/page.js";
import { alive, blocked, file, listed, only, queued, turns } from "../world/queue.js";
import { bytes, key, open } from "../world/scene.js";

const callback = { url: "https://app.example/done", body: "key=1" };
const inOnePut: Partial<PageOptions> = { settings: { singlePutBelow: 1_000 } };
const close = (page: Page) => page.live(page.uploader.close());

describe.each<[string, Partial<PageOptions>]>([
  ["in parts", {}],
  ["in one request", inOnePut],
])("a noted file that is paused while another page stores it %s", (_how, options) => {
  test.each<[string, Partial<UploadOptions>, Partial<UploadOptions>, boolean]>([
    ["the same", {}, {}, true],
    ["no tags", { tags: { keep: "yes" } }, {}, false],
    ["another ACL", {}, { acl: "public-read" }, false],
    ["the same ACL, which HEAD does not show", { acl: "private" }, { acl: "private" }, false],
    ["other metadata", { metadata: { a: "b" } }, {}, false],
    ["no callback", { callback }, {}, false],
  ])("and asks for %s takes that object only if it is as wanted", async (_what, asked, others, isTaken) => {
    const { universe, page, release, upload } = await queued([picked(file())], options, undefined, asked);
    await page.live(upload.pause());
    const other = open(universe, options);
    await other.live(other.uploader.upload(picked(file()), { key, ...others }).finished);
    await close(other);

    release();
    upload.resume();
    const result = await alive(page, upload.finished);

    expect(result.alreadyStored).toBe(isTaken);
    expect(universe.server.objects.get(key)?.target).toMatchObject(isTaken ? {} : { ...asked });
    expect(universe.server.objects.get(key)?.target.acl).toBe(asked.acl);
  });
});

test.each<[string, MemoryFile, Partial<UploadOptions>]>([
  ["another file of that name", new MemoryFile(bytes.slice(1), "film.bin"), {}],
  ["that file, asked for with tags", file(), { tags: { a: "b" } }],
])("the note of a file is left alone by an upload of %s, stored or cancelled", async (_what, source, asked) => {
  const { universe, page } = await queued([picked(file())]);
  await page.kill();
  const storing = open(universe);
  await storing.live(storing.uploader.upload(picked(source), { key, ...asked }).finished);
  await close(storing);
  const { page: cancelling, upload } = await queued([picked(source)], { store: blocked().store }, universe, asked);
  await cancelling.live(upload.cancel());
  await turns(cancelling);
  await cancelling.kill();

  expect(only(await listed(open(universe)))).toMatchObject({ key, file: { size: 95 } });
});
