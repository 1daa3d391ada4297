/** Queued files that have a handle are noted before their turn comes, and a later page is offered them. */
import { describe, expect, test } from "vitest";
import type { UploadOptions, UploadSource } from "../../src/api/upload.js";
import type { PendingUpload } from "../../src/api/uploader.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { handleTo, picked } from "../doubles/memory-handle.js";
import { type Death, type Page, type PageOptions, Universe } from "../world/page.js";
import {
  alive,
  blocked,
  blocker,
  deadWhileQueued,
  file,
  listed,
  only,
  queued,
  records,
  turns,
} from "../world/queue.js";
import { bytes, key, open, stored } from "../world/scene.js";

const inOnePut: Partial<PageOptions> = { settings: { singlePutBelow: 1_000 } };
const callback = { url: "https://app.example/done", body: "key=1" };

describe("a page that was reloaded while files were queued", () => {
  test.each<[string, () => UploadSource, object]>([
    ["picked files", () => picked(file()), { name: "film.bin", size: 95, lastModified: 1 }],
    ["bare handles, which were not opened", () => handleTo(file()), { name: "film.bin", size: 0, lastModified: 0 }],
  ])("offers %s, which upload as they were asked for", async (_what, source, info) => {
    const universe = await deadWhileQueued([source()]);
    const page = open(universe);

    const entry = only(await listed(page));
    const upload = await alive(page, entry.resume());
    await page.live(upload.finished);

    expect(entry).toMatchObject({ key, storedBytes: 0, needs: "nothing", active: false, paused: false });
    expect(entry).toMatchObject({ file: info, appData: { album: 0 }, needsCallback: false });
    expect(stored(universe)).toEqual(bytes);
    expect(upload.appData).toEqual({ album: 0 });
    expect(await records(universe)).toBe(0);
  });

  test("is not offered what has no handle, nor anything where checkpoints live in memory", async () => {
    const without = await deadWhileQueued([file()]);
    const inMemory = await deadWhileQueued([picked(file())], { settings: { durable: false } });

    expect(await listed(open(without))).toEqual([]);
    expect(await records(inMemory)).toBe(0);
  });

  test.each<PermissionState>(["prompt", "denied"])("says what a handle needs whose permission is %s", async (state) => {
    const universe = await deadWhileQueued([handleTo(file(), state)]);

    expect(only(await listed(open(universe))).needs).toBe(state === "prompt" ? "permission" : "file");
  });

  test("takes a file that is picked again, and refuses one of another size", async () => {
    const universe = await deadWhileQueued();
    const page = open(universe);
    const entry = only(await listed(page));

    const refusal = page.live(entry.resume(new MemoryFile(bytes.slice(1), "film.bin")));
    await expect(refusal).rejects.toMatchObject({ code: "file-changed" });
    await page.live((await alive(page, entry.resume(file()))).finished);

    expect(stored(universe)).toEqual(bytes);
    expect(await records(universe)).toBe(0);
  });

  test.each<[string, string, number, boolean]>([
    ["renamed", "movie.bin", 0, true],
    ["copied", "film.bin", 5, true],
    ["another of the same size", "other.bin", 5, false],
  ])("a file that is picked again and was %s (%s, %i ms later) is taken: %s", async (_what, name, later, isTaken) => {
    const universe = await deadWhileQueued();
    const page = open(universe);
    const entry = only(await listed(page));
    const again = new MemoryFile(bytes, name, { lastModified: entry.file.lastModified + later });

    const resuming = page.live(entry.resume(again));

    if (isTaken) await resuming;
    else await expect(resuming).rejects.toMatchObject({ code: "file-changed" });
  });

  test("asks for the callback again, which is not written down", async () => {
    const universe = new Universe();
    const { store } = blocked();
    const page = open(universe, { uploadSlots: 1, store });
    page.uploader.upload(file("blocker"), { key: blocker });
    page.uploader.upload(picked(file()), { key, callback });
    await turns(page);
    await page.kill();
    const next = open(universe);
    const entry = only(await listed(next));

    expect(JSON.stringify(await universe.disk.checkpoints.list())).not.toContain("app.example");
    expect(entry.needsCallback).toBe(true);
    await expect(next.live(entry.resume())).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("discards one for good", async () => {
    const universe = await deadWhileQueued();
    const page = open(universe);

    await page.live(only(await listed(page)).discard());

    expect(await listed(page)).toEqual([]);
    expect(await records(universe)).toBe(0);
  });

  test("offers nothing that has expired, and removes it; nor what another user left", async () => {
    const universe = await deadWhileQueued();
    const stranger = await listed(open(universe, { settings: { scope: "somebody else" } }));
    const page = open(universe, { settings: { expireAfterMs: 1_000 } });
    page.clock.advance(60_000);

    expect(await listed(page)).toEqual([]);
    await turns(page);

    expect(stranger).toEqual([]);
    expect(await records(universe)).toBe(0);
  });

  test("dates one anew that a wrong clock had dated", async () => {
    const universe = await deadWhileQueued();
    const expireAfterMs = 1_000;
    const page = open(universe, { settings: { expireAfterMs } });
    page.clock.advance(20 * 365 * 86_400_000);

    expect(only(await listed(page)).createdAt).toBe(page.clock.now());
    page.clock.advance(2 * expireAfterMs);

    expect(await listed(page)).toEqual([]);
  });

  test("sends nothing again of a file that the user has dropped once more meanwhile", async () => {
    const universe = await deadWhileQueued();
    const page = open(universe);

    await page.live(page.uploader.upload(picked(file()), { key }).finished);

    expect(await listed(page)).toEqual([]);
  });
});

/** A store of an app's own that cannot keep handles leaves them out. */
const withoutHandles: PageOptions["checkpoints"] = (disk) => {
  const stripped = (head: unknown) => ({ ...(head as object), handle: undefined });
  return {
    ...disk,
    begin: (id, head) => disk.begin(id, stripped(head)),
    updateHead: (id, head) => disk.updateHead(id, stripped(head)),
  };
};

describe.each<[string, Partial<PageOptions>, () => UploadSource]>([
  ["picked again under another name", {}, () => picked(file("renamed.bin"))],
  ["picked again without a handle", {}, () => file()],
  ["picked again where the store keeps no handle", { checkpoints: withoutHandles }, () => file()],
  ["with its handle again where the store keeps none", { checkpoints: withoutHandles }, () => picked(file())],
])("a note that is taken up with a file %s", (_what, options, source) => {
  test.each<[string, Partial<PageOptions>]>([
    ["in parts", {}],
    ["in one request", inOnePut],
  ])("goes when that is stored %s", async (_how, also) => {
    const universe = await deadWhileQueued([picked(file())], options);
    const page = open(universe, { ...options, ...also });

    const upload = await alive(page, only(await listed(page)).resume(source()));
    await page.live(upload.finished);
    await page.live(page.uploader.close());

    expect(stored(universe)).toEqual(bytes);
    expect(await records(universe)).toBe(0);
  });

  test("goes when that is cancelled, in its queue or after a pause", async () => {
    const universe = await deadWhileQueued([picked(file())], options);
    const { page } = await queued([], options, universe);
    const upload = await alive(page, only(await listed(page)).resume(source()));
    await turns(page);

    await page.live(upload.pause());
    await page.live(upload.cancel());

    expect(await records(universe)).toBe(0);
  });

  test("stays when that is paused, and says so", async () => {
    const universe = await deadWhileQueued([picked(file())], options);
    const { page } = await queued([], options, universe);
    const upload = await alive(page, only(await listed(page)).resume(source()));
    await page.live(upload.pause());
    await page.kill();

    expect(only(await listed(open(universe, options))).paused).toBe(true);
  });
});

describe.each<[string, Partial<UploadOptions>, Partial<PendingUpload>, Partial<UploadOptions>]>([
  ["another ACL", { acl: "private" }, {}, { acl: "private" }],
  ["another ifExists", { ifExists: "forbid" }, {}, { ifExists: "forbid" }],
  ["other data of its own", { appData: "new" }, { appData: "new" }, { appData: "new" }],
  ["a callback", { callback }, { needsCallback: true }, {}],
])("a noted file for which the app asks for %s", (_what, now, offer, kept) => {
  test.each<[string, (page: Page) => Promise<unknown>]>([
    ["dies", (page) => turns(page)],
    ["is closed at once", (page) => page.live(page.uploader.close())],
  ])("is offered so when its page %s", async (_how, end) => {
    const source = picked(file());
    const other = picked(file("other.bin"));
    const asked = { acl: "public-read", appData: "old" } as const;
    const { universe, page, upload } = await queued([source, other], {}, undefined, asked);
    // It has the turn.
    page.uploader.upload(other, { key: `${key}.1`, appData: "newer" });
    const again = page.uploader.upload(source, { key, ...now });
    again.finished.catch(() => undefined);
    await end(page);
    await page.kill();
    const { page: next } = await queued([], {}, universe);

    const entry = only((await listed(next)).filter((each) => each.key === key));
    const resumed = await alive(next, entry.resume(undefined, { callback }));

    expect(again).toBe(upload);
    expect(entry).toMatchObject(offer);
    expect(resumed.options).toMatchObject(kept);
  });
});

test("a file that had begun, has changed, and waits for its turn again is noted again", async () => {
  let isChanged = false;
  const changing = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      if (call[0].key !== key || isChanged) return await store.putPart(...call);
      isChanged = true;
      throw new UploadError("file-changed", "the file was edited");
    },
  });
  const { universe, page, release, upload } = await queued([picked(file())], { store: changing });
  release();
  await page.live(upload.finished.catch(() => undefined));
  const begun = await records(universe);

  upload.resume();
  await page.live(upload.pause());

  expect([begun, await records(universe)]).toEqual([1, 2]);
});

describe.each<[string, Partial<PageOptions>]>([
  ["parts", { partSize: 50 }],
  ["one request", inOnePut],
])("a page that dies anywhere while a noted file goes up in %s", (_how, options) => {
  const whens: readonly Death["when"][] = ["before", "after", "underway"];

  async function story(death: Death | undefined) {
    const universe = new Universe();
    const { store, release } = blocked();
    const page = open(universe, { ...options, uploadSlots: 1, store, ...(death && { death }) });
    page.uploader.upload(new MemoryFile(bytes, "blocker"), { key: blocker }).finished.catch(() => undefined);
    const upload = page.uploader.upload(picked(file()), { key });
    await turns(page);
    release();
    await page.live(upload.finished);
    return { universe, page };
  }

  test("loses nothing that was noted, offers it once, and stores no object twice", async () => {
    const { page: whole } = await story(undefined);
    const faults: string[] = [];
    let offers = 0;
    for (let at = 1; at <= whole.interactions; at += 1) {
      for (const when of whens)
        for (const loseLastWrite of [true, false]) {
          const { universe } = await story({ at, when, requests: "late", loseLastWrite });
          const name = `${when} ${at}${loseLastWrite ? ", last write lost" : ""}`;
          await universe.landLate();
          const wasStored = universe.server.objects.get(key)?.versionId;
          const isRecorded = JSON.stringify(await universe.disk.checkpoints.list()).includes(key);
          const next = open(universe, options);
          const offered = (await listed(next)).filter((entry) => entry.key === key);
          if (offered.length > 1) faults.push(`${name}: offered ${offered.length} times`);
          offers += offered.length;
          for (const entry of offered) await next.live((await alive(next, entry.resume())).finished);
          if (isRecorded && stored(universe) === undefined) faults.push(`${name}: lost`);
          if (wasStored !== undefined && universe.server.objects.get(key)?.versionId !== wasStored) {
            faults.push(`${name}: stored twice`);
          }
          const left = (await listed(next)).filter((entry) => entry.key === key);
          if (left.length > 0) faults.push(`${name}: offered again`);
        }
    }
    expect(faults).toEqual([]);
    expect(offers).toBeGreaterThan(20);
  });
});
