import { describe, expect, test } from "vitest";
import { bucketOf, bytesPerSecondOf, mostLines, namesOf } from "./shape.js";

describe("a line", () => {
  test("is a token bucket of its rate and its queue", () => {
    expect(bucketOf({ kbit: 8000, queueMs: 300 }).join(" ")).toBe("tbf rate 8000kbit burst 16384b latency 300ms");
  });

  test("that is wide lets more through at once, so that late timers do not make it narrow", () => {
    expect(bucketOf({ kbit: 100_000 })).toEqual(["tbf", "rate", "100000kbit", "burst", "31250b", "latency", "200ms"]);
  });

  test.each([
    [{ kbit: 0 }, "a line of 0 kbit/s"],
    [{ kbit: Number.NaN }, "a line of NaN kbit/s"],
    [{ kbit: 8000, queueMs: 0 }, "a queue of 0 ms"],
    [{ kbit: 8000, queueMs: 60_000 }, "a queue of 60000 ms"],
  ])("cannot be %j", (shape, message) => {
    expect(() => bucketOf(shape)).toThrow(message);
  });

  test("carries less of a file than its rate says: every packet has its headers", () => {
    expect(Math.round(bytesPerSecondOf(8000))).toBe(956_407);
  });

  test("shares neither name nor address with another one", () => {
    const all = Array.from({ length: mostLines }, (_, n) => namesOf(n));
    const addresses = all.flatMap(({ inside, outside }) => [inside, outside]);

    expect(new Set(all.map(({ namespace }) => namespace)).size).toBe(mostLines);
    expect(new Set(addresses).size).toBe(2 * mostLines);
    expect(addresses.every((address) => address.split(".").every((byte) => Number(byte) < 256))).toBe(true);
    // The system takes no longer names of links.
    expect(Math.max(...all.map(({ link }) => link.length))).toBeLessThanOrEqual(15);
  });
});
