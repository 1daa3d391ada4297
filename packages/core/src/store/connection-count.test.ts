import { describe, expect, test } from "vitest";
import { ConnectionCount } from "./connection-count.js";

/** Begins as many requests as are allowed, and lets their bytes move. */
function round(count: ConnectionCount) {
  const requests = Array.from({ length: count.allowed }, () => count.began());
  for (const request of requests) count.moves(request);
  return requests;
}

describe("the number of connections", () => {
  test("begins modest, grows with every request that moves, and never beyond the most", () => {
    const count = new ConnectionCount(6);

    const first = count.allowed;
    const [request = count.began()] = round(count);
    count.moves(request);
    const second = count.allowed;
    round(count);

    expect([first, second, count.allowed]).toEqual([3, 6, 6]);
  });

  test.each([
    ["at once all that may be, when the store answers promptly", 200, 6],
    ["one more, when the answer took its time", 201, 4],
  ])("is %s", (_, ms, expected) => {
    const count = new ConnectionCount(6);

    count.answered(count.began(), ms);

    expect(count.allowed).toBe(expected);
  });

  test("is not raised by a prompt answer after something went wrong", () => {
    const count = new ConnectionCount(6);
    for (const request of round(count)) count.choked(request);

    count.answered(count.began(), 1);

    expect(count.allowed).toBe(3);
  });

  test("stays where it is while nothing moves", () => {
    const count = new ConnectionCount(6);

    for (let begun = 0; begun < 5; begun += 1) count.began();

    expect(count.allowed).toBe(3);
  });

  test("is halved once for all that were refused together", () => {
    const count = new ConnectionCount(6);
    round(count);
    const together = round(count);

    for (const request of together) count.choked(request);

    expect(count.allowed).toBe(3);
  });

  test("is halved again when less is still too much, but never below one", () => {
    const count = new ConnectionCount(6);

    for (let cuts = 0; cuts < 5; cuts += 1) for (const request of round(count)) count.choked(request);

    expect(count.allowed).toBe(1);
  });

  test("recovers by one for a whole round of parts stored", () => {
    const count = new ConnectionCount(6);
    round(count);
    for (const request of round(count)) count.choked(request);

    const after = round(count).map((request) => {
      count.stored(request);
      return count.allowed;
    });

    expect(after).toEqual([3, 3, 4]);
  });

  test("does not recover by what was begun before the cut", () => {
    const count = new ConnectionCount(6);
    round(count);
    const [choked = count.began(), ...others] = round(count);
    count.choked(choked);

    for (const request of others) count.stored(request);

    expect(count.allowed).toBe(3);
  });
});
