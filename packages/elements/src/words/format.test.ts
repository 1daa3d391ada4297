import { describe, expect, test } from "vitest";
import { count } from "./count.js";
import { en } from "./en.js";
import { formatAgo, formatBytes, formatDuration, formatRate, formatTimeLeft, percent } from "./format.js";
import { zh } from "./zh.js";

describe("sizes", () => {
  test.each([
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [1536, "1.54 kB"],
    [8_388_608, "8.39 MB"],
    [12_345_678, "12.3 MB"],
    [300_000_000, "300 MB"],
    [1_200_000_000, "1.20 GB"],
    [53_687_091_200, "53.7 GB"],
    [48_800_000_000_000, "48.8 TB"],
  ])("%d bytes are %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  test.each([
    [9994, "9.99 kB"],
    [9996, "10.0 kB"],
    [99_940, "99.9 kB"],
    [99_960, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [999_999_999, "1.00 GB"],
  ])("rounding %d bytes never shows a fourth figure: %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  test("a rate is a size per second", () => {
    expect(formatRate(23_400_000)).toBe("23.4 MB/s");
  });
});

describe("durations", () => {
  test.each([
    [0, "0.1 s"],
    [0.42, "0.4 s"],
    [0.96, "1 s"],
    [31.4, "31 s"],
    [59.6, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3599.6, "1 h 00 min"],
    [11_520, "3 h 12 min"],
    [86_400, "1 d 0 h"],
    [187_200, "2 d 4 h"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(formatDuration(seconds, en.time)).toBe(words);
  });

  test("the time left is not guessed before it means something", () => {
    expect(formatTimeLeft(null, en.time)).toBe("");
    expect(formatTimeLeft(Number.POSITIVE_INFINITY, en.time)).toBe("");
  });

  test("the last second is not counted in tenths", () => {
    expect(formatTimeLeft(0.3, en.time)).toBe("almost there");
    expect(formatTimeLeft(31, en.time)).toBe("31 s left");
  });

  test.each([
    [-5000, "just now"],
    [59_000, "just now"],
    [60_000, "1 minute ago"],
    [3_599_000, "59 minutes ago"],
    [10_800_000, "3 hours ago"],
    [90_000_000, "yesterday"],
    [172_800_000, "2 days ago"],
  ])("%d ms ago is %s", (ms, words) => {
    expect(formatAgo(ms, en)).toBe(words);
  });

  test("the day before is said as people say it, in Chinese too", () => {
    expect(formatAgo(90_000_000, zh)).toBe("昨天");
    expect(formatAgo(10_800_000, zh)).toBe("3小时前");
  });
});

test("what is not completed is not 100 %, and nothing has no percent", () => {
  expect([0, 0.424, 0.999999, 1, null].map(percent)).toEqual(["0 %", "42 %", "99 %", "100 %", "–"]);
});

test("one part is not 1 parts", () => {
  expect([count(1, "part"), count(38, "part"), count(10_000, "part")]).toEqual(["1 part", "38 parts", "10,000 parts"]);
});
