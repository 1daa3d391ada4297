/** Checkpoint records that a disk has damaged, or that a later version wrote. */
import { describe, expect, test } from "vitest";
import { bytes, deadHalfway, onlyId, open, resumed, stored } from "../world/scene.js";

describe("a record that is damaged", () => {
  const damages: readonly (readonly [string, (record: Record<string, unknown>) => unknown])[] = [
    ["changed", (record) => ({ ...record, plain: { ...(record.plain as object), partSize: 11, size: 11 } })],
    ["truncated", (record) => ({ plain: record.plain })],
    ["of another kind", () => "rubbish"],
    ["null", () => null],
    ["of a later version", (record) => ({ ...record, plain: { ...(record.plain as object), version: 3 } })],
  ];

  test.each(damages)("when it is the head (%s) means starting over, and the object is right", async (_what, damage) => {
    const universe = await deadHalfway();
    const id = await onlyId(universe);
    const saved = await universe.disk.checkpoints.load(id);
    await universe.disk.checkpoints.updateHead(id, damage(saved?.head as Record<string, unknown>));

    await resumed(universe);

    expect(universe.server.count("UploadPart")).toBe(14);
    expect(stored(universe)).toEqual(bytes);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test.each(damages)(
    "when it is that of a part (%s) means that this part is looked at again",
    async (_what, damage) => {
      const universe = await deadHalfway();
      universe.server.permissions.list = false;
      const id = await onlyId(universe);
      const saved = await universe.disk.checkpoints.load(id);
      await universe.disk.checkpoints.addPart(id, 3, damage(saved?.parts[2] as Record<string, unknown>));

      await resumed(universe);

      expect(universe.server.count("UploadPart")).toBe(11);
      expect(universe.server.count("UploadPart", 3)).toBe(2);
      expect(stored(universe)).toEqual(bytes);
    },
  );

  test("is not offered as pending when it is the head", async () => {
    const universe = await deadHalfway();
    await universe.disk.checkpoints.updateHead(await onlyId(universe), { plain: {} });
    const page = open(universe);

    expect(await page.live(page.uploader.pending())).toEqual([]);
  });
});
