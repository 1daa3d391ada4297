/** The checkpoint outlives what it points at: the server comes first, then the checkpoint. */
import { expect, test } from "vitest";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { half, key, open } from "../world/scene.js";

test("server first, then checkpoint: in the beginning, in the end, and when it is cancelled", async () => {
  const universe = new Universe();
  const page = open(universe);
  await page.live(page.uploader.upload(new MemoryFile(seededBytes(15)), { key }).finished);
  const whole = [...universe.log];
  const { page: second, upload } = await half(universe);
  universe.log.length = 0;

  await second.live(upload.cancel());

  expect(whole).toEqual([
    "load",
    "initiate",
    "begin",
    "putPart 1",
    "addPart 1",
    "putPart 2",
    "addPart 2",
    "updateHead",
    "complete",
    "remove",
  ]);
  expect(universe.log.filter((act) => !act.includes("Part"))).toEqual(["load", "updateHead", "abort", "remove"]);
});
