import { expect, test } from "vitest";
import { createThroughput } from "./page-throughput.js";

test("a steady stream is as much in every second", () => {
  const throughput = createThroughput();

  for (let at = 0; at <= 5000; at += 100) throughput.note(at, at * 1000);

  expect(throughput.seconds(5000).slice(-3)).toEqual([1_000_000, 1_000_000, 100_000]);
});

test("what has to be sent again does not make a second negative", () => {
  const throughput = createThroughput();
  throughput.note(0, 0);
  throughput.note(1000, 8_000_000);
  throughput.note(1500, 3_000_000);
  throughput.note(2000, 4_000_000);

  expect(throughput.seconds(2000).slice(-3)).toEqual([0, 8_000_000, 1_000_000]);
});

test("what was moved before the first look is not this second's", () => {
  const throughput = createThroughput();

  throughput.note(10_000, 5_000_000_000);

  expect(throughput.seconds(10_000).every((bytes) => bytes === 0)).toBe(true);
});

test("a minute of silence leaves nothing to draw", () => {
  const throughput = createThroughput();
  throughput.note(0, 0);
  throughput.note(500, 100);

  expect(throughput.isStill(59_999)).toBe(false);
  expect(throughput.isStill(61_000)).toBe(true);
});
