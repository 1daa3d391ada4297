import { describe, expect, test } from "vitest";
import { judge } from "./shown.js";

const said = (at: number, fraction: number, secondsLeft: number | null = null) => ({ at, fraction, secondsLeft });

describe("a bar", () => {
  test.each([
    ["from the start on", [said(4000, 0.5), said(5000, 1)], 4000],
    ["until it moves again, whatever is said meanwhile", [said(1000, 0.5), said(2000, 0.5), said(4500, 1)], 3500],
    ["after it went back, until it is further than before", [said(1000, 0.5), said(1500, 0.2), said(5000, 1)], 4000],
    ["to the end, if it was never full", [said(1000, 0.9)], 9000],
  ])("stands still %s", (_, told, longest) => {
    expect(judge(told, 10_000).longestStillMs).toBe(longest);
  });

  test("that is full may stay as it is", () => {
    expect(judge([said(1000, 0.5), said(2000, 1)], 60_000).longestStillMs).toBe(1000);
  });

  test("goes back by as much as it had been further", () => {
    expect(judge([said(1000, 0.5), said(2000, 0.3), said(3000, 0.4)], 5000).furthestBack).toBeCloseTo(0.2);
  });
});

describe("the time left", () => {
  test.each([
    ["too long", [said(5000, 0.5, 10)], 2],
    ["too short", [said(5000, 0.5, 2.5)], 2],
    ["right", [said(5000, 0.5, 5)], 1],
    ["wrong before a quarter of the file", [said(1000, 0.2, 100), said(5000, 0.5, 5)], 1],
    ["wrong in the last seconds", [said(5000, 0.5, 5), said(9000, 0.9, 10)], 1],
    ["not said for a while", [said(5000, 0.5, 5), said(6000, 0.6)], 1],
    ["never said", [said(5000, 0.5)], Number.POSITIVE_INFINITY],
  ])("that is %s is off by so many times", (_, told, factor) => {
    expect(judge(told, 10_000).secondsLeftFactor).toBeCloseTo(factor);
  });

  test("is judged from another moment on after a change", () => {
    expect(judge([said(3000, 0.5, 100), said(5000, 0.6, 5)], 10_000, 4000).secondsLeftFactor).toBe(1);
  });
});
