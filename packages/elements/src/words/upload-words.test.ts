import type { Progress, UploadResult, UploadState, Waiting } from "@ossicle/core";
import { expect, test } from "vitest";
import { cellsAtTheEnd, countParts, markRetried } from "../parts/part-cells.js";
import { en } from "./en.js";
import { partWords, phaseWords, progressWords, resumedWords, warningWords } from "./upload-words.js";
import { zh } from "./zh.js";

const progress: Progress = {
  fraction: 0.425,
  totalBytes: 300_000_000,
  storedBytes: 126_000_000,
  sentBytes: 130_000_000,
  resumedBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  parts: { total: 36, stored: 15, inFlight: 0 },
};

function uploading(waiting: Waiting | null): UploadState {
  return { phase: "uploading", progress, waiting, resumable: true };
}

test("what is waited for is said instead of what is done", () => {
  expect(phaseWords(en, uploading(null), 0)).toBe("Uploading");
  expect(phaseWords(en, uploading({ reason: "offline" }), 0)).toMatch(/^Offline/);
});

test("the next attempt is counted down, and never announced for the past", () => {
  const waiting: Waiting = { reason: "backoff", untilMs: 10_000 };

  expect(phaseWords(en, uploading(waiting), 5900)).toBe("Trying again in 5 s");
  expect(phaseWords(en, uploading(waiting), 12_000)).toBe("Trying again");
  expect(phaseWords(zh, uploading(waiting), 5900)).toBe("5 秒 后重试");
});

test("nothing is called resumed that was sent by this page", () => {
  expect(resumedWords(en, progress)).toBe("");
  expect(resumedWords(en, { ...progress, resumedBytes: 1_200_000_000 })).toBe("1.20 GB were already there");
});

test("a screen reader hears what the bar and the map show", () => {
  const cells = markRetried(Uint8Array.of(3, 3, 2, 2, 1, 0), new Set([4, 5, 6]));

  expect(progressWords(en, "42 %", progress)).toBe("42 %, 126 MB of 300 MB stored");
  expect(partWords(en, "holiday.mp4", countParts(cells))).toBe(
    "Parts of holiday.mp4: 6 parts, 1 stored now, 2 stored before this page, 1 stored at a second attempt, 1 in flight, 1 to do",
  );
});

test("a completed upload shows what was stored when, although the library keeps no map of it", () => {
  const completed = {
    phase: "completed",
    waiting: null,
    progress: { ...progress, parts: { total: 3, stored: 3, inFlight: 0 } },
    result: { alreadyStored: false } as UploadResult,
  } as const;
  const allThere = { ...completed, result: { alreadyStored: true } as UploadResult };

  expect([...cellsAtTheEnd(Uint8Array.of(3, 1, 0), completed)]).toEqual([3, 2, 2]);
  expect([...cellsAtTheEnd(new Uint8Array(), completed)]).toEqual([2, 2, 2]);
  expect([...cellsAtTheEnd(new Uint8Array(), allThere)]).toEqual([3, 3, 3]);
});

test("an upload whose parts a reload would lose says so, one of a single request or in the queue does not", () => {
  const one = { ...progress, parts: { total: 1, stored: 0, inFlight: 1 } };
  const none = { ...progress, parts: { total: 0, stored: 0, inFlight: 0 } };
  const unkept = { phase: "uploading", progress, waiting: null, resumable: false } as const;

  expect(warningWords(en, unkept)).toBe(en.upload.unsafe);
  expect(warningWords(en, { ...unkept, progress: one })).toBe("");
  expect(warningWords(en, { ...unkept, phase: "queued", progress: none })).toBe("");
});

test("whoever sends the same file meanwhile is told apart: this page, or another tab", () => {
  expect(phaseWords(en, uploading({ reason: "same-file" }), 0)).toBe(en.phase.sameFile);
  expect(phaseWords(en, uploading({ reason: "other-tab" }), 0)).toBe(en.phase.otherTab);
});

test("a part that is on its way again is not called stored", () => {
  const cells = markRetried(Uint8Array.of(1, 0), new Set([1, 2]));

  expect(countParts(cells)).toEqual({ now: 0, before: 0, again: 0, inFlight: 1, toDo: 1 });
});
