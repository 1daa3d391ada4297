import type { Progress, UploadState, Waiting } from "@ossicle/core";
import { expect, test } from "vitest";
import { countParts, partWords, phaseWords, progressWords, resumedWords } from "./words.js";

const progress: Progress = {
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
  expect(phaseWords(uploading(null), 0)).toBe("Uploading");
  expect(phaseWords(uploading({ reason: "offline" }), 0)).toMatch(/^Offline/);
});

test("the next attempt is counted down, and never announced for the past", () => {
  const waiting: Waiting = { reason: "backoff", untilMs: 10_000 };

  expect(phaseWords(uploading(waiting), 5900)).toBe("Trying again in 5 s");
  expect(phaseWords(uploading(waiting), 12_000)).toBe("Trying again");
});

test("nothing is called resumed that was sent by this page", () => {
  expect(resumedWords(progress)).toBe("");
  expect(resumedWords({ ...progress, resumedBytes: 1_200_000_000 })).toBe("resumed: 1.20 GB were already there");
});

test("a screen reader hears what the bar and the map show", () => {
  const map = Uint8Array.of(3, 3, 2, 1, 0, 0);

  expect(progressWords(progress)).toBe("42 percent, 126 MB of 300 MB stored");
  expect(partWords("holiday.mp4", countParts(map))).toBe(
    "Parts of holiday.mp4: 6 parts, 2 stored before this page, 1 stored now, 1 in flight, 2 to do",
  );
});
