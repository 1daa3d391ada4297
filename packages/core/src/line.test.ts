import { describe, expect, test } from "vitest";
import { Line } from "./line.js";
import { ConnectionCount } from "./store/connection-count.js";

const MiB = 1024 * 1024;

/** A line, and a clock that the test sets. */
function scene(known?: ConstructorParameters<typeof Line>[2]) {
  let now = 5_000;
  const line = new Line(() => now, new ConnectionCount(6), known);
  const pass = (ms: number) => {
    now += ms;
  };
  const request = (bytes: number | undefined, ms: number) => {
    const begun = line.begins(bytes);
    pass(ms);
    line.answered(begun);
    line.ended(begun);
  };
  /** So many bodies side by side. */
  const together = (count: number, bytes: number, ms: number) => {
    const begun = Array.from({ length: count }, () => line.begins(bytes));
    pass(ms);
    for (const each of begun) line.answered(each);
    for (const each of begun) line.ended(each);
  };
  return { line, pass, request, together };
}

describe("the line", () => {
  test("is unknown in the beginning", () => {
    const { line } = scene();

    expect([line.bytesPerSecond, line.roundTripMs, line.areShared, line.known]).toEqual(Array(4).fill(undefined));
    expect(line.connections).toBe(3);
  });

  test("begins with what an earlier page has learnt, until something is stored", () => {
    const { line, request } = scene({ bytesPerSecond: 1e6, roundTripMs: 40, connections: 3 });
    const before = [line.bytesPerSecond, line.roundTripMs, line.known];

    request(MiB, 10_000);

    expect(before).toEqual([1e6, 40, undefined]);
    expect(line.bytesPerSecond).toBeLessThan(0.2e6);
  });

  test("carries what all connections get through together", () => {
    const { line, together } = scene();

    together(3, MiB, 3_000);

    expect(line.bytesPerSecond).toBeCloseTo(MiB, -3);
  });

  test("is followed by parts of every size: small ones raise the speed as well as lower it", () => {
    const { line, request, together } = scene();
    request(undefined, 2);
    together(3, MiB, 9_000);
    const slow = line.bytesPerSecond ?? 0;
    for (let rounds = 0; rounds < 60; rounds += 1) together(3, 20_000, 30);
    const fast = line.bytesPerSecond ?? 0;
    for (let rounds = 0; rounds < 3; rounds += 1) together(3, 20_000, 3_000);

    expect(slow).toBeCloseTo(MiB / 3, -3);
    expect(fast).toBeCloseTo(60_000 / 0.028, -3);
    expect(line.bytesPerSecond).toBeCloseTo(20_000, -3);
  });

  test("is not slower for time in which nothing was under way", () => {
    const { line, pass, together } = scene();
    together(3, MiB, 1_000);

    pass(3_600_000);
    together(3, MiB, 1_000);

    expect(line.bytesPerSecond).toBeCloseTo(3 * MiB, -3);
  });

  test("is hardly slower for an hour of silence in the middle of a part", () => {
    const { line, pass } = scene();
    const body = line.begins(10 * MiB);
    pass(1_000);
    line.moves();
    pass(3_600_000);
    line.moves();
    line.answered(body);

    expect(line.bytesPerSecond).toBeGreaterThan(0.9 * MiB);
  });

  test("takes the round trips of a part for no part of its speed", () => {
    const { line, request } = scene();
    request(undefined, 100);

    request(MiB, 1_100);

    expect(line.bytesPerSecond).toBeCloseTo(MiB, -3);
  });

  test("has the round trip of its quickest answer, until all are slower", () => {
    const { line, request } = scene();

    request(undefined, 300);
    request(undefined, 100);
    request(undefined, 5_000);
    const soon = line.roundTripMs;
    for (let count = 0; count < 40; count += 1) request(undefined, 400);

    expect(soon).toBeCloseTo(55);
    expect(line.roundTripMs).toBe(200);
  });

  test("lets bodies be as large again when one that got no answer was no larger than others that were stored", () => {
    const { line, request } = scene();
    request(2 * MiB, 1_000);
    line.refused(2 * MiB);
    const during = line.largestBody;
    request(MiB, 1_000);

    expect([during, line.largestBody]).toEqual([MiB, 2 * MiB]);
  });

  test("lets no body be more than half of one that was refused as too large", () => {
    const { line } = scene();

    line.refused(2 * MiB);
    line.refused(8 * MiB);

    expect(line.largestBody).toBe(MiB);
  });
});
