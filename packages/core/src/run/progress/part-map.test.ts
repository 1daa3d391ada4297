import { expect, test } from "vitest";
import { PartMap, partState } from "./part-map.js";

test("what is not cut yet is drawn as the parts that it would make now", () => {
  const map = new PartMap(100, 30);
  const before = [...map.starts()];

  map.add({ number: 5, start: 40, end: 60 }, 20, partState.stored);

  expect(before).toEqual([0, 30, 60, 90]);
  expect([...map.starts()]).toEqual([0, 20, 40, 60, 80]);
  expect([...map.states()]).toEqual([0, 0, partState.stored, 0, 0]);
  expect(map.total).toBe(5);
});

test("parts lie in the order of the file, in whichever order they are cut", () => {
  const map = new PartMap(60, 10);
  for (const number of [5, 1, 3]) map.add({ number, start: (number - 1) * 10, end: number * 10 }, 10);

  map.set(3, partState.inFlight);

  expect([...map.states()]).toEqual([0, 0, partState.inFlight, 0, 0, 0]);
  expect(map.sizeOf(3)).toBe(10);
});

test("a part that was not cut has no state, and none can be given to it", () => {
  const map = new PartMap(60, 10);

  map.set(2, partState.stored);

  expect(map.get(2)).toBeUndefined();
  expect([...map.states()]).toEqual([0, 0, 0, 0, 0, 0]);
});
