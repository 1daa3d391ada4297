import type { Progress, UploadState } from "@ossicle/core";
import { expect, test } from "vitest";
import { createSurvival } from "./survival.js";

function fakeStorage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

function upload(id: string, sentBytes: number, phase: "uploading" | "failed" = "uploading") {
  const progress = { sentBytes } as Progress;
  return { id, state: { phase, progress } as UploadState };
}

test("a failed request counts as survived as long as its upload has not failed", () => {
  const survival = createSurvival(fakeStorage());
  survival.note({ upload: "a", error: "network" });
  survival.note({ upload: "b", error: "throttled" });
  survival.note({ upload: "b", error: null });

  expect(survival.count([upload("a", 0), upload("b", 0)]).survived).toBe(2);
  expect(survival.count([upload("a", 0, "failed"), upload("b", 0)]).survived).toBe(1);
});

test("bytes are sent twice when what is sent falls back after a fault", () => {
  const survival = createSurvival(fakeStorage());
  survival.count([upload("a", 9_000_000)]);
  survival.count([upload("a", 8_000_000)]);
  survival.note({ upload: "a", error: "network" });
  survival.count([upload("a", 5_000_000)]);

  expect(survival.count([upload("a", 9_000_000)]).bytesTwice).toBe(3_000_000);
});

test("a reload on purpose is survived by the counters, too", () => {
  const storage = fakeStorage();
  const survival = createSurvival(storage);
  survival.note({ upload: "a", error: "network" });
  survival.count([upload("a", 100)]);

  survival.reloading();

  expect(createSurvival(storage).count([]).survived).toBe(2);
});
