/** A file that was chosen once goes up although its page is left, while a keeper has it. Laws: crash-only; both must agree. */
import { describe, expect, test } from "vitest";
import type { PendingUpload } from "../../src/api/uploader.js";
import { handleTo } from "../doubles/memory-handle.js";
import { MemoryKeeper } from "../doubles/memory-keeper.js";
import { alive, heldAtPart8, leave, leftHalfway, onlyPending, resumed, unreadable } from "../world/kept.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, half, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

describe("a page that was left in the middle", () => {
  test("is gone on with by the next one without a picker, and no stored part is sent twice", async () => {
    const { universe, keepers, next } = await leftHalfway();
    const page = next();

    const entry = await onlyPending(page);
    const upload = await resumed(page, entry);

    expect(entry).toMatchObject({ needs: "nothing", storedBytes: 40, active: false, paused: false });
    expect(upload.state).toMatchObject({ phase: "completed", result: { resumedBytes: 40, verified: "crc64" } });
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
    expect(keepers.size).toBe(0);
  });

  test("is gone on with by resumeAll()", async () => {
    const { universe, next } = await leftHalfway();
    const page = next();

    const rest = await alive(page, page.uploader.resumeAll());
    await alive(page, Promise.all(page.uploader.uploads.map(({ finished }) => finished)));

    expect(rest).toEqual([]);
    expect(stored(universe)).toEqual(bytes);
  });

  test("and was paused by the user before, waits for the user", async () => {
    const { next } = await leftHalfway({ paused: true });
    const page = next();

    const rest = await alive(page, page.uploader.resumeAll());

    expect(rest).toMatchObject([{ needs: "nothing", paused: true }]);
  });

  test("and again before anybody has gone on with it, is gone on with by the third", async () => {
    const { universe, keepers, next } = await leftHalfway();
    const second = next();
    await onlyPending(second);
    keepers.end();
    await leave(second);
    const third = next();

    await resumed(third, await onlyPending(third));

    expect(stored(universe)).toEqual(bytes);
  });

  test("of one scope is not known in another", async () => {
    const { next } = await leftHalfway({ scope: "mine" });
    const page = next("yours");

    expect(await alive(page, page.uploader.pending())).toEqual([]);
  });

  test.each<[string, (keepers: MemoryKeeper) => void]>([
    ["whose worker was ended", (keepers) => keepers.end()],
    [
      "that never answers",
      (keepers) => {
        keepers.isSilent = true;
      },
    ],
    ["that has had it for five minutes", (keepers) => keepers.clock.advance(300_000)],
  ])("needs its file again after a keeper %s", async (_what, happens) => {
    const { keepers, next } = await leftHalfway();
    happens(keepers);
    const page = next();

    const entry = await onlyPending(page);

    expect(entry.needs).toBe("file");
    await expect(page.live(entry.resume())).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("is offered in two tabs, and goes on in one", async () => {
    const { universe, next } = await leftHalfway();
    const { held, release } = heldAtPart8();
    const tabs = [next("", { store: held }), next()] as const;
    const entries = [await onlyPending(tabs[0]), await onlyPending(tabs[1])] as const;

    const upload = await alive(tabs[0], entries[0].resume());
    await alive(tabs[0], when(upload, partsStored(7)));
    const refused = await tabs[1].live(entries[1].resume()).catch((error: unknown) => error);
    release();
    await alive(tabs[0], upload.finished);

    expect(entries.map(({ needs }) => needs)).toEqual(["nothing", "nothing"]);
    expect(refused).toMatchObject({ code: "locked" });
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
  });
});

describe("a page in the back/forward cache", () => {
  /** Its lock goes along, and what it says in `pagehide` arrives nowhere. */
  async function frozenHalfway(keepers: MemoryKeeper) {
    const universe = new Universe();
    const { page } = await half(universe, {}, { keeper: keepers.for("") });
    await alive(page, Promise.resolve());
    page.life.mayLeave();
    universe.locks.froze(page);
    page.dead = true;
    return { universe, next: open(universe, { keeper: keepers.for("") }) };
  }

  test("sends nothing: the next one goes on with its file", async () => {
    const { universe, next } = await frozenHalfway(new MemoryKeeper());

    const entry = await onlyPending(next);
    await resumed(next, entry);

    expect(entry).toMatchObject({ active: false, needs: "nothing" });
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(stored(universe)).toEqual(bytes);
  });

  test("does not keep the next one from discarding what it left", async () => {
    const keepers = new MemoryKeeper();
    const { universe, next } = await frozenHalfway(keepers);
    const entry = await onlyPending(next);

    await alive(next, entry.discard());
    await alive(next, next.uploader.close());

    expect(keepers.size).toBe(0);
    expect(universe.server.uploads.size).toBe(0);
  });
});

describe("a file that is kept", () => {
  test.each<[string, (page: Page, entry: PendingUpload) => Promise<unknown>]>([
    ["its upload is discarded", (_, entry) => entry.discard()],
    ["its upload goes on, and is cancelled", async (_, entry) => await (await entry.resume()).cancel()],
    ["the user picks it again, and it goes up", (page) => page.uploader.upload(tenParts(), { key }).finished],
    ["the user signs out", (page) => page.uploader.close({ releaseFiles: true })],
  ])("is let go of when %s", async (_when, happens) => {
    const { keepers, next } = await leftHalfway();
    const page = next();
    const entry = await onlyPending(page);
    const before = keepers.size;

    await alive(page, happens(page, entry));
    if (!page.dead) await leave(page);

    expect([before, keepers.size]).toEqual([1, 0]);
  });

  test("stays when an uploader of another scope signs out", async () => {
    const { keepers, next } = await leftHalfway({ scope: "mine" });
    const page = next("yours");

    await alive(page, page.uploader.close({ releaseFiles: true }));

    expect(keepers.size).toBe(1);
  });

  test("is left as well by an uploader that is closed, for the next one of the same page", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const first = await half(universe, {}, { keeper: keepers.for("") });
    first.upload.finished.catch(() => undefined);
    await alive(first.page, first.page.uploader.close());
    const page = open(universe, { keeper: keepers.for("") });

    expect((await onlyPending(page)).needs).toBe("nothing");
  });

  test("and cannot be read any more is asked of the user from then on", async () => {
    const { keepers, next } = await leftHalfway();
    const { id } = await onlyPending(next());
    const keeper = keepers.for("");
    await keeper.look();
    keeper.keep([{ id, file: unreadable() }]);
    const page = next();
    const entry = await onlyPending(page);

    const error = await page.live(entry.resume()).catch((cause: unknown) => cause);

    expect(entry.needs).toBe("nothing");
    expect(error).toMatchObject({ code: "file-unreadable" });
    expect((await onlyPending(next())).needs).toBe("file");
  });

  test("stands in for a handle that the browser would ask about, and not for one that may be read", async () => {
    const permissions: PermissionState[] = ["prompt", "granted"];
    const asked = await Promise.all(
      permissions.map(async (permission) => {
        const [universe, keepers] = [new Universe(), new MemoryKeeper()];
        const file = tenParts();
        const source = { file, handle: handleTo(file, permission), path: file.name };
        const { page } = await half(universe, {}, { keeper: keepers.for("") }, source);
        await leave(page);
        const next = open(universe, { keeper: keepers.for("") });
        keepers.heard.length = 0;
        return [(await onlyPending(next)).needs, [...keepers.heard]];
      }),
    );

    expect(asked).toEqual([
      ["nothing", ["kept"]],
      ["nothing", []],
    ]);
  });
});

describe("a page that is not left", () => {
  test("asks once whether there is a keeper, and tells it nothing", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const page = open(universe, { keeper: keepers.for("") });

    for (const name of ["a", "b", "c"]) await alive(page, page.uploader.upload(tenParts(), { key: name }).finished);
    await leave(page);

    expect(keepers.heard).toEqual(["look"]);
  });

  test("and sends only what is stored in a moment, asks for no keeper", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const page = open(universe, { keeper: keepers.for(""), settings: { singlePutBelow: 1_000 } });

    await alive(page, page.uploader.upload(tenParts(), { key }).finished);
    await leave(page);

    expect(keepers.heard).toEqual([]);
  });

  test("and comes back from the browser's cache, goes on, and lets go of what it has left", async () => {
    const [universe, keepers] = [new Universe(), new MemoryKeeper()];
    const { page, upload, release } = await half(universe, {}, { keeper: keepers.for("") });
    page.life.leave();
    await alive(
      page,
      when(upload, ({ phase }) => phase === "paused"),
    );
    const away = keepers.size;
    page.life.comeBack();
    release();

    await alive(page, upload.finished);

    expect([away, keepers.size]).toEqual([1, 0]);
    expect(stored(universe)).toEqual(bytes);
  });
});
