import { expect, test } from "vitest";
import { KeptFiles } from "../../src/keeper/kept-files.js";
import { ManualClock } from "../doubles/manual-clock.js";

const file = new Blob(["A"]);
const minute = 60_000;
const filesOf = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index), file }));
const idsOf = (count: number) => filesOf(count).map(({ id }) => id);

/** @returns whether it is settled after everything else had its turn */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  await new Promise(setImmediate);
  return settled;
}

test("a file is kept for five minutes, and then let go without being asked for", async () => {
  const clock = new ManualClock();
  const kept = new KeptFiles(clock);
  kept.keep("", filesOf(1));

  clock.advance(5 * minute - 1);
  await new Promise(setImmediate);
  const before = kept.size;
  clock.advance(1);
  await new Promise(setImmediate);

  expect([before, kept.size]).toEqual([1, 0]);
  expect(clock.sleepers).toBe(0);
});

test("a file that is kept anew is kept for five minutes more", async () => {
  const clock = new ManualClock();
  const kept = new KeptFiles(clock);
  kept.keep("", filesOf(1));
  clock.advance(4 * minute);
  kept.keep("", filesOf(1));
  clock.advance(4 * minute);
  await new Promise(setImmediate);

  expect(kept.kept("", ["0"])).toHaveLength(1);
  clock.advance(minute);
  await new Promise(setImmediate);
  expect(kept.size).toBe(0);
});

test("of more than a thousand files of one scope the oldest go", () => {
  const kept = new KeptFiles(new ManualClock());
  for (const { id } of filesOf(1_002)) kept.keep("", [{ id, file }]);

  expect(kept.kept("", idsOf(1_002)).map(({ id }) => id)).toEqual(idsOf(1_002).slice(2));
});

test("of more than a thousand files that come together the first stay, and no other scope's go", () => {
  const kept = new KeptFiles(new ManualClock());
  kept.keep("yours", filesOf(1));
  kept.keep("mine", filesOf(1_002));

  expect(kept.kept("mine", idsOf(1_002)).map(({ id }) => id)).toEqual(idsOf(1_000));
  expect(kept.kept("yours", ["0"])).toHaveLength(1);
});

test("however many scopes there are, no more than 4,000 files are kept", () => {
  const kept = new KeptFiles(new ManualClock());
  for (const scope of ["a", "b", "c", "d", "e"]) kept.keep(scope, filesOf(1_000));

  expect(kept.size).toBe(4_000);
  expect(kept.kept("a", ["0"])).toEqual([]);
  expect(kept.kept("e", ["0"])).toHaveLength(1);
});

test("scopes and ids are not mixed up, whatever is in them", () => {
  const kept = new KeptFiles(new ManualClock());
  kept.keep('a","b', [{ id: "c", file }]);

  expect(kept.kept("a", ['b","c'])).toEqual([]);
});

test.each<[string, (kept: KeptFiles, clock: ManualClock) => void]>([
  ["a page has asked for all of them", (kept) => kept.kept("", idsOf(2))],
  ["they are released", (kept) => kept.release("")],
  ["one is released and a page has asked for the other", (kept) => [kept.release("", ["0"]), kept.kept("", ["1"])]],
  ["they are too old", (_, clock) => clock.advance(5 * minute)],
])("the worker has to live until %s", async (_, happens) => {
  const clock = new ManualClock();
  const kept = new KeptFiles(clock);
  kept.keep("", filesOf(2));
  const needed = kept.untilTaken();
  kept.kept("", ["0", "of nobody"]);
  kept.release("another");

  const early = await isSettled(needed);
  happens(kept, clock);
  await new Promise(setImmediate);

  expect(early).toBe(false);
  expect(await isSettled(needed)).toBe(true);
});

test("a worker that keeps nothing need not live", async () => {
  expect(await isSettled(new KeptFiles(new ManualClock()).untilTaken())).toBe(true);
});
