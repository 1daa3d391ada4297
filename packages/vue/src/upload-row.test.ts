import type { PendingUpload, Upload, UploadResult, UploadState } from "@ossicle/core";
import { UploadError } from "@ossicle/core";
import type { Row, UnfinishedUpload } from "@ossicle/kit";
import { expect, test } from "vitest";
import { flatRow } from "./upload-row.js";

const progress = {
  ...{ fraction: 0.999, totalBytes: 1000, storedBytes: 999, sentBytes: 999, resumedBytes: 0, bytesPerSecond: 0 },
  ...{ secondsLeft: null, parts: { total: 1, stored: 0, inFlight: 1 } },
};
const error = new UploadError("forbidden", "AccessDenied");
const result = { key: "a", url: "https://a" } as UploadResult;
const upload = { key: "a" } as Upload;

function inPhase(state: Partial<UploadState> & Pick<UploadState, "phase">) {
  const row = { kind: "upload", uid: "7", name: "film.bin", upload, file: undefined } as const;
  return flatRow({ ...row, state: { progress, waiting: null, ...state } as UploadState });
}

test.each([
  ["queued", "uploading"],
  ["preparing", "uploading"],
  ["uploading", "uploading"],
  ["completing", "uploading"],
  ["paused", "paused"],
  ["stopped", "paused"],
  ["failed", "failed"],
  ["completed", "completed"],
] as const)("an upload that is %s is a row that is %s", (phase, status) => {
  expect(inPhase({ phase })).toMatchObject({ id: "7", name: "film.bin", size: 1000, status, upload });
});

test("a bar is full when the store has shown the object, and not before", () => {
  expect(inPhase({ phase: "uploading" }).percent).toBe(99);
  expect(inPhase({ phase: "completed", progress: { ...progress, fraction: 1 } }).percent).toBe(100);
});

test("a row has what its upload ended with", () => {
  expect(inPhase({ phase: "failed", error }).error).toBe(error);
  expect(inPhase({ phase: "completed", result }).result).toBe(result);
  expect(inPhase({ phase: "uploading" })).toMatchObject({ error: undefined, result: undefined });
});

test("what an earlier page left says how far it was, and why it did not go on", () => {
  const left = { id: "l", fraction: 0.42, file: { name: "film.bin", size: 1000 } } as PendingUpload;
  const unfinished = { ...left, problem: error } as unknown as UnfinishedUpload;
  const row: Row = { kind: "unfinished", uid: "l", name: "film.bin", unfinished };

  expect(flatRow(row)).toMatchObject({ id: "l", size: 1000, status: "unfinished", percent: 42, error, unfinished });
  expect(flatRow({ ...row, unfinished: { ...unfinished, problem: null } }).error).toBeUndefined();
});

test("a call that cannot work is a row that says why", () => {
  const file = new Blob(["12345"]);

  const row = flatRow({ kind: "refused", uid: "r", name: "film.bin", file, error });

  expect(row).toMatchObject({ size: 5, status: "failed", percent: 0, error, file, upload: undefined });
});
