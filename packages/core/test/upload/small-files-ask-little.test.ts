/** A small file costs what its request costs: nothing is asked of database and drive that a small file does not need. */
import { expect, test } from "vitest";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { open } from "../world/scene.js";

const defaults = { settings: { partSize: "auto", singlePutBelow: undefined } } as const;
const KiB = 1024;

/** @returns what an upload of a file of that size asks of the world, in order */
async function asksOf(size: number, options: Parameters<typeof open>[1]): Promise<readonly string[]> {
  const universe = new Universe();
  const page = open(universe, options);
  await page.live(page.uploader.upload(new MemoryFile(seededBytes(size, 1)), { key: "small.bin" }).finished);
  expect(universe.server.objects.get("small.bin")?.bytes).toHaveLength(size);
  return universe.log;
}

test("a file that always goes in one request asks the database nothing", async () => {
  expect(await asksOf(128 * KiB, defaults)).toEqual(["putObject"]);
});

test.each([
  ["is larger", 128 * KiB + 1, defaults],
  ["is sent in parts by the app's wish", 10, { settings: { partSize: "auto", singlePutBelow: 0 } }],
  ["may have been sent in smaller parts", 10, { settings: { partSize: 100 * KiB, singlePutBelow: undefined } }],
] as const)("a file that %s is looked for in the database first", async (_, size, options) => {
  expect((await asksOf(size, options))[0]).toBe("load");
});
