import { expect, test } from "vitest";
import type { Progress, UploadResult, UploadState } from "../api/upload.js";
import { Batch } from "./batch.js";
import { nothingYet } from "./state.js";

class Counted {
  state: UploadState;
  counts = { arrivedBytes: 0, leftBytes: 0 };

  constructor(totalBytes: number) {
    this.state = { phase: "uploading", progress: { ...nothingYet, totalBytes }, waiting: null, resumable: true };
    this.counts.leftBytes = totalBytes;
  }

  get withoutSize(): UploadState {
    return this.state;
  }

  /** So many bytes more are stored. */
  stores(bytes: number): void {
    const { progress } = this.state;
    const storedBytes = progress.storedBytes + bytes;
    this.counts.arrivedBytes += bytes;
    this.is({ ...progress, storedBytes, fraction: (storedBytes / progress.totalBytes) * 0.999 });
  }

  is(progress: Progress): void {
    this.counts.leftBytes = progress.totalBytes - progress.storedBytes;
    this.state = { ...this.state, progress };
  }

  ends(phase: "completed" | "cancelled" | "paused"): void {
    const { progress } = this.state;
    if (phase === "completed")
      this.state = { phase, progress: { ...progress, fraction: 1 }, result: {} as UploadResult };
    else this.state = { phase, progress };
  }
}

function scene(...sizes: readonly number[]) {
  let now = 0;
  const batch = new Batch<Counted>(() => now);
  const uploads = sizes.map((size) => new Counted(size));
  const change = (upload: Counted, act: (upload: Counted) => void) => {
    act(upload);
    batch.note(upload);
    return batch.progress;
  };
  for (const upload of uploads) batch.note(upload);
  return {
    batch,
    uploads: uploads as [Counted, Counted, ...Counted[]],
    change,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test("the bar of all files goes back when a file is added, or its size becomes known, and not when one is cancelled or loses a part", () => {
  const { uploads, change } = scene(100, 100, 0);
  const [first, second, handle] = uploads as [Counted, Counted, Counted];
  const half = change(first, (upload) => upload.stores(100)).fraction;
  const lost = change(second, (upload) => upload.is({ ...upload.state.progress, storedBytes: 0 })).fraction;
  const opened = change(handle, (upload) => upload.is({ ...upload.state.progress, totalBytes: 200 })).fraction;
  change(second, (upload) => upload.stores(80));
  const before = change(first, (upload) => upload.ends("completed")).fraction;

  const without = change(second, (upload) => upload.ends("cancelled")).fraction;
  const moved = change(handle, (upload) => upload.stores(100)).fraction;
  const added = change(new Counted(600), () => undefined).fraction;

  expect(half).toBeCloseTo(0.4995, 2);
  expect(lost).toBe(half);
  expect(opened).toBeCloseTo(0.25, 2);
  expect(without).toBe(before);
  expect(moved).toBeGreaterThan(without);
  expect(added).toBeLessThan(moved);
});

test("a batch is full when it has ended, of empty files too, and not before; what was cancelled alone fills nothing", () => {
  const empty = scene(0, 0);
  const [first, second] = empty.uploads;
  const shown = [first, second].map((upload) => empty.change(upload, () => upload.ends("completed")).fraction);

  const cancelled = scene(100);
  const none = cancelled.change(cancelled.uploads[0], (upload) => upload.ends("cancelled")).fraction;

  expect(shown).toEqual([0, 1]);
  expect(none).toBe(0);
});

test("many files, each too small to have a speed of its own, have one together, until they all rest", () => {
  const sizes = Array.from({ length: 100 }, () => 100);
  const { batch, uploads, change, pass } = scene(...sizes);
  const said = uploads.slice(0, 80).map((upload) => {
    pass(100);
    change(upload, () => upload.stores(100));
    return change(upload, () => upload.ends("completed")).bytesPerSecond;
  });
  const moving = batch.progress;

  for (const upload of uploads.slice(80)) change(upload, () => upload.ends("paused"));

  expect(said.slice(0, 49)).toEqual(Array(49).fill(0));
  expect(moving.bytesPerSecond).toBeGreaterThan(950);
  expect(moving.bytesPerSecond).toBeLessThan(1050);
  expect(moving.secondsLeft).toBeCloseTo(2000 / moving.bytesPerSecond);
  expect(batch.progress).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
});
