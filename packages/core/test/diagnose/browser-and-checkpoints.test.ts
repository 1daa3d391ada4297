/** What is wrong with a browser is said in words, and what follows from it is not asked any more. */
import { describe, expect, test, vi } from "vitest";
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { memoryCheckpoints } from "../../src/checkpoint/memory.js";
import { type DiagnosisTools, diagnose } from "../../src/diagnose/diagnose.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { LockTable } from "../doubles/memory-locks.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";
import { memoryWorkers } from "../doubles/memory-workers.js";

const key = ".ossicle-diagnose-test";

function toolsOf(server = new MemoryServer()): DiagnosisTools {
  return {
    store: memoryStore(server),
    workers: memoryWorkers(),
    checkpoints: memoryCheckpoints(),
    locks: new LockTable().for({}),
    insecure: undefined,
    online: () => true,
    controlled: () => false,
    isBlind: () => false,
    afterPage: async () => undefined,
  };
}

async function look(differences: Partial<DiagnosisTools> = {}, server?: MemoryServer) {
  const { ok, checks } = await diagnose({ ...toolsOf(server), ...differences }, key, {
    signal: new AbortController().signal,
  });
  const find = (name: string) => checks.find((check) => check.name === name);
  return { ok, checks, find };
}

describe("a diagnosis", () => {
  test("has one check of each name, in order, and is ok where nothing failed", async () => {
    const { ok, checks } = await look();

    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      ...["worker", "wasm", "indexeddb", "locks", "file-handles", "service-worker", "after-page"],
      ...["credentials", "cors", "exposed-headers", "caches", "clock", "permissions"],
    ]);
  });

  test("is ok in spite of a warning", async () => {
    const server = new MemoryServer();
    server.permissions.list = false;

    const { ok, find } = await look({}, server);

    expect(find("permissions")).toMatchObject({ status: "warning" });
    expect(find("file-handles")).toMatchObject({ status: "warning", hint: expect.stringContaining("pending()") });
    expect(ok).toBe(true);
  });

  test("asks the store for nothing when no worker starts, and hands on what to do about the worker", async () => {
    const server = new MemoryServer();
    const broken = new UploadError("worker", "No worker could be started", { hint: "pass workers.create" });

    const { ok, find } = await look({ workers: { ...memoryWorkers(), digest: () => Promise.reject(broken) } }, server);

    expect(ok).toBe(false);
    expect(find("worker")).toMatchObject({ status: "failed", detail: `${broken.message}.`, hint: broken.hint });
    expect(find("cors")).toMatchObject({ status: "skipped" });
    expect(server.calls).toEqual([]);
  });

  test("does not take a worker that hashes wrongly for one that works", async () => {
    const wrong = { md5: undefined, crc64: 1n, size: 7 };

    const { find } = await look({ workers: { ...memoryWorkers(), digest: async () => wrong } });

    expect(find("worker")).toMatchObject({ status: "failed", detail: expect.stringContaining("wrong") });
  });

  test("names the CSP keyword where WebAssembly may not be compiled", async () => {
    const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("refused"));

    const { ok, find } = await look();
    compile.mockRestore();

    expect(find("wasm")).toMatchObject({ status: "warning", hint: expect.stringContaining("'wasm-unsafe-eval'") });
    expect(find("wasm")?.detail).toContain("several times slower");
    expect(ok).toBe(true);
  });

  test("fails in an insecure context, with its reason, and asks the store for nothing", async () => {
    const server = new MemoryServer();
    const insecure = new UploadError("misconfigured", "This page is not a secure context", { hint: "use https" });

    const { ok, find } = await look({ insecure }, server);

    expect(ok).toBe(false);
    expect(find("locks")).toEqual({
      name: "locks",
      status: "failed",
      detail: "This page is not a secure context.",
      hint: "use https",
    });
    expect(server.calls).toEqual([]);
  });

  test("fails where there are no Web Locks", async () => {
    const missing = () => Promise.reject(new TypeError("locks is undefined"));

    const { find } = await look({ locks: { hold: missing, holdIfFree: missing, held: missing, busy: missing } });

    expect(find("locks")).toMatchObject({ status: "failed", detail: expect.stringContaining("locks is undefined") });
  });

  test("that is stopped rejects with the signal's reason", async () => {
    const reason = new DOMException("closed", "AbortError");

    await expect(diagnose(toolsOf(), key, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a service worker", () => {
  const answering = (store: ObjectStore, sent: boolean): ObjectStore => ({
    ...store,
    probe: async (...asked) => {
      const checks = await store.probe(...asked);
      return checks.map((check) => (check.name === "cors" ? { ...check, status: sent ? "ok" : "failed" } : check));
    },
  });

  test.each([
    { controlled: false, isBlind: false, sent: true, status: "ok" },
    { controlled: true, isBlind: false, sent: true, status: "ok" },
    { controlled: true, isBlind: true, sent: true, status: "warning" },
    // One that has just been installed has the requests of workers that it does not yet control the page of.
    { controlled: false, isBlind: true, sent: true, status: "warning" },
    { controlled: false, isBlind: false, sent: false, status: "ok" },
    { controlled: true, isBlind: false, sent: false, status: "skipped" },
  ])("is $status where %j", async ({ controlled, isBlind, sent, status }) => {
    const { store } = toolsOf();
    const tools = { controlled: () => controlled, isBlind: () => isBlind, store: answering(store, sent) };

    const { find } = await look(tools);

    expect(find("service-worker")).toMatchObject({ status });
    if (status === "warning")
      expect(find("service-worker")?.hint).toContain('if (event.request.method !== "GET") return;');
  });
});

describe("the checkpoints", () => {
  test("are skipped when the app wants none", async () => {
    expect((await look({ checkpoints: undefined })).find("indexeddb")).toMatchObject({ status: "skipped" });
  });

  test("are as they were after they were tried", async () => {
    const checkpoints = memoryCheckpoints();
    await checkpoints.begin("an upload", {});

    const { find } = await look({ checkpoints });

    expect(find("indexeddb")).toMatchObject({ status: "ok" });
    expect((await checkpoints.list()).map(({ id }) => id)).toEqual(["an upload"]);
  });

  test.each<[string, keyof CheckpointStore, string]>([
    ["written", "begin", "written"],
    ["added to", "addPart", "written"],
    ["read", "load", "read"],
    ["removed", "remove", "removed"],
  ])("that cannot be %s fail, in the database's words", async (_what, method, act) => {
    const inside = memoryCheckpoints();
    const full = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));

    const { ok, find } = await look({ checkpoints: { ...inside, [method]: full } });

    expect(ok).toBe(false);
    expect(find("indexeddb")).toMatchObject({
      status: "failed",
      detail: `A record could not be ${act}: QuotaExceededError: no room.`,
      hint: expect.stringContaining("not after a reload"),
    });
    if (method !== "remove") expect(await inside.list()).toEqual([]);
  });

  test("that forget what was written fail", async () => {
    const { find } = await look({ checkpoints: { ...memoryCheckpoints(), load: async () => undefined } });

    expect(find("indexeddb")).toMatchObject({ status: "failed" });
  });
});
