import { expect, test } from "vitest";
import { deferred } from "../../upload/deferred.js";
import type { PartRange } from "../../upload/plan.js";
import type { Remaining } from "./reconcile.js";
import { earlyFirst, inOrder, type Upcoming } from "./upcoming.js";

const range = (number: number): PartRange => ({ number, start: 10 * (number - 1), end: 10 * number });
const ranges = (...numbers: number[]) => numbers.map(range);
const tasks = (...numbers: number[]) => numbers.map((number) => ({ range: range(number) }));
const remains = (...numbers: number[]): Remaining => ({ kind: "continue", done: [], todo: tasks(...numbers) });
const taken = async (upcoming: Upcoming, count: number) =>
  (await upcoming.take(count)).map(({ range: { number } }) => number);

test("parts are taken in order, as many as there are, and then none", async () => {
  const upcoming = inOrder(tasks(1, 2, 3, 4, 5));

  const all = [await taken(upcoming, 1), await taken(upcoming, 3), await taken(upcoming, 3), await taken(upcoming, 3)];

  expect(all).toEqual([[1], [2, 3, 4], [5], []]);
});

test("what nobody can have sent comes first, then what remains, and nothing twice", async () => {
  const remaining = deferred<Remaining>();
  const upcoming = earlyFirst(ranges(7, 8, 9), remaining.promise);

  const early = [await taken(upcoming, 2), await taken(upcoming, 2)];
  const next = taken(upcoming, 4);
  remaining.resolve(remains(2, 5, 7, 8, 9));

  expect(early).toEqual([[7, 8], [9]]);
  expect(await next).toEqual([2, 5]);
  expect(await taken(upcoming, 4)).toEqual([]);
});

test("once it is known what remains nothing is begun that was not looked for in it", async () => {
  const remaining = deferred<Remaining>();
  const upcoming = earlyFirst(ranges(7, 8, 9), remaining.promise);
  await upcoming.take(1);

  remaining.resolve(remains(2, 7, 9));
  await remaining.promise;

  expect(await taken(upcoming, 4)).toEqual([2, 9]);
});

test("that it is not to be known what remains ends it", async () => {
  const remaining = deferred<Remaining>();
  const upcoming = earlyFirst(ranges(7), remaining.promise);
  await upcoming.take(1);

  const next = upcoming.take(4);
  remaining.reject(new Error("gone"));

  await expect(next).rejects.toThrow("gone");
});
