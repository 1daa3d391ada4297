import { describe, expect, test } from "vitest";
import { inUnits } from "./positions.js";
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

  test("says nothing of speed before half a second of bytes, then the mean of about two seconds", () => {
    const { meter, pass } = scene();
    meter.sent(1, 1);
    pass(400);
    meter.sent(1, 5);
    const tooSoon = meter.snapshot();
    for (let bytes = 6; bytes <= 25; bytes += 1) {
      pass(200);
      meter.sent(1, bytes);
    }

    expect(tooSoon).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
    expect(meter.snapshot().bytesPerSecond).toBe(5);
  });

  test("lets the speed fall while nothing moves", () => {
    const { meter, pass } = scene();
    meter.sent(1, 1);
    pass(1000);
    meter.sent(1, 21);
    const moving = meter.snapshot().bytesPerSecond;
    pass(9000);

    expect(moving).toBe(20);
    expect(meter.snapshot().bytesPerSecond).toBe(2);
  });

  test("does not call it done while the last parts lie in the network's buffers", () => {
    const { meter, pass } = scene();
    for (const number of [1, 2, 3]) meter.stored(number);
    meter.sent(4, 5);
    pass(1000);
    meter.sent(4, 25);

    expect(meter.snapshot().secondsLeft).toBeCloseTo(12.5 / 20);
  });
});
