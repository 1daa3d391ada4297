/** What every keeper of files promises a page, wherever it keeps them. */
import type { Keeper } from "../../src/keeper/keeper.js";

/** A keeper, as several pages of one browser see it. */
export interface KeeperBench {
  /** A page that has looked for the keeper. */
  open(scope: string): Promise<Keeper>;
  /** A page that has not. */
  openBlind(scope: string): Keeper;
  /** Five minutes go by. */
  passFiveMinutes(): void;
  /** The browser ends the keeper's worker, and what it holds is gone. The next message starts another one. */
  end(): void;
}

export interface KeeperCase {
  /** A sentence about the keeper. */
  readonly name: string;
  /** @throws Error when the keeper does not keep its word */
  readonly check: (bench: KeeperBench) => Promise<void>;
}

const fileOf = (text: string) => new Blob([text]);

async function textsOf(kept: ReadonlyMap<string, Blob>): Promise<string> {
  const texts = [...kept].map(async ([id, file]) => `${id}=${await file.text()}`);
  return (await Promise.all(texts)).sort().join(" ");
}

function same(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${String(actual)} where ${String(expected)} was expected`);
}

export const keeperContract: readonly KeeperCase[] = [
  {
    name: "a page that has looked knows that it is there",
    check: async (bench) => same((await bench.open("")).isThere, true),
  },
  {
    name: "a page that has not looked gets the files that the last one left",
    check: async (bench) => {
      (await bench.open("")).keep([{ id: "a", file: fileOf("A") }]);

      same(await textsOf(await bench.openBlind("").kept(["a"])), "a=A");
    },
  },
  {
    name: "the next page gets the files that the last one left, and only those that it asks for",
    check: async (bench) => {
      (await bench.open("")).keep([
        { id: "a", file: fileOf("A") },
        { id: "b", file: fileOf("B") },
      ]);

      same(await textsOf(await (await bench.open("")).kept(["b", "c"])), "b=B");
    },
  },
  {
    name: "files that have a note are found without their ids, with it, and no others",
    check: async (bench) => {
      (await bench.open("")).keep([
        { id: "a", file: fileOf("A") },
        { id: "b", file: fileOf("B"), note: { plain: "of b" } },
      ]);
      const [queued, ...others] = await bench.openBlind("").queued();

      same(`${queued?.id} ${await queued?.file.text()} ${JSON.stringify(queued?.note)}`, 'b B {"plain":"of b"}');
      same(others.length, 0);
      same((await (await bench.open("another")).queued()).length, 0);
    },
  },
  {
    name: "two pages get the same file",
    check: async (bench) => {
      (await bench.open("")).keep([{ id: "a", file: fileOf("A") }]);

      for (const page of [await bench.open(""), await bench.open("")])
        same(await textsOf(await page.kept(["a"])), "a=A");
    },
  },
  {
    name: "what is kept again is kept as it is now",
    check: async (bench) => {
      const page = await bench.open("");
      page.keep([{ id: "a", file: fileOf("old") }]);
      page.keep([{ id: "a", file: fileOf("new") }]);

      same(await textsOf(await page.kept(["a"])), "a=new");
    },
  },
  {
    name: "a page of another scope gets nothing, and lets go of nothing",
    check: async (bench) => {
      const mine = await bench.open("mine");
      const yours = await bench.open("yours");
      mine.keep([{ id: "a", file: fileOf("A") }]);

      same(await textsOf(await yours.kept(["a"])), "");
      await yours.release(["a"]);
      await yours.release();
      same(await textsOf(await mine.kept(["a"])), "a=A");
    },
  },
  {
    name: "what is released is gone, and nothing else",
    check: async (bench) => {
      const page = await bench.open("");
      page.keep([
        { id: "a", file: fileOf("A") },
        { id: "b", file: fileOf("B") },
      ]);
      await page.release(["a"]);

      same(await textsOf(await page.kept(["a", "b"])), "b=B");
    },
  },
  {
    name: "a page that has not even looked can release all of its scope",
    check: async (bench) => {
      (await bench.open("")).keep([
        { id: "a", file: fileOf("A") },
        { id: "b", file: fileOf("B") },
      ]);
      const page = bench.openBlind("");
      await page.release();

      same(await textsOf(await page.kept(["a", "b"])), "");
    },
  },
  {
    name: "nothing is kept for longer than five minutes",
    check: async (bench) => {
      const page = await bench.open("");
      page.keep([{ id: "a", file: fileOf("A") }]);
      bench.passFiveMinutes();

      same(await textsOf(await page.kept(["a"])), "");
    },
  },
  {
    name: "a keeper whose worker was ended has nothing, and keeps what comes then",
    check: async (bench) => {
      const page = await bench.open("");
      page.keep([{ id: "a", file: fileOf("A") }]);
      bench.end();

      same(await textsOf(await page.kept(["a"])), "");
      page.keep([{ id: "b", file: fileOf("B") }]);
      same(await textsOf(await page.kept(["a", "b"])), "b=B");
    },
  },
];
