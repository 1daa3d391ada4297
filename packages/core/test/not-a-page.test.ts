/** Where there is no browser, or one that gives the page too little, every call ends with words for it, never with a TypeError. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createUploader } from "../src/create-uploader.js";
import { isUploadError } from "../src/errors.js";
import { ossStore } from "../src/store/oss/oss-adapter.js";

// The build writes it.
vi.mock("/packages/core/src/workers/worker-text.js", () => ({ workerText: "" }));

type Globals = Readonly<Record<string, unknown>>;

const listening = { addEventListener: () => undefined, removeEventListener: () => undefined };
const ofPage = { document: {}, location: { origin: "http://files.example" }, isSecureContext: true, ...listening };
const missing = { navigator: undefined, indexedDB: undefined, Worker: undefined, locks: undefined };
const getRandomValues = crypto.getRandomValues.bind(crypto);
const locks = { request: async () => undefined, query: async () => ({ held: [] }) };

const places: readonly (readonly [string, Globals])[] = [
  [
    "a page that came over http",
    { ...missing, ...ofPage, isSecureContext: false, navigator: { onLine: true }, crypto: { getRandomValues } },
  ],
  ["a browser without Web Locks", { ...missing, ...ofPage, navigator: { onLine: true } }],
  [
    "a browser without WebCrypto",
    { ...missing, ...ofPage, navigator: { onLine: true, locks }, crypto: { getRandomValues } },
  ],
  ["Node, which has no navigator", missing],
  ["Node, which has a navigator", { ...missing, navigator: { hardwareConcurrency: 2 } }],
  ["Node, which has locks", { ...missing, navigator: { hardwareConcurrency: 2, locks } }],
  [
    "jsdom",
    { ...missing, ...ofPage, isSecureContext: undefined, navigator: { onLine: true }, crypto: { getRandomValues } },
  ],
  ["an old jsdom", { ...missing, ...ofPage, isSecureContext: undefined, navigator: {}, crypto: undefined }],
];

const open = () =>
  createUploader({
    store: ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: async () => Promise.reject() }),
  });

describe.each(places)("in %s", (_place, globals) => {
  const uncaught: unknown[] = [];
  const note = (cause: unknown) => void uncaught.push(cause);

  beforeEach(() => {
    uncaught.length = 0;
    process.on("unhandledRejection", note);
    vi.spyOn(console, "warn").mockReturnValue();
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  });
  afterEach(() => {
    process.off("unhandledRejection", note);
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test("nothing is pending", async () => {
    expect(await open().pending()).toEqual([]);
  });

  test("an upload is refused at once, with what to change", () => {
    const upload = () => open().upload(new Blob(["bytes"]), { key: "a.txt" });

    expect(upload).toThrow(
      expect.objectContaining({ name: "UploadError", code: "misconfigured", hint: expect.stringContaining("https") }),
    );
  });

  test("a diagnosis tells what is missing", async () => {
    const { ok, checks } = await open().diagnose();

    expect(ok).toBe(false);
    expect(checks.find(({ name }) => name === "locks")).toMatchObject({ status: "failed", hint: expect.any(String) });
    expect(checks.find(({ name }) => name === "worker")).toMatchObject({ status: "failed", hint: expect.any(String) });
  });

  test("all calls one after the other leave nothing behind", async () => {
    const uploader = open();

    const failures = [];
    for (const call of [
      () => uploader.pending(),
      () => uploader.upload(new Blob(["bytes"]), { key: "a.txt" }).finished,
      () => uploader.diagnose(),
      () => uploader.close(),
    ]) {
      try {
        await call();
      } catch (error) {
        failures.push(error);
      }
    }
    await new Promise(setImmediate);

    expect(failures.every(isUploadError)).toBe(true);
    expect(uploader.uploads).toEqual([]);
    expect(uncaught).toEqual([]);
  });
});
