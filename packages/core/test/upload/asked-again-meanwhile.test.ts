/** An app asks for a file once more while its object, which is there already, is compared: that may take minutes. */
import { describe, expect, test } from "vitest";
import type { FinishOptions } from "../../src/api/object-target.js";
import type { UploadOptions } from "../../src/api/upload.js";
import { deferred } from "../../src/upload/deferred.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { picked } from "../doubles/memory-handle.js";
import { type PageOptions, Universe } from "../world/page.js";
import { alive, file, listed, only, queued } from "../world/queue.js";
import { deadHalfway, key, open, tenParts } from "../world/scene.js";

const callback = { url: "https://app.example/done", body: "key=1" };

/** Digests that wait, once an object was seen. */
function comparing() {
  const [reached, gate] = [deferred<void>(), deferred<void>()];
  const completed: FinishOptions[] = [];
  let hasSeen = false;
  const options: Partial<PageOptions> = {
    store: (store) => ({
      ...store,
      head: async (...call) => {
        const object = await store.head(...call);
        hasSeen = object !== undefined;
        return object;
      },
      complete: async (...call) => {
        if (call[0].key === key) completed.push(call[2]);
        return await store.complete(...call);
      },
    }),
    workers: (workers: ByteWorkers): ByteWorkers => ({
      ...workers,
      digest: async (...call) => {
        if (hasSeen) {
          reached.resolve();
          await gate.promise;
        }
        return await workers.digest(...call);
      },
    }),
  };
  return { options, completed, reached: reached.promise, release: () => gate.resolve() };
}

const wishes: readonly [string, Partial<UploadOptions>, boolean][] = [
  ["a callback", { callback }, false],
  ["another ACL", { acl: "private" }, false],
  ["nothing new", {}, true],
];

describe.each(wishes)("asked for with %s while an object that is there is compared", (_what, now, isTaken) => {
  test("an upload whose page died before it heard of its Complete is what was asked for last", async () => {
    const universe = new Universe();
    const dying = open(universe, { death: { at: 25, when: "after", requests: "lost", loseLastWrite: false } });
    await dying.live(dying.uploader.upload(tenParts(), { key }).finished);
    const { options, completed, reached, release } = comparing();
    const page = open(universe, options);
    const source = tenParts();
    const upload = page.uploader.upload(source, { key });
    await page.live(reached);

    const again = page.uploader.upload(source, { key, ...now });
    release();
    await page.live(upload.finished);
    const result = await alive(page, again.finished);

    expect(result.alreadyStored).toBe(isTaken);
    expect(completed).toMatchObject(isTaken ? [] : [now]);
  });

  test("a queued file that another page has stored is what was asked for last", async () => {
    const { options, completed, reached, release } = comparing();
    const source = picked(file());
    const { universe, page, release: free, upload } = await queued([source], options);
    await page.live(upload.pause());
    const other = open(universe);
    await other.live((await alive(other, only(await listed(other)).resume())).finished);
    free();
    upload.resume();
    await page.live(reached);

    const again = page.uploader.upload(source, { key, ...now });
    release();
    await page.live(upload.finished);
    const result = await alive(page, again.finished);

    expect(result.alreadyStored).toBe(isTaken);
    expect(completed).toMatchObject(isTaken ? [] : [now]);
  });
});

test("an object that is compared for skip-identical is written over if that is taken back meanwhile", async () => {
  const universe = await deadHalfway();
  const sender = open(universe);
  await sender.live(sender.uploader.upload(tenParts(), { key }).finished);
  const { options, reached, release } = comparing();
  const page = open(universe, options);
  const source = tenParts();
  const upload = page.uploader.upload(source, { key, ifExists: "skip-identical" });
  await page.live(reached);

  page.uploader.upload(source, { key, ifExists: "replace" });
  release();

  expect(await alive(page, upload.finished)).toMatchObject({ alreadyStored: false });
});
