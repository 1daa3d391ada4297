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

test("what the visitor did is counted, and not how many requests failed of it", () => {
  const survival = createSurvival(fakeStorage());
  survival.thrown();
  survival.thrown();
  for (let request = 0; request < 8; request += 1) survival.note({ upload: "a", error: "throttled" });

  expect(survival.count([])).toMatchObject({ thrown: 2, survived: 0 });
  expect(survival.count([upload("a", 0)])).toMatchObject({ thrown: 2, survived: 2 });
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

test("the counters survive every reload", () => {
  const storage = fakeStorage();
  const survival = createSurvival(storage);
  survival.thrown();
  survival.count([upload("a", 100)]);
  survival.thrown();

  expect(createSurvival(storage).count([])).toMatchObject({ thrown: 2, survived: 1 });
  expect(createSurvival(storage).count([upload("a", 100)]).survived).toBe(2);
});
