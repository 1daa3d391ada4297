/** A wrong option fails at once, and the browser is not touched before there is something to upload. */
import { describe, expect, test } from "vitest";
import type { UploaderOptions } from "../src/api/uploader.js";
import { createUploader } from "../src/create-uploader.js";
import { ossStore } from "../src/store/oss/oss-adapter.js";

const store = ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: async () => Promise.reject() });

describe("createUploader", () => {
  test("may be called where there is no browser, as on a server that renders the page", () => {
    const uploader = createUploader({ store });

    expect(uploader.uploads).toEqual([]);
    expect(uploader.progress).toMatchObject({ totalBytes: 0, secondsLeft: null });
  });

  test.each<[string, Partial<UploaderOptions>]>([
    ["partSize 1", { partSize: 1 }],
    ["partSize NaN", { partSize: Number.NaN }],
    ["partSize of 6 GB", { partSize: 6e9 }],
    ["concurrency 0", { concurrency: 0 }],
    ["concurrency 1.5", { concurrency: 1.5 }],
    ["singlePutBelow -1", { singlePutBelow: -1 }],
    ["singlePutBelow of 6 GB", { singlePutBelow: 6e9 }],
    ["singlePutBelow NaN", { singlePutBelow: Number.NaN }],
    ["an unknown integrity", { integrity: "sha256" as never }],
    ["an unknown fingerprint", { fingerprint: "name" as never }],
    ["a negative delay", { retry: { baseDelayMs: -1 } }],
    ["an endless patience that is not a number", { retry: { giveUpAfterMs: "for ever" as never } }],
    ["expireAfterMs NaN", { expireAfterMs: Number.NaN }],
    ["no store", { store: undefined as never }],
    ["a store that is none", { store: {} as never }],
    ["checkpoints true", { checkpoints: true as never }],
    ["no workers", { workers: { count: 0 } }],
  ])("refuses %s at once, and says what to pass", (_what, wrong) => {
    expect(() => createUploader({ store, ...wrong })).toThrow(
      expect.objectContaining({ code: "invalid-option", hint: expect.any(String) }),
    );
  });
});
