import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Progress } from "../../api/upload.js";
import { inUnits } from "../parts/positions.js";
import { ProgressMeter } from "./progress-meter.js";

const fourParts = inUnits({ fileSize: 100, unit: 25 });
const none: ReadonlySet<number> = new Set();

function scene() {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.fileIs(100);
  meter.planned(fourParts, 25, none, none);
  return {
    meter,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe("the progress meter", () => {
  test("counts what is in flight, and gives it up when an attempt fails", () => {
    const { meter } = scene();

    meter.sent(1, 0);
    meter.sent(1, 20);
    const flying = meter.snapshot();
    meter.dropped(1);

    expect(flying).toMatchObject({ storedBytes: 0, sentBytes: 20, parts: { inFlight: 1 } });
    expect(meter.snapshot()).toMatchObject({ sentBytes: 0, parts: { inFlight: 0 } });
    expect([...meter.partMap()]).toEqual([0, 0, 0, 0]);
    expect(meter.bodyBytes).toBe(20);
  });

  test("counts a stored part once, however often it is reported", () => {
    const { meter } = scene();

    meter.stored(4);
    meter.stored(4);

    expect(meter.snapshot()).toMatchObject({ storedBytes: 25, resumedBytes: 0, parts: { stored: 1, total: 4 } });
  });

  test("tells parts of earlier pages from those of this one, and takes them back when they are not the file's", () => {
    const { meter } = scene();
    meter.planned(fourParts, 25, new Set([1]), new Set([2]));
    meter.stored(3, true);
    const before = { map: [...meter.partMap()], resumed: meter.snapshot().resumedBytes };

    meter.disproved(1);

    expect(before).toEqual({ map: [3, 2, 3, 0], resumed: 50 });
    expect(meter.snapshot()).toMatchObject({ storedBytes: 50, resumedBytes: 25 });
  });

  test("says nothing of speed and time before there are five seconds of data, then what arrived", () => {
    const { meter, pass } = scene();
    const said = Array.from({ length: 4 }, (_, place) => {
      meter.sent(place + 1, 0);
      meter.sent(place + 1, 25);
      pass(2_400);
      const before = meter.snapshot();
      meter.stored(place + 1);
      return [before.bytesPerSecond > 0, meter.snapshot().bytesPerSecond];
    });

    expect(said).toEqual([
      [false, 0],
      [false, 0],
      [true, 10],
      [true, 10],
    ]);
  });

  test("takes the speed back when nothing moves", () => {
    const { meter, pass } = scene();
    for (const number of [1, 2]) {
      meter.sent(number, 25);
      pass(3_000);
      meter.stored(number);
    }
    const moving = meter.snapshot();
    pass(2_000);

    expect(moving).toMatchObject({ bytesPerSecond: 8, secondsLeft: 50 / 8 });
    expect(meter.snapshot()).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
  });

  test("shows of an upload that waits what another of the same file shows, and does not go back when it takes over", () => {
    const { meter } = scene();
    const other = { ...meter.snapshot(), fraction: 0.6, storedBytes: 50, bytesPerSecond: 7 };

    const mirrored = meter.mirror(other);
    const waiting = meter.snapshot();
    meter.planned(fourParts, 25, new Set([1, 2]), none);

    expect(mirrored).toMatchObject({ fraction: 0.6, storedBytes: 50, bytesPerSecond: 7 });
    expect(waiting).toMatchObject({ fraction: 0.6, storedBytes: 50 });
    expect(meter.snapshot()).toMatchObject({ fraction: 0.6, storedBytes: 50, resumedBytes: 50 });
  });

  test("whatever happens, in whatever order, the bar does not go back, is not full, and every figure is one", () => {
    const number = fc.integer({ min: 1, max: 4 });
    const numbers = fc.uniqueArray(number).map((list) => new Set(list));
    const happening = fc.oneof(
      fc.record({ what: fc.constant("sent" as const), number, bytes: fc.integer({ min: 0, max: 25 }) }),
      fc.record({ what: fc.constantFrom("stored" as const, "dropped" as const, "disproved" as const), number }),
      fc.record({ what: fc.constant("planned" as const), before: numbers, already: numbers }),
      fc.record({ what: fc.constant("mirror" as const), fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ what: fc.constant("shown" as const), fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ what: fc.constant("rest" as const) }),
      fc.record({ what: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0, 100), fc.array(happening, { maxLength: 60 }), (size, story) => {
        let now = 0;
        const meter = new ProgressMeter(() => now);
        const parts = inUnits({ fileSize: size, unit: 25 });
        const seen: Progress[] = [meter.snapshot()];
        meter.fileIs(size);
        for (const each of story) {
          if (each.what === "pass") now += each.ms;
          else if (each.what === "rest") meter.rest();
          else if (each.what === "shown") meter.wasShown(each.fraction);
          else if (each.what === "mirror") {
            seen.push(meter.mirror({ ...meter.snapshot(), fraction: each.fraction }));
          } else if (each.what === "planned") meter.planned(parts, 25, each.before, each.already);
          else if (each.what === "sent") meter.sent(each.number, each.bytes);
          // A run disproves only what is stored.
          else if (each.what !== "disproved") meter[each.what](each.number);
          else if ((meter.partMap()[each.number - 1] ?? 0) >= 2) meter.disproved(each.number);
          seen.push(meter.snapshot());
        }
        for (const [place, progress] of seen.entries()) {
          const { fraction, storedBytes, bytesPerSecond, secondsLeft } = progress;
          expect(fraction).toBeGreaterThanOrEqual(seen[place - 1]?.fraction ?? 0);
          expect(fraction).toBeLessThan(1);
          expect(storedBytes).toBeGreaterThanOrEqual(0);
          expect(bytesPerSecond).toBeGreaterThanOrEqual(0);
          expect(secondsLeft === null).toBe(bytesPerSecond === 0);
          expect(secondsLeft ?? 0).toBeLessThan(Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

test("an upload of which nothing is under way says what is left without a look at the clock: an app may ask thousands", () => {
  let looks = 0;
  const meter = new ProgressMeter(() => {
    looks += 1;
    return 0;
  });
  meter.fileIs(1_000);

  expect([meter.leftBytes, looks]).toEqual([1_000, 0]);
});
