/** A page that waited for another tab with the same file, and what it does when it is its turn. */
import { expect, test } from "vitest";
import type { UploadOptions, UploadState } from "../../src/api/upload.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { deferred } from "../../src/upload/deferred.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { bytes, deadHalfway, half, key, open, stored, tenParts, when } from "../world/scene.js";

const inOnePut: Partial<PageOptions> = { settings: { singlePutBelow: 1_000 } };
const callback = { url: "https://app.example/done", body: "key=1" };
const isWaiting = { phase: "preparing", waiting: { reason: "other-tab" } };

/** Two pages with the same file: the first sends it in one request, which is held, and the second waits for it. */
async function waitingForOnePut(
  first: Partial<UploadOptions>,
  second: Partial<UploadOptions>,
  universe = new Universe(),
) {
  const released = deferred<void>();
  const held = deferred<void>();
  const hold = (store: ObjectStore): ObjectStore => ({
    ...store,
    putObject: async (...call) => {
      held.resolve();
      await released.promise;
      return await store.putObject(...call);
    },
  });
  const sender = open(universe, { ...inOnePut, store: hold });
  const sent = sender.uploader.upload(tenParts(), { key, ...first });
  await sender.live(held.promise);
  const waiter = open(universe, inOnePut);
  const waiting = waiter.uploader.upload(tenParts(), { key, ...second });
  const state = await waiter.live(when(waiting, (now) => now.waiting?.reason === "other-tab"));
  expect(state).toMatchObject(isWaiting);
  return { universe, sender, sent, waiter, waiting, release: () => released.resolve() };
}

test.each<[string, Partial<UploadOptions>, Partial<UploadOptions>, boolean]>([
  ["asked for the same", {}, {}, true],
  ["does not want to overwrite anything", { ifExists: "forbid" }, { ifExists: "forbid" }, true],
  ["asked for the same metadata", { metadata: { a: "b" } }, { metadata: { a: "b" } }, true],
  ["asked for other metadata", { metadata: { a: "b" } }, { metadata: { a: "c" } }, false],
  ["wants a callback, of which no object tells", { callback }, { callback }, false],
  ["asked for the same ACL", { acl: "private" }, { acl: "private" }, true],
  ["asked for another ACL", { acl: "public-read" }, { acl: "private" }, false],
  ["asked for no ACL", { acl: "public-read" }, {}, false],
  ["asked for the same tags", { tags: { a: "b" } }, { tags: { a: "b" } }, true],
  ["asked for other tags", { tags: { a: "b" } }, { tags: { a: "c" } }, false],
])(
  "who waited for another tab's one request, and %s, looks at the object first",
  async (_what, first, now, isTaken) => {
    const { universe, sender, sent, waiter, waiting, release } = await waitingForOnePut(first, now);

    release();
    await sender.live(sent.finished);
    const result = await waiter.live(waiting.finished);

    expect(result).toMatchObject({ alreadyStored: isTaken, verified: "crc64", sentBytes: isTaken ? 0 : 95 });
    expect(universe.server.count("PutObject")).toBe(isTaken ? 1 : 2);
    expect(stored(universe)).toEqual(bytes);
  },
);

test("who waited for another tab that died before its one request sends the file, whatever older object is there", async () => {
  const universe = new Universe();
  universe.server.putObject({ key }, bytes);
  const { sender, waiter, waiting } = await waitingForOnePut({}, {}, universe);

  await sender.kill();
  const result = await waiter.live(waiting.finished);

  expect(result).toMatchObject({ alreadyStored: false, sentBytes: 95, verified: "crc64" });
});

test.each<[string, Partial<UploadOptions>, Partial<UploadOptions>, boolean]>([
  ["the same ACL", { acl: "private" }, { acl: "private" }, true],
  ["another ACL", { acl: "public-read" }, { acl: "private" }, false],
  ["no ACL", { acl: "public-read" }, {}, false],
  ["other tags", { tags: { a: "b" } }, { tags: { a: "c" } }, false],
  ["a callback", {}, { callback }, false],
])(
  "who waited for another tab's parts, and asks for %s, sends nothing only if it asks for what that tab asked for",
  async (_what, first, now, isTaken) => {
    const universe = new Universe();
    const { page: sender, upload: sent, release } = await half(universe, first);
    const waiter = open(universe);
    const waiting = waiter.uploader.upload(tenParts(), { key, ...now });
    await waiter.live(when(waiting, (state) => state.waiting?.reason === "other-tab"));

    release();
    await sender.live(sent.finished);
    const result = await waiter.live(waiting.finished);

    expect(result).toMatchObject({ alreadyStored: isTaken, verified: "crc64" });
    expect(universe.server.count("CompleteMultipartUpload")).toBe(isTaken ? 1 : 2);
  },
);

const isBehind = (state: UploadState) => state.waiting !== null && state.waiting.reason !== "slot";

test("who waited for an upload of its own page, and then for another tab in front of it, takes no object with that tab's ACL", async () => {
  const universe = new Universe();
  const stop = new AbortController();
  const { page, upload: first } = await half(universe, { acl: "private", signal: stop.signal });
  first.finished.catch(() => undefined);
  const tab = open(universe);
  const others = tab.uploader.upload(tenParts(), { key, acl: "public-read" });
  await tab.live(when(others, isBehind));
  const upload = page.uploader.upload(tenParts(), { key, acl: "private" });
  await page.live(when(upload, isBehind));

  stop.abort();
  await tab.live(others.finished);
  const result = await page.live(upload.finished);

  expect(result).toMatchObject({ alreadyStored: false });
  expect(universe.server.objects.get(key)?.target.acl).toBe("private");
});

test.each<[string, UploadOptions["acl"], UploadOptions["acl"]]>([
  ["takes no object of the second, which dies with its answer", "private", "public-read"],
  ["takes no object of the second, although the first's would have done", undefined, "public-read"],
])("who waited for two tabs one after the other %s", async (_what, first, second) => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe, first && { acl: first });
  const tab: Page = open(universe, {
    ...inOnePut,
    store: (store) => ({
      ...store,
      putObject: async (...call) => {
        await store.putObject(...call);
        await tab.kill();
        return await new Promise(() => undefined);
      },
    }),
  });
  const others = tab.uploader.upload(tenParts(), { key, ...(second && { acl: second }) });
  await tab.live(when(others, isBehind));
  const last = open(universe, inOnePut);
  const waiting = last.uploader.upload(tenParts(), { key, ...(first && { acl: first }) });
  await last.live(when(waiting, isBehind));

  release();
  await page.live(upload.finished);
  const result = await last.live(waiting.finished);

  expect(tab.dead).toBe(true);
  expect(result).toMatchObject({ alreadyStored: false });
  expect(universe.server.objects.get(key)?.target.acl).toBe(first);
});

test("the ACL of a head that a dead page left is not taken for the one of the tab that goes on with it", async () => {
  const universe = await deadHalfway({ acl: "private" });
  const [reached, gate] = [deferred<void>(), deferred<void>()];
  const tab = open(universe, {
    checkpoints: (disk) => ({
      ...disk,
      updateHead: async (...head) => {
        reached.resolve();
        await gate.promise;
        await disk.updateHead(...head);
      },
    }),
  });
  const others = tab.uploader.upload(tenParts(), { key, acl: "public-read" });
  await tab.live(reached.promise);
  const page = open(universe);
  const upload = page.uploader.upload(tenParts(), { key, acl: "private" });
  await page.live(when(upload, isBehind));

  gate.resolve();
  await tab.live(others.finished);
  const result = await page.live(upload.finished);

  expect(result).toMatchObject({ alreadyStored: false });
  expect(universe.server.objects.get(key)?.target.acl).toBe("private");
});

test.each<[string, number]>([
  ["right behind", 0],
  ["after a while of waiting", 3],
])(
  "who waits for an upload that is cancelled in another tab takes over %s, and no abort of that one meets it",
  async (_when, turns) => {
    const universe = new Universe();
    const { page: first, upload: cancelled } = await half(universe);
    const second = open(universe);
    const upload = second.uploader.upload(tenParts(), { key });
    await second.live(when(upload, (state) => state.waiting?.reason === "other-tab"));
    const rejected = expect(cancelled.finished).rejects.toMatchObject({ name: "AbortError" });

    const ended = cancelled.cancel();
    for (let turn = 0; turn < turns; turn += 1) await second.live(new Promise((resolve) => setImmediate(resolve)));
    await first.live(ended);
    await second.live(upload.finished);
    await first.live(first.uploader.close());

    await rejected;
    expect(upload.state.phase).toBe("completed");
    expect(universe.server.count("InitiateMultipartUpload")).toBe(2);
    expect(universe.server.count("UploadPart")).toBe(14);
    expect(universe.server.uploads.size).toBe(0);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  },
);

test("a cancel of an upload that another tab has taken over meanwhile leaves that tab alone", async () => {
  const universe = new Universe();
  const { page: first, upload: cancelled } = await half(universe);
  await first.live(cancelled.pause());
  const { page: second, upload, release } = await half(universe);

  cancelled.resume();
  await first.live(when(cancelled, (state) => state.waiting?.reason === "other-tab"));
  await first.live(cancelled.cancel());
  await first.live(first.uploader.close());
  release();
  await second.live(upload.finished);

  expect(cancelled.state.phase).toBe("cancelled");
  expect(universe.server.count("InitiateMultipartUpload")).toBe(1);
  expect(universe.server.count("AbortMultipartUpload")).toBe(0);
  expect(stored(universe)).toEqual(bytes);
});
