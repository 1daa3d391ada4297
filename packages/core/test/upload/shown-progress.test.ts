/** What a progress bar and a time left do on the lines that people have. */
import { expect, test } from "vitest";
import { fullest } from "../../src/upload/bar.js";
import { equal, growing, kB, type Look, MB, play, type SimulatedLine } from "../doubles/line-of-a-browser.js";

const Mbit = MB / 8;
const steady = (bytesPerSecond: number) => () => bytesPerSecond;

type Named = [name: string, line: SimulatedLine];

/** Files of about so many seconds, in parts that follow the line, in parts of one size, in one request. */
function steadyLines(): Named[] {
  return [0.5, 2, 4, 8, 20, 100].flatMap((rate) =>
    [20, 60].flatMap((seconds): Named[] => {
      const total = Math.round(rate * Mbit * seconds);
      const connections = rate < 10 ? 3 : 6;
      const line = { connections, bytesPerSecond: steady(rate * Mbit), bufferBytes: 300 * kB };
      const name = `${seconds} s at ${rate} Mbit/s`;
      return [
        [`${name} in parts that grow`, { ...line, parts: growing(total, rate * Mbit, connections) }],
        [`${name} in parts of 1 MiB`, { ...line, parts: equal(total, 2 ** 20) }],
        [`${name} in parts of 8 MiB`, { ...line, parts: equal(total, 2 ** 23) }],
        [`${name} in one request`, { ...line, connections: 1, parts: [total] }],
        [`${name} in one request into large buffers`, { ...line, bufferBytes: MB, connections: 1, parts: [total] }],
      ];
    }),
  );
}

/** The longest time in seconds in which the bar did not move. */
function stillness(looks: readonly Look[]): number {
  let [since, longest, shown] = [0, 0, 0];
  for (const { second, progress } of looks) {
    longest = Math.max(longest, second - since);
    if (progress.fraction > shown) [shown, since] = [progress.fraction, second];
  }
  return longest;
}

/** By what factor the time left was wrong at most. A second more or less, and the last two, nobody sees. */
function wrongBy(looks: readonly Look[], end: number): number {
  return looks.reduce((most, { second, progress: { secondsLeft } }) => {
    const left = end - second;
    if (secondsLeft === null || left < 2) return most;
    return Math.max(most, (secondsLeft - 1) / left, (left - 1) / Math.max(secondsLeft, 0.01));
  }, 1);
}

function expectBar(looks: readonly Look[]): void {
  for (const [place, { progress }] of looks.entries()) {
    expect(progress.fraction).toBeGreaterThanOrEqual(looks[place - 1]?.progress.fraction ?? 0);
    expect(progress.fraction).toBeLessThan(1);
  }
}

test.each(steadyLines())("on a steady line the bar moves every second and the time left is right: %s", (name, line) => {
  const { looks, seconds } = play(line);
  const total = sum(line.parts);
  const fromQuarter = looks.filter(({ carried }) => carried >= total / 4);

  expectBar(looks);
  expect(stillness(looks)).toBeLessThanOrEqual(1);
  for (const { second, progress } of looks) {
    expect(progress.fraction).toBeGreaterThanOrEqual((fullest * progress.storedBytes) / total - 1e-9);
    expect(progress.fraction).toBeLessThanOrEqual((fullest * progress.sentBytes) / total + 1e-9);
    if (second < 5) expect(progress).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
  }
  // There the parts grow for longer than a quarter of the file, and the upload becomes faster with them.
  if (name !== "20 s at 100 Mbit/s in parts that grow") expect(wrongBy(fromQuarter, seconds)).toBeLessThan(1.5);
});

const total = 2 ** 26;
const cuts: [string, number, readonly number[]][] = [
  ["in one request", 1, [total]],
  ["in parts of a slow line", 3, growing(total, 4 * Mbit, 3)],
  ["in parts of a fast line", 6, growing(total, 20 * Mbit, 6)],
  ["in parts of 8 MiB", 6, equal(total, 2 ** 23)],
];
const changes: [name: string, bytesPerSecond: (second: number) => number, over: number][] = [
  ["falls from 20 to 2 Mbit/s", (second) => (second < 20 ? 20 : 2) * Mbit, 20],
  ["rises from 2 to 20 Mbit/s", (second) => (second < 20 ? 2 : 20) * Mbit, 20],
  ["falls from 8 to 4 Mbit/s", (second) => (second < 20 ? 8 : 4) * Mbit, 20],
  ["stops for 4 s", (second) => (second > 20 && second < 24 ? 0 : 8) * Mbit, 24],
  ["stops for 30 s", (second) => (second > 20 && second < 50 ? 0 : 8) * Mbit, 50],
  ["wobbles between 1 and 7 Mbit/s", (second) => (4 + 3 * Math.sin(second)) * Mbit, 0],
];
const changing = changes.flatMap(([name, bytesPerSecond, over]) =>
  cuts.flatMap(([how, connections, parts]) =>
    [100 * kB, 300 * kB].map((bufferBytes): [string, number, SimulatedLine] => {
      const line = { connections, parts, bytesPerSecond, bufferBytes };
      return [`${name}, ${how}, buffers of ${bufferBytes / kB} kB`, over, line];
    }),
  ),
);

test.each(changing)("15 s after a change of line the time left is right again: it %s", (_, over, line) => {
  const { looks, seconds } = play(line);
  const settled = looks.filter(({ second }) => second > over + 15);

  expectBar(looks);
  expect(wrongBy(settled, seconds)).toBeLessThan(1.5);
  expect(settled.every(({ progress }) => progress.secondsLeft !== null)).toBe(true);
});

test("while a line carries nothing there is no speed and no time, and the bar all but stands", () => {
  const bytesPerSecond = (second: number) => (second > 20 && second < 50 ? 0 : 8) * Mbit;
  const { looks } = play({ connections: 3, parts: growing(total, 8 * Mbit, 3), bytesPerSecond, bufferBytes: 300 * kB });
  const silent = looks.filter(({ second }) => second > 30 && second < 50);

  expect(silent.map(({ progress }) => progress.bytesPerSecond)).toEqual(silent.map(() => 0));
  expect(silent.map(({ progress }) => progress.secondsLeft)).toEqual(silent.map(() => null));
  expect((silent.at(-1)?.progress.fraction ?? 1) - (silent[0]?.progress.fraction ?? 0)).toBeLessThan(0.005);
});

test.each(cuts)(
  "parts that are lost take nothing from the bar, and it moves on at once: %s",
  (_, connections, parts) => {
    const cut = new Map(
      parts.map((size, place) => [place + 1, size * 0.8] as const).filter(([part]) => part % 3 === 1),
    );
    const { looks } = play({ connections, parts, bytesPerSecond: steady(8 * Mbit), bufferBytes: 300 * kB, cut });

    expectBar(looks);
    expect(stillness(looks)).toBeLessThanOrEqual(1);
  },
);

test("behind a service worker, where the browser tells nothing of a body, the bar moves all the same", () => {
  const parts = growing(20 * MB, 4 * Mbit, 3);
  const { looks } = play({
    connections: 3,
    parts,
    bytesPerSecond: steady(4 * Mbit),
    bufferBytes: 300 * kB,
    isBlind: true,
  });

  expectBar(looks);
  expect(stillness(looks)).toBeLessThanOrEqual(1.5);
});

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
