/** A queued file that a page has listed may be completed by what goes on after an earlier page, before the user resumes it. */
import { expect, test } from "vitest";
import type { UploadSource } from "../../src/api/upload.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { picked } from "../doubles/memory-handle.js";
import { MemoryKeeper } from "../doubles/memory-keeper.js";
import { leave } from "../world/kept.js";
import type { PageOptions, Universe } from "../world/page.js";
import { alive, deadWhileQueued, file, listed, only, queued, records } from "../world/queue.js";
import { bytes, key, open, stored } from "../world/scene.js";

async function completedAfter(universe: Universe, source: UploadSource, more: Partial<PageOptions> = {}) {
  const worker = open(universe, { pageless: true, ...more });
  worker.clock.advance(60_000);
  await alive(worker, worker.uploader.upload(source, { key }).finished);
  return worker;
}
const finished = async (page: ReturnType<typeof open>, entry: Awaited<ReturnType<typeof listed>>[number]) => {
  const upload = await alive(page, entry.resume());
  return await alive(page, upload.finished);
};

test("a noted file that was completed since it was listed is told once, and nothing is sent", async () => {
  const universe = await deadWhileQueued();
  const page = open(universe);
  const entry = only(await listed(page));
  await completedAfter(universe, picked(file()));
  universe.server.calls.length = 0;

  const result = await finished(page, entry);

  expect(result).toMatchObject({ key, verified: "crc64" });
  expect(universe.server.calls).toEqual([]);
  expect(await listed(page)).toEqual([]);
});

test("a kept file that was completed since it was listed is told once, and nothing is sent", async () => {
  const keepers = new MemoryKeeper();
  const source = new MemoryFile(bytes, "film.bin");
  const { universe, page: first } = await queued([source], { keeper: keepers.for("") });
  await leave(first);
  const page = open(universe, { keeper: keepers.for("") });
  const entry = (await listed(page)).find((each) => each.key === key);
  await completedAfter(universe, source);
  universe.server.calls.length = 0;

  const result = await finished(page, only(entry === undefined ? [] : [entry]));

  expect(result).toMatchObject({ key, verified: "crc64" });
  expect(universe.server.calls).toEqual([]);
  expect((await listed(page)).map((each) => each.key)).not.toContain(key);
});

test("a note that is left of what was completed is not offered, and goes", async () => {
  const universe = await deadWhileQueued();
  const noted = await records(universe);
  const note = await universe.disk.checkpoints.list();
  await completedAfter(universe, picked(file()));
  // Who completed it died before it removed the note.
  for (const { id, head } of note) await universe.disk.checkpoints.begin(id, head);
  const page = open(universe);

  const entry = only(await listed(page));
  const left = await records(universe);
  await finished(page, entry);

  expect([noted, left]).toEqual([1, 1]);
  expect(entry.result).toMatchObject({ key });
  expect(await listed(page)).toEqual([]);
  expect(stored(universe)).toEqual(bytes);
});
