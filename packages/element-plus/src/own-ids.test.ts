import fc from "fast-check";
import { expect, test } from "vitest";
import { ownIds } from "./own-ids.js";

/** As el-upload makes them. */
const kitUid = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

test("a row that the kit has handed over keeps the kit's number, in a later el-upload too", () => {
  fc.assert(
    fc.property(kitUid, (uid) => {
      const first = ownIds();
      const id = first.handedOver(uid);

      expect(first.isHandedOver(uid)).toBe(true);
      for (const ids of [first, ownIds()]) {
        expect(ids.uidOf(id)).toBe(uid);
        expect(ids.idOf(uid)).toBe(id);
        expect(ids.isHandedOver(uid)).toBe(true);
      }
    }),
  );
});

test("rows of earlier pages get numbers that no other row has", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1 }), fc.uniqueArray(kitUid), (rows, uids) => {
      const ids = ownIds();
      const handed = uids.map((uid) => ids.handedOver(uid));

      const all = [...rows, ...handed].map((id) => [id, ids.uidOf(id)] as const);

      expect(new Set(all.map(([, uid]) => uid)).size).toBe(all.length);
      for (const [id, uid] of all) {
        expect(ids.idOf(uid)).toBe(id);
        expect(ids.uidOf(id)).toBe(uid);
        // The kit takes 0 for none.
        expect(uid).not.toBe(0);
      }
    }),
  );
});

test("a file that the kit has not handed over is the kit's own row", () => {
  expect(ownIds().isHandedOver(1_700_000_000_001)).toBe(false);
});
