/**
 * What every checkpoint store promises the uploader. It needs no test runner: it runs in Node for the stores in memory, and in a page
 * for IndexedDB.
 */
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";

export interface ContractCase {
  /** A sentence about the store. */
  readonly name: string;
  /** @throws Error when the store does not keep its word */
  readonly check: (store: CheckpointStore) => Promise<void>;
}

const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();

function same(actual: unknown, expected: unknown): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`${seen} where ${wanted} was expected`);
}

async function partsOf(store: CheckpointStore, id: string): Promise<readonly string[]> {
  return sorted((await store.load(id))?.parts ?? []);
}

async function nameOfFailure(work: Promise<void>): Promise<string> {
  return await work.then(
    () => "success",
    (error: unknown) => (error instanceof DOMException ? error.name : String(error)),
  );
}

export const checkpointStoreContract: readonly ContractCase[] = [
  {
    name: "an upload that was never begun has no records",
    check: async (store) => same(await store.load("a"), undefined),
  },
  {
    name: "a head and its parts come back as they were written",
    check: async (store) => {
      await store.begin("a", { upload: 1 });
      await store.addPart("a", 2, { part: 2 });
      await store.addPart("a", 10_000, { part: 10_000 });

      same((await store.load("a"))?.head, { upload: 1 });
      same(await partsOf(store, "a"), sorted([{ part: 2 }, { part: 10_000 }]));
    },
  },
  {
    name: "the names of a record come back in their order, which its seal covers",
    check: async (store) => {
      await store.begin("a", { zebra: 1, apple: { y: 1, x: 2 } });
      await store.addPart("a", 1, { size: 1, etag: "e", number: 1 });

      const saved = await store.load("a");
      same(saved, { head: { zebra: 1, apple: { y: 1, x: 2 } }, parts: [{ size: 1, etag: "e", number: 1 }] });
    },
  },
  {
    name: "the same part again replaces the record",
    check: async (store) => {
      await store.begin("a", {});
      await store.addPart("a", 1, { old: true });
      await store.addPart("a", 1, { old: false });

      same(await partsOf(store, "a"), sorted([{ old: false }]));
    },
  },
  {
    name: "beginning again removes the parts of before",
    check: async (store) => {
      await store.begin("a", { upload: 1 });
      await store.addPart("a", 1, {});
      await store.begin("a", { upload: 2 });

      same(await store.load("a"), { head: { upload: 2 }, parts: [] });
    },
  },
  {
    name: "a new head leaves the parts alone",
    check: async (store) => {
      await store.begin("a", { upload: 1 });
      await store.addPart("a", 1, { part: 1 });
      await store.updateHead("a", { upload: 1, again: true });

      same(await store.load("a"), { head: { upload: 1, again: true }, parts: [{ part: 1 }] });
    },
  },
  {
    name: "a write for an upload that was never begun fails, and writes nothing",
    check: async (store) => {
      await store.begin("a", {});
      await store.remove("a");

      same(await nameOfFailure(store.addPart("a", 1, {})), "NotFoundError");
      same(await nameOfFailure(store.updateHead("a", {})), "NotFoundError");
      same(await store.load("a"), undefined);
      same(await store.list(), []);
    },
  },
  {
    name: "removing an upload removes its head and parts only, and may be repeated",
    check: async (store) => {
      for (const id of ["a", "aa", "b"]) {
        await store.begin(id, { id });
        await store.addPart(id, 1, { id });
      }
      await store.remove("a");
      await store.remove("a");

      same(await store.load("a"), undefined);
      same(
        sorted(await store.list()),
        sorted([
          { id: "aa", head: { id: "aa" }, storedParts: 1 },
          { id: "b", head: { id: "b" }, storedParts: 1 },
        ]),
      );
    },
  },
  {
    name: "parts that are written at the same time are all there",
    check: async (store) => {
      await store.begin("a", {});
      const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
      await Promise.all(numbers.map((number) => store.addPart("a", number, { number })));

      same(await partsOf(store, "a"), sorted(numbers.map((number) => ({ number }))));
      same((await store.list())[0]?.storedParts, 100);
    },
  },
  {
    name: "values that JSON does not know survive: dates, bytes, undefined",
    check: async (store) => {
      await store.begin("a", { at: new Date(5), bytes: new Uint8Array([1, 2]), nothing: undefined });
      const head = (await store.load("a"))?.head as { at: Date; bytes: Uint8Array; nothing: unknown };

      same([head.at.getTime(), [...head.bytes], "nothing" in head], [5, [1, 2], true]);
    },
  },
];
