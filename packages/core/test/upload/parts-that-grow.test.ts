/** How large parts become, and how many connections are used, on the lines that people have: calculated, without network and time. */
import { describe, expect, test } from "vitest";
import { MiB } from "../../src/run/parts/part-size.js";
import { type SimulatedLine, simulate, unit } from "../world/simulated-line.js";

const mbit = (count: number) => (count * 1e6) / 8;
const steady = (bytesPerSecond: number, roundTripMs: number): SimulatedLine => ({
  carries: () => bytesPerSecond,
  ...{ roundTripMs, queueMs: 200 },
});
const falls: SimulatedLine = { carries: (at) => mbit(at < 8 ? 20 : 2), roundTripMs: 10, queueMs: 200 };
const rises: SimulatedLine = { carries: (at) => mbit(at < 30 ? 2 : 20), roundTripMs: 10, queueMs: 200 };

/** Seconds that the line needs for the bytes alone. */
function ideal(bytes: number, { carries, eachCarries = Number.POSITIVE_INFINITY }: SimulatedLine): number {
  let seconds = 0;
  for (let left = bytes; left > 0; seconds += 0.01) left -= Math.min(carries(seconds), 6 * eachCarries) * 0.01;
  return seconds;
}

/** What a reload loses at the worst moment ÷ what it may lose: 3 s of the line, two of the smallest parts, or a tenth of what was sent. */
function worstLoss(line: SimulatedLine, { atRisk }: ReturnType<typeof simulate>): number {
  const losses = atRisk.map(({ seconds, bytes, stored }) => {
    return bytes / Math.max(3 * line.carries(seconds), 2 * unit, (stored + bytes) / 10);
  });
  return Math.max(...losses);
}

describe("on a shared line", () => {
  test.each([
    ["0.5 Mbit/s", 6 * MiB, steady(mbit(0.5), 5), 8, 2],
    ["2 Mbit/s", 10 * MiB, steady(mbit(2), 5), 4, 3],
    ["8 Mbit/s", 30 * MiB, steady(mbit(8), 5), 4, 3],
    ["20 Mbit/s", 60 * MiB, steady(mbit(20), 5), 4, 3],
    ["100 Mbit/s", 200 * MiB, steady(mbit(100), 5), 4, 6],
  ])("of %s nearly nothing is lost, to round trips or a reload", (_, bytes, line, firstBy, connections) => {
    const seen = simulate(bytes, line);

    expect(ideal(bytes, line) / seen.seconds).toBeGreaterThan(0.975);
    expect(seen.firstStoredAt).toBeLessThan(firstBy);
    expect(seen.connections.at(-1)).toBe(connections);
    // Three of the smallest are under way before anything is known.
    expect(worstLoss(line, seen)).toBeLessThan(1.55);
    expect(seen.sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes);
  });

  test.each([
    ["falls from 20 to 2 Mbit/s", falls, 0.96],
    ["rises from 2 to 20 Mbit/s", rises, 0.96],
    ["is 50 ms away", steady(mbit(20), 50), 0.93],
  ])("that %s parts follow it", (_, line, least) => {
    const seen = simulate(60 * MiB, line);

    expect(ideal(60 * MiB, line) / seen.seconds).toBeGreaterThan(least);
    expect(worstLoss(line, seen)).toBeLessThan(1.1);
  });

  test.each([300, 1_000])("that is %i ms away a reload loses no more than on others", (roundTripMs) => {
    const line = steady(mbit(8), roundTripMs);
    const seen = simulate(30 * MiB, line);

    expect(worstLoss(line, seen)).toBeLessThan(1.3);
  });

  test("parts are as large as their seconds: some tens for a short file, some hundred for a long one", () => {
    expect(simulate(30 * MiB, steady(mbit(8), 5)).sizes.length).toBeLessThan(110);
    expect(simulate(300 * MiB, steady(mbit(8), 5)).sizes.length).toBeLessThan(550);
  });
});

describe("where each connection has a line of its own", () => {
  const far: SimulatedLine = { carries: () => 1e12, eachCarries: 2e6, roundTripMs: 50 };

  test("all six are found soon, and parts hide their round trips", () => {
    const seen = simulate(192 * MiB, far);

    expect(ideal(192 * MiB, far) / seen.seconds).toBeGreaterThan(0.94);
    expect(seen.connections.at(-1)).toBe(6);
  });

  test("the gain grows with the file", () => {
    const seen = simulate(1000 * MiB, far);

    expect(ideal(1000 * MiB, far) / seen.seconds).toBeGreaterThan(0.96);
  });
});

test("on a line without end parts are large before a tenth of a second has passed", () => {
  const loopback: SimulatedLine = { carries: () => 550e6, roundTripMs: 1 };
  const seen = simulate(512 * MiB, loopback);

  expect(ideal(512 * MiB, loopback) / seen.seconds).toBeGreaterThan(0.95);
  expect(seen.sizes.length).toBeLessThan(60);
});
