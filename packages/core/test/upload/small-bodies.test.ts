/** Small files take round trips, not bytes: they say nothing of what the line carries. Calculated, without network and time. */
import { describe, expect, test } from "vitest";
import { Line } from "../../src/line.js";
import { ConnectionCount } from "../../src/store/connection-count.js";
import { patienceWith } from "../../src/store/patience.js";

const unit = 128 * 1024;
const stallTimeoutMs = 30_000;

/** A line without end, so far away, and files of so many bytes, each of which takes one round trip. */
function scene(known?: ConstructorParameters<typeof Line>[2]) {
  let now = 0;
  const count = new ConnectionCount(6, known && { first: known.connections });
  const line = new Line(() => now, count, known);
  const patience = patienceWith({
    line: () => line,
    speedOfOne: () => (line.bytesPerSecond === undefined ? undefined : line.bytesPerSecond / line.connections),
    ...{ stallTimeoutMs, controlled: () => false },
  });
  /** @returns the milliseconds that they take */
  const files = (times: number, bytes: number, ms: number): number => {
    const began = now;
    const flying: { readonly at: number; readonly request: ReturnType<Line["begins"]> }[] = [];
    for (let left = times; left > 0 || flying.length > 0; ) {
      for (; left > 0 && flying.length < line.connections; left -= 1) {
        flying.push({ at: now + ms, request: line.begins(bytes) });
      }
      const first = flying.shift();
      if (first === undefined) break;
      now = first.at;
      line.answered(first.request);
      line.ended(first.request);
    }
    return now - began;
  };
  const ask = (ms: number) => {
    const request = line.begins(undefined);
    now += ms;
    line.answered(request);
    line.ended(request);
  };
  return { line, files, ask, patience };
}

describe.each([
  ["200 B", 200],
  ["2 kB", 2_000],
  ["20 kB", 20_000],
  ["64 kB", 64_000],
])("files of %s", (_, bytes) => {
  test.each([50, 200, 300])("use all connections where the store is %i ms away", (ms) => {
    expect(scene().files(500, bytes, ms)).toBeLessThan((1.05 * 500 * ms) / 6);
  });

  test("do not lengthen what a part is waited for", () => {
    const { files, patience } = scene();
    const before = patience.limits(unit, false).answerTimeoutMs;

    files(500, bytes, 300);

    expect(patience.limits(unit, false).answerTimeoutMs).toBeLessThanOrEqual(before);
  });

  test("leave what an earlier page knew of the line", () => {
    const { line, files } = scene({ bytesPerSecond: 5e6, roundTripMs: undefined, connections: 6 });

    files(50, bytes, 300);

    expect(line.bytesPerSecond).toBe(5e6);
  });
});

test("small files on a line so slow that their bytes take seconds show how slow it is", () => {
  const { line, files } = scene();

  files(20, 60_000, 6_000);

  expect(line.bytesPerSecond).toBeGreaterThan(8_000);
  expect(line.bytesPerSecond).toBeLessThan(40_000);
  expect(line.connections).toBeLessThan(6);
});

test("a part after small files is sent by as many connections as before them, and they are no lasting knowledge", () => {
  const { line, files } = scene();
  files(100, 2_000, 50);
  const during = line.connections;

  files(1, 2 * unit, 5_000);

  expect([during, line.connections]).toEqual([6, 3]);
  expect(line.known).toMatchObject({ connections: 3 });
});
