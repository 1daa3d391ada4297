import { describe, expect, test } from "vitest";
import { Line } from "./line.js";

const MiB = 1024 * 1024;

describe("the line", () => {
  test("is unknown in the beginning", () => {
    const line = new Line();

    expect(line.bytesPerSecond).toBeUndefined();
    expect(line.roundTripMs).toBeUndefined();
  });

  test("has the average speed of the bodies sent, the latest counting most", () => {
    const line = new Line();

    line.carried(8 * MiB, 1_000);
    for (let count = 0; count < 10; count += 1) line.carried(MiB, 1_000);

    expect(line.bytesPerSecond).toBeGreaterThan(MiB);
    expect(line.bytesPerSecond).toBeLessThan(1.1 * MiB);
  });

  test("learns no speed from a body that is too small for the connection to reach its speed", () => {
    const line = new Line();

    line.carried(50_000, 100);

    expect(line.bytesPerSecond).toBeUndefined();
  });

  test("has the round trip of its quickest answer, until all are slower", () => {
    const line = new Line();

    line.answered(300);
    line.answered(100);
    line.answered(5_000);
    const soon = line.roundTripMs;
    for (let count = 0; count < 40; count += 1) line.answered(400);

    expect(soon).toBeCloseTo(55);
    expect(line.roundTripMs).toBe(200);
  });
});
