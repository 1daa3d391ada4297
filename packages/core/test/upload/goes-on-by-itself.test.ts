/** A page that begins goes on with what earlier pages left, as far as nobody has to do anything for it. */
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../../src/api/upload.js";
import type { PendingUpload } from "../../src/api/uploader.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { handleTo, picked } from "../doubles/memory-handle.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, open, partsStored, when } from "../world/scene.js";

/** Requests for part 5 never move. */
const stuck = (store: ObjectStore): ObjectStore => ({
  ...store,
  putPart: (...call) => {
    if (call[1] !== 5) return store.putPart(...call);
    const { signal } = call[4];
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  },
});

interface Left {
  readonly permission?: PermissionState;
  readonly without?: "handle";
  readonly options?: Partial<UploadOptions>;
  readonly paused?: boolean;
  /** The file is another one, or gone, when it is read again. */
  readonly edited?: boolean;
}

async function alive<T>(page: Page, done: Promise<T>): Promise<T> {
  const result = await page.live(done);
  if (result === "dead") throw new Error("The page died");
  return result;
}

/** A page leaves an upload of which four parts are stored. */
async function leave(universe: Universe, key: string, left: Left = {}): Promise<Page> {
  const page = open(universe, { store: stuck });
  const file = new MemoryFile(bytes, `${key}.bin`);
  let now: File = file;
  const handle = { ...handleTo(file, left.permission), getFile: async () => now };
  const source = left.without === "handle" ? file : { ...picked(file), handle };
  const upload = page.uploader.upload(source, { key, ...left.options });
  upload.finished.catch(() => undefined);
  await page.live(when(upload, partsStored(4)));
  if (left.paused) await page.live(upload.pause());
  if (left.edited) now = new MemoryFile(seededBytes(95, 8), `${key}.bin`);
  return page;
}

async function died(universe: Universe, key: string, left: Left = {}): Promise<void> {
  const page = await leave(universe, key, left);
  await page.kill();
}

const keysOf = (entries: readonly { readonly key: string }[]) => entries.map(({ key }) => key).sort();

describe("resumeAll()", () => {
  test("goes on with what needs nobody, and returns the rest", async () => {
    const universe = new Universe();
    await died(universe, "ready");
    await died(universe, "asks", { permission: "prompt" });
    await died(universe, "picked again", { without: "handle" });
    await died(universe, "paused", { paused: true });
    await died(universe, "told", { options: { callback: { url: "https://app.example", body: "a=1" } } });
    await leave(universe, "in another tab");
    const page = open(universe);

    const rest = await alive(page, page.uploader.resumeAll());
    await alive(page, Promise.all(page.uploader.uploads.map(({ finished }) => finished)));

    expect(keysOf(rest)).toEqual(["asks", "in another tab", "paused", "picked again", "told"]);
    expect(keysOf(page.uploader.uploads)).toEqual(["ready"]);
    expect(universe.server.objects.get("ready")?.bytes).toEqual(bytes);
    expect([...universe.server.objects.keys()]).toEqual(["ready"]);
  });

  test.each<[string, (page: Page) => Promise<readonly PendingUpload[]>]>([
    [
      "at the same time",
      async ({ uploader }) => (await Promise.all([uploader.resumeAll(), uploader.resumeAll()])).flat(),
    ],
    ["one after the other", async ({ uploader }) => [...(await uploader.resumeAll()), ...(await uploader.resumeAll())]],
  ])("called twice, %s, goes on once", async (_when, twice) => {
    const universe = new Universe();
    await died(universe, "one");
    await died(universe, "two");
    const page = open(universe);

    const rest = await alive(page, twice(page));
    await alive(page, Promise.all(page.uploader.uploads.map(({ finished }) => finished)));

    expect(rest).toEqual([]);
    expect(keysOf(page.uploader.uploads)).toEqual(["one", "two"]);
    expect(universe.server.count("UploadPart")).toBe(20);
  });

  test("gives each caller a list of its own", async () => {
    const universe = new Universe();
    await died(universe, "asks", { permission: "prompt" });
    const page = open(universe);

    const [first, second] = await alive(
      page,
      Promise.all([page.uploader.resumeAll(), page.uploader.resumeAll()] as const),
    );
    first.pop();

    expect([first, keysOf(second)]).toEqual([[], ["asks"]]);
  });

  test("returns what could not go on, whose own resume() says why, and goes on with the others", async () => {
    const universe = new Universe();
    await died(universe, "edited", { edited: true });
    await died(universe, "ready");
    const page = open(universe);

    const rest = await alive(page, page.uploader.resumeAll());

    expect(keysOf(rest)).toEqual(["edited"]);
    expect(keysOf(page.uploader.uploads)).toEqual(["ready"]);
    const resuming = rest[0]?.resume() ?? Promise.reject();
    await expect(page.live(resuming)).rejects.toMatchObject({ code: "file-changed" });
  });

  test("leaves alone what the user has paused on this page since", async () => {
    const universe = new Universe();
    await died(universe, "one");
    const page = open(universe, { store: stuck });
    await alive(page, page.uploader.resumeAll());
    const [upload] = page.uploader.uploads;
    await alive(page, upload?.pause() ?? Promise.reject());

    const rest = await alive(page, page.uploader.resumeAll());

    expect([rest, upload?.state.phase, page.uploader.uploads.length]).toEqual([[], "paused", 1]);
  });
});
