import type { Progress, Upload, UploadState } from "@ossicle/core";
import { expect, test } from "vitest";
import { createSurvival } from "./survival.js";

function fakeStorage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

function entry(id: string, sentBytes: number, phase: "uploading" | "failed" = "uploading") {
  const progress = { sentBytes } as Progress;
  return { upload: { id, state: { phase, progress } as UploadState } as Upload };
}

test("a failed request counts as survived as long as its upload has not failed", () => {
  const survival = createSurvival(fakeStorage());
  survival.note({ upload: "a", error: "network" });
  survival.note({ upload: "b", error: "throttled" });
  survival.note({ upload: "b", error: null });

  expect(survival.count([entry("a", 0), entry("b", 0)]).survived).toBe(2);
  expect(survival.count([entry("a", 0, "failed"), entry("b", 0)]).survived).toBe(1);
});

test("bytes are sent twice when what is sent falls back after a fault", () => {
  const survival = createSurvival(fakeStorage());
  survival.count([entry("a", 9_000_000)]);
  survival.count([entry("a", 8_000_000)]);
  survival.note({ upload: "a", error: "network" });
  survival.count([entry("a", 5_000_000)]);

  expect(survival.count([entry("a", 9_000_000)]).bytesTwice).toBe(3_000_000);
});

test("a reload on purpose is survived by the counters, too", () => {
  const storage = fakeStorage();
  const survival = createSurvival(storage);
  survival.note({ upload: "a", error: "network" });
  survival.count([entry("a", 100)]);

  survival.reloading();

  expect(createSurvival(storage).count([]).survived).toBe(2);
});
