/** Pools of fake workers, and requests to them. */
import type { Digest, HttpResponse } from "@ossicle/worker/contract";
import { afterEach, beforeEach, vi } from "vitest";
import type { HttpRequest } from "../../src/workers/byte-workers.js";
import { createWorkerPool } from "../../src/workers/pool.js";
import { FakeWorker, type FakeWorkerOptions } from "../doubles/fake-worker.js";
import { ManualClock } from "../doubles/manual-clock.js";

export const wanted = { md5: true, crc64: true };
export const never = new AbortController().signal;
export const blob = (name: string) => new Blob([name]);
export const request: HttpRequest = {
  method: "PUT",
  url: "https://b/k",
  headers: {},
  stallTimeoutMs: 1,
  answerTimeoutMs: 1,
};
export const answer: HttpResponse = { status: 200, headers: {}, elsewhere: false, body: "" };
export const digest: Digest = { md5: new Uint8Array(16), crc64: 7n, size: 1 };
export const ok = <T>(value: T) => ({ ok: true, value }) as unknown as { ok: true; value: never };

/** Waits until all messages between ports have arrived. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A pool on fake workers; the first ones are what `options` say, in that order. */
export function poolOf(count: number | undefined, ...options: FakeWorkerOptions[]) {
  const workers = new StartedWorkers(options);
  const clock = new ManualClock();
  const pool = createWorkerPool({ count, create: workers.create, clock, stallTimeoutMs: 30_000 });
  const worker = (index: number) => workers.all[index] as FakeWorker;
  return { pool, workers: workers.all, started: workers.started, worker, clock };
}

const open: FakeWorker[] = [];

class StartedWorkers {
  readonly all: FakeWorker[] = [];
  readonly #options: readonly FakeWorkerOptions[];
  #watchers: (() => void)[] = [];

  constructor(options: readonly FakeWorkerOptions[]) {
    this.#options = options;
  }

  readonly create = (): Worker => {
    const worker = new FakeWorker(this.#options[this.all.length]);
    this.all.push(worker);
    open.push(worker);
    for (const watcher of this.#watchers.splice(0)) watcher();
    return worker.asWorker;
  };

  /** Resolves once there are more than `index`. */
  readonly started = async (index: number): Promise<FakeWorker> => {
    while (this.all.length <= index) await new Promise<void>((resolve) => this.#watchers.push(resolve));
    return this.all[index] as FakeWorker;
  };
}

/** The page around the pool, before each test; after it no worker is left. */
export function inPage(): void {
  beforeEach(() => {
    vi.stubGlobal("navigator", { onLine: true, hardwareConcurrency: 8 });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    for (const worker of open.splice(0)) worker.terminate();
  });
}
