/** Files that were queued when their page was left, and of which nothing was begun, go up as well while a keeper has them. */
import { describe, expect, test } from "vitest";
import type { Upload, UploadOptions } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import { keepersInTurn } from "../../src/keeper/keepers-in-turn.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { MemoryKeeper } from "../doubles/memory-keeper.js";
import { alive, leave } from "../world/kept.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { bytes, open, when } from "../world/scene.js";

/** Requests for parts and files do not move until they are released, so that the uploads behind the first two stay queued. */
function stuck() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const moves = async (signal: AbortSignal) => {
    await Promise.race([released, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
    signal.throwIfAborted();
  };
  const hold = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      await moves(call[4].signal);
      return await store.putPart(...call);
    },
    putObject: async (...call) => {
      await moves(call[3].signal);
      return await store.putObject(...call);
    },
  });
  return { hold, release };
}

describe("files that are queued when their page is left", () => {
  const names = ["a", "b", "c", "d"];

  /** Two of four uploads have begun. */
  async function leftQueued(more: Partial<PageOptions> = {}, options: Partial<UploadOptions> = {}) {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const tools = { ...more, uploadSlots: 2 };
    const { hold, release } = stuck();
    const page = open(universe, { ...tools, keeper: keepers.for(""), store: hold });
    const uploads = names.map((name) =>
      page.uploader.upload(new MemoryFile(bytes, `${name}.bin`), { key: name, appData: { name }, ...options }),
    );
    for (const upload of uploads) upload.finished.catch(() => undefined);
    await alive(
      page,
      when(uploads[1] as Upload, ({ phase }) => phase === "uploading"),
    );
    await alive(page, page.clock.sleep(1_000, new AbortController().signal));
    const next = () => open(universe, { ...tools, keeper: keepers.for("") });
    return { universe, keepers, page, uploads, release, next };
  }

  test.each<[string, Partial<PageOptions>]>([
    ["in parts", {}],
    ["in one request", { settings: { singlePutBelow: 1_000 } }],
  ])("go up %s by themselves on the next one, each once", async (_how, more) => {
    const { universe, keepers, page, next } = await leftQueued(more);
    await leave(page);
    const second = next();

    const rest = await alive(second, second.uploader.resumeAll());
    const results = await alive(second, Promise.all(second.uploader.uploads.map(({ finished }) => finished)));

    expect(rest).toEqual([]);
    expect(results.map(({ key }) => key).sort()).toEqual(names);
    expect(second.uploader.uploads.map(({ key, appData }) => [key, appData])).toEqual(
      expect.arrayContaining(names.map((name) => [name, { name }])),
    );
    for (const name of names) expect(universe.server.objects.get(name)?.bytes).toEqual(bytes);
    expect(universe.server.uploads.size).toBe(0);
    expect(keepers.size).toBe(0);
    expect(await alive(second, second.uploader.pending())).toEqual([]);
  });

  test("are offered again by a third page, and what was paused or discarded stays so", async () => {
    const { page, uploads, next } = await leftQueued();
    await alive(page, uploads[3]?.pause() ?? Promise.reject());
    await leave(page);
    const second = next();
    const offered = await alive(second, second.uploader.pending());
    await alive(second, offered.find(({ key }) => key === "c")?.discard() ?? Promise.reject());
    await leave(second);
    const third = next();

    const again = await alive(third, third.uploader.pending());

    expect(offered.map(({ key, needs }) => `${key} ${needs}`).sort()).toEqual(names.map((name) => `${name} nothing`));
    expect(again.map(({ key, paused }) => `${key} ${paused}`).sort()).toEqual(["a false", "b false", "d true"]);
  });

  test("are offered once where two keepers have them", async () => {
    const { universe, keepers, page } = await leftQueued();
    await leave(page);
    const keeper = keepersInTurn([keepers.for(""), keepers.for("")]);
    const second = open(universe, { keeper });

    const offered = await alive(second, second.uploader.pending());

    expect(offered.map(({ key }) => key).sort()).toEqual(names);
  });

  test.each<[string, (page: Page) => Promise<unknown>]>([
    ["discarded", async (page) => (await page.uploader.pending()).find(({ key }) => key === "c")?.discard()],
    [
      "completed",
      async (page) => {
        const entry = (await page.uploader.pending()).find(({ key }) => key === "c");
        const upload = await entry?.resume();
        return await upload?.finished;
      },
    ],
  ])("and were %s in one tab do not come back when another tab that has listed them is left", async (_how, ends) => {
    const { page, next } = await leftQueued();
    await leave(page);
    const [second, tab] = [next(), next()];
    const listed = await alive(tab, tab.uploader.pending());

    await alive(second, ends(second));
    await leave(tab);
    const third = next();
    const again = await alive(third, third.uploader.pending());
    await alive(third, third.uploader.close());

    expect(listed.map(({ key }) => key).sort()).toEqual(names);
    expect(again.map(({ key }) => key).sort()).toEqual(["a", "b", "d"]);
  });

  const sent = (universe: Universe, name: string) =>
    universe.server.calls.filter(({ action, key }) => key === name && /PutObject|UploadPart$/.test(action)).length;

  test("and were listed by two tabs are sent by the first that goes on, and found by the other", async () => {
    const { universe, page, next } = await leftQueued({ settings: { singlePutBelow: 1_000 } });
    await leave(page);
    const tabs = [next(), next()];
    const both = [];
    for (const tab of tabs) both.push({ tab, entries: await alive(tab, tab.uploader.pending()) });

    const results = [];
    for (const { tab, entries } of both) {
      const upload = await alive(tab, entries.find(({ key }) => key === "c")?.resume() ?? Promise.reject());
      results.push(await alive(tab, upload.finished));
    }

    expect(results.map(({ alreadyStored }) => alreadyStored)).toEqual([false, true]);
    expect(sent(universe, "c")).toBe(1);
  });

  test("of a page that stays after all are not sent again where another tab has sent them meanwhile", async () => {
    const { universe, page, uploads, release, next } = await leftQueued({ settings: { singlePutBelow: 1_000 } });
    page.life.mayLeave();
    const tab = next();
    const entry = (await alive(tab, tab.uploader.pending())).find(({ key }) => key === "c");
    const upload = await alive(tab, entry?.resume() ?? Promise.reject());
    await alive(tab, upload.finished);

    release();
    const result = await alive(page, uploads[2]?.finished ?? Promise.reject());

    expect(result.alreadyStored).toBe(true);
    expect(sent(universe, "c")).toBe(1);
  });

  test("are not left if they have failed for good", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const putObject = () => Promise.reject(new UploadError("callback-failed", "The app is down"));
    const settings = { singlePutBelow: 1_000 };
    const keeper = keepers.for("");
    await keeper.look();
    const page = open(universe, { settings, keeper, store: (store) => ({ ...store, putObject }) });
    const upload = page.uploader.upload(new MemoryFile(bytes, "a.bin"), { key: "a" });
    const error = await alive(
      page,
      upload.finished.catch((error: unknown) => error),
    );

    await leave(page);

    expect(error).toMatchObject({ code: "callback-failed", resumable: false });
    expect(keepers.size).toBe(0);
  });

  test("and had a callback wait for it", async () => {
    const callback = { url: "https://app.example/secret", body: "a=1" };
    const { keepers, page, next } = await leftQueued({}, { callback });
    await leave(page);
    const second = next();
    const left = JSON.stringify(await keepers.for("").queued());

    const rest = await alive(second, second.uploader.resumeAll());
    const entry = rest.find(({ key }) => key === "c");
    const upload = await alive(second, entry?.resume(undefined, { callback }) ?? Promise.reject());

    expect(rest.map(({ needsCallback }) => needsCallback)).toEqual([true, true, true, true]);
    expect(left).not.toContain("secret");
    expect(await alive(second, upload.finished)).toMatchObject({ key: "c" });
  });

  test("are not asked for by a page that begins when none was left", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const page = open(universe, { keeper: keepers.for("") });

    await alive(page, page.uploader.resumeAll());

    expect(keepers.heard).toEqual([]);
  });

  test("are lost with a keeper that is gone, as without one", async () => {
    const { page, keepers, next } = await leftQueued();
    await leave(page);
    keepers.end();
    const second = next();

    const rest = await alive(second, second.uploader.resumeAll());

    expect(rest.map(({ key, needs }) => `${key} ${needs}`).sort()).toEqual(["a file", "b file"]);
  });

  test.each<[string, (page: Page, upload: Upload) => Promise<unknown>]>([
    ["completes", (_, upload) => upload.finished],
    ["is cancelled", (_, upload) => upload.cancel()],
  ])("are let go of when their page comes back, and one %s there", async (_how, ends) => {
    const { keepers, page, uploads, release } = await leftQueued({ settings: { singlePutBelow: 1_000 } });
    page.life.leave();
    await alive(
      page,
      when(uploads[0] as Upload, ({ phase }) => phase === "paused"),
    );
    const away = keepers.size;
    page.life.comeBack();
    release();

    for (const upload of uploads) await alive(page, ends(page, upload));

    expect([away, keepers.size]).toEqual([4, 0]);
  });

  test("are no reason to ask the user before it, once there is a keeper", async () => {
    const { page } = await leftQueued();

    expect([page.activity.losable, page.goesOn()]).toEqual([true, true]);
  });
});
