/** What happens to uploads when the user leaves the page, and when the browser brings it back from its cache. Law: crash-only. */
import { expect, test } from "vitest";
import type { UploadState } from "../../src/api/upload.js";
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { forgiving } from "../../src/checkpoint/forgiving.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts, when } from "../world/scene.js";

const phases = (states: readonly UploadState[]) => [...new Set(states.map(({ phase }) => phase))];
const isPaused = ({ phase }: UploadState) => phase === "paused";

test("when the user leaves, the page gives up its lock and its requests, and writes no record", async () => {
  const universe = new Universe();
  const { page, upload } = await half(universe);
  universe.log.length = 0;

  page.life.leave();
  await page.live(when(upload, isPaused));

  expect(universe.log).toEqual([]);
  expect(universe.locks.heldNames).toEqual([]);
  expect(universe.server.uploads.size).toBe(1);
});

test.each([
  ["as a dead line", new UploadError("network", "cut by the browser")],
  ["as other bytes", new UploadError("corrupted", "cut by the browser")],
  ["as a file that cannot be read", new UploadError("file-unreadable", "cut by the browser")],
  ["as something unheard of", new TypeError("cut by the browser")],
])("what the browser breaks while the page leaves (%s) is no failure of the upload", async (_how, error) => {
  const universe = new Universe();
  const breaking = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: (...call) => store.putPart(...call).catch(() => Promise.reject(error)),
  });
  const { page, upload } = await half(universe, {}, { store: breaking });
  const states: UploadState[] = [];
  upload.subscribe((state) => states.push(state));

  page.life.leave();
  await page.live(when(upload, isPaused));

  expect(phases(states)).toEqual(["paused"]);
});

test("an upload that is paused and resumed in one task does not go on in a page that leaves then", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);
  const states: UploadState[] = [];
  upload.pause();
  upload.resume();
  page.life.leave();
  upload.subscribe((state) => states.push(state));
  universe.log.length = 0;

  await page.live(when(upload, isPaused));
  const away = [...universe.log];
  release();
  page.life.comeBack();
  await page.live(upload.finished);

  expect(away).toEqual([]);
  expect(phases(states)[0]).toBe("paused");
  expect(stored(universe)).toEqual(bytes);
});

test("a page that comes back goes on by itself, with the same promise, and stores no part twice", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);
  const { finished } = upload;
  page.life.leave();
  await page.live(when(upload, isPaused));

  release();
  page.life.comeBack();
  const result = await page.live(finished);

  expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
  expect(universe.server.count("UploadPart")).toBe(10);
  expect(stored(universe)).toEqual(bytes);
  expect(await universe.disk.checkpoints.list()).toEqual([]);
});

test("a page that comes back before everything had stopped goes on all the same", async () => {
  const universe = new Universe();
  const { page, upload, release } = await half(universe);

  page.life.leave();
  release();
  page.life.comeBack();
  await page.live(upload.finished);

  expect(stored(universe)).toEqual(bytes);
});

test("an upload that waits for a slot or for another tab waits again when its page comes back", async () => {
  const universe = new Universe();
  const { page: other, upload: first, release } = await half(universe);
  const page = open(universe);
  const upload = page.uploader.upload(tenParts(), { key });
  const waits = (state: UploadState) => state.waiting?.reason === "other-tab";
  await page.live(when(upload, waits));

  page.life.leave();
  await page.live(when(upload, isPaused));
  page.life.comeBack();
  await page.live(when(upload, waits));
  release();
  await other.live(first.finished);
  await page.live(upload.finished);

  expect(stored(universe)).toEqual(bytes);
});

test("another page may finish what a page in the cache has left, and that one finds it finished when it comes back", async () => {
  const universe = new Universe();
  const remembering = (disk: CheckpointStore) => forgiving(disk, () => undefined);
  const { page, upload, release } = await half(universe, {}, { checkpoints: remembering });
  page.life.leave();
  await page.live(when(upload, isPaused));
  release();
  const next = open(universe);

  await next.live(next.uploader.upload(tenParts(), { key }).finished);
  page.life.comeBack();
  const result = await page.live(upload.finished);

  expect(result).toMatchObject({ verified: "crc64", alreadyStored: true });
  expect(universe.server.uploads.size).toBe(0);
  expect(stored(universe)).toEqual(bytes);
});

test.each<[string, readonly ("leave" | "pause" | "cancel")[], UploadState["phase"]]>([
  ["paused before", ["pause", "leave"], "paused"],
  ["paused while the page left", ["leave", "pause"], "paused"],
  ["cancelled while the page left", ["leave", "cancel"], "cancelled"],
])("an upload that was %s stays so when the page comes back", async (_when, acts, phase) => {
  const universe = new Universe();
  const { page, upload } = await half(universe);

  for (const act of acts) {
    if (act === "leave") page.life.leave();
    else upload[act]();
  }
  await page.live(when(upload, (state) => state.phase === phase));
  page.life.comeBack();
  for (let turns = 0; turns < 50; turns += 1) await page.live(new Promise((resolve) => setImmediate(resolve)));

  expect(upload.state.phase).toBe(phase);
});

test("a closed uploader does not react when the user leaves the page", async () => {
  const universe = new Universe();
  const idle = open(universe);
  const before = idle.life.watched;
  const { page } = await half(universe);
  const during = page.life.watched;

  await page.live(page.uploader.close());

  expect([before, during, page.life.watched]).toEqual([false, true, false]);
});

test.each<[string, boolean]>([
  ["may be listed", true],
  ["may not be listed", false],
])(
  "who comes back looks before a part goes to an upload that another page has completed, where parts %s",
  async (_rights, mayList) => {
    const universe = new Universe();
    universe.server.permissions.list = mayList;
    const remembering = (disk: CheckpointStore) => forgiving(disk, () => undefined);
    const { page, upload, release } = await half(universe, {}, { checkpoints: remembering });
    page.life.leave();
    await page.live(when(upload, isPaused));
    release();
    const next = open(universe);
    await next.live(next.uploader.upload(tenParts(), { key }).finished);
    universe.log.length = 0;

    page.life.comeBack();
    const result = await page.live(upload.finished);

    expect(result).toMatchObject({ verified: "crc64", alreadyStored: true });
    expect(universe.log.filter((name) => name.startsWith("putPart"))).toEqual([]);
    expect(universe.log).not.toContain("initiate");
    expect(stored(universe)).toEqual(bytes);
  },
);
