import { describe, expect, test } from "vitest";
import { ConnectionCount } from "./connection-count.js";

const MB = 1e6;

/** Each connection stores a part of so many seconds, while all together carry `speed` bytes per second. */
function round(count: ConnectionCount, speed: number, seconds = 1) {
  const n = count.allowed;
  const requests = Array.from({ length: n }, () => count.began());
  const ms = seconds * 1000;
  const body = { bytes: (speed * seconds) / n, ms, shareMs: ms / n, bodyMs: ms / n };
  for (const request of requests) count.stored(request, body);
  return requests;
}

/** So many rounds on a line that carries `speed(connections)`. @returns the number after each */
function rounds(count: ConnectionCount, times: number, speed: (connections: number) => number): number[] {
  return Array.from({ length: times }, () => {
    round(count, speed(count.allowed));
    return count.allowed;
  });
}

describe("the number of connections", () => {
  test("is three at first, or fewer where fewer may be, or what an earlier page has found", () => {
    expect(new ConnectionCount(6).allowed).toBe(3);
    expect(new ConnectionCount(2).allowed).toBe(2);
    expect(new ConnectionCount(6, { first: 5 }).allowed).toBe(5);
  });

  test("is what the app has decided, whatever happens", () => {
    const count = new ConnectionCount(4, { isFixed: true });

    count.choked(count.began());
    rounds(count, 5, () => 0.01 * MB);

    expect(count.allowed).toBe(4);
  });

  test("rises to the most where each connection carries as much again", () => {
    const count = new ConnectionCount(6);

    expect(rounds(count, 3, (connections) => connections * 0.5 * MB)).toEqual([6, 6, 6]);
    expect(count.areShared).toBe(false);
  });

  test("is tried, and comes back, where the connections share one line; then it rests", () => {
    const count = new ConnectionCount(6);

    expect(rounds(count, 20, () => MB)).toEqual([6, 6, ...Array(18).fill(3)]);
    expect(count.areShared).toBe(true);
  });

  test("is as many as carry more", () => {
    const count = new ConnectionCount(6);

    expect(rounds(count, 3, (connections) => Math.min(connections, 4) * 0.25 * MB)).toEqual([6, 6, 4]);
  });

  test("stays at the most on a wide line, which they share all the same", () => {
    const count = new ConnectionCount(6);

    expect(rounds(count, 3, () => 12 * MB)).toEqual([6, 6, 6]);
    expect(count.areShared).toBe(true);
  });

  test("is two where the smallest part of three would take too long", () => {
    const count = new ConnectionCount(6);

    expect(rounds(count, 9, () => 60_000)).toEqual(Array(9).fill(2));
  });

  test("is tried again when the line has changed", () => {
    const count = new ConnectionCount(6);
    rounds(count, 5, () => MB);
    const before = count.allowed;

    const after = rounds(count, 4, (connections) => connections * 0.6 * MB);

    expect(before).toBe(3);
    expect(after).toEqual([3, 6, 6, 6]);
  });

  test("learns nothing from parts that had the line for themselves", () => {
    const count = new ConnectionCount(6);

    for (let parts = 0; parts < 20; parts += 1) {
      count.stored(count.began(), { bytes: MB, ms: 1_000, shareMs: 1_000, bodyMs: 1_000 });
    }

    expect(count.allowed).toBe(3);
  });

  test("is halved once for all that were refused together", () => {
    const count = new ConnectionCount(6, { first: 6 });
    const together = Array.from({ length: 6 }, () => count.began());

    for (const request of together) count.choked(request);

    expect(count.allowed).toBe(3);
  });

  test("is halved again when less is still too much, but never below one", () => {
    const count = new ConnectionCount(6, { first: 6 });

    for (let cuts = 0; cuts < 5; cuts += 1) count.choked(count.began());

    expect(count.allowed).toBe(1);
  });

  test("recovers by one for each whole round of parts stored, as far as it was", () => {
    const count = new ConnectionCount(6, { first: 5 });
    count.choked(count.began());

    expect(rounds(count, 6, () => MB)).toEqual([3, 4, 5, 5, 5, 5]);
  });

  test("recovers by bodies that took only round trips, too", () => {
    const count = new ConnectionCount(6, { first: 5 });
    count.choked(count.began());

    const seen = Array.from({ length: 7 }, () => {
      count.storedBriefly(count.began());
      return count.forParts;
    });

    expect(seen).toEqual([2, 3, 3, 3, 4, 4, 4]);
  });

  test("is the most while bodies take only round trips, until one fills the line", () => {
    const count = new ConnectionCount(6);
    const seen = Array.from({ length: 4 }, () => {
      count.storedBriefly(count.began());
      return count.allowed;
    });
    count.stored(count.began(), { bytes: MB, ms: 1_000, shareMs: 333, bodyMs: 333 });

    expect([...seen, count.allowed]).toEqual([3, 3, 6, 6, 3]);
  });

  test("is exceeded by two that wait in the browser while bodies take only round trips, but not where an app has chosen, or a store has had too many", () => {
    const [count, chosen] = [new ConnectionCount(6), new ConnectionCount(6, { isFixed: true })];
    const brief = (times: number) => {
      for (const each of [count, chosen]) for (let i = 0; i < times; i += 1) each.storedBriefly(each.began());
      return [count.waiting, chosen.waiting];
    };

    expect([brief(2), brief(1)]).toEqual([
      [0, 0],
      [2, 0],
    ]);
    count.choked(count.began());
    expect(brief(1)).toEqual([0, 0]);
  });

  test("does not recover by what was begun before the cut", () => {
    const count = new ConnectionCount(6, { first: 6 });
    const [choked = count.began(), ...others] = Array.from({ length: 6 }, () => count.began());
    count.choked(choked);

    for (const other of others) count.stored(other, { bytes: MB, ms: 1_000, shareMs: 200, bodyMs: 200 });

    expect(count.allowed).toBe(3);
  });
});
