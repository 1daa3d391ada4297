/** Does what `Uploader.diagnose()` promises: checks the browser, then the bucket if a worker can send requests. */

import type { Diagnosis, DiagnosisCheck } from "../api/diagnosis.js";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { UploadError } from "../errors.js";
import type { Locks } from "../platform/locks.js";
import type { ObjectStore, ProbeOptions } from "../store/object-store.js";
import type { ByteWorkers } from "../workers/byte-workers.js";
import {
  checkAfterPage,
  checkCheckpoints,
  checkFileHandles,
  checkLocks,
  checkServiceWorker,
  checkWasm,
  checkWorker,
  type Finding,
} from "./browser-checks.js";

export interface DiagnosisTools {
  readonly store: ObjectStore;
  readonly workers: ByteWorkers;
  /** The database itself, without the layer that hides its failures; undefined if the app keeps checkpoints in memory. */
  readonly checkpoints: CheckpointStore | undefined;
  readonly locks: Locks;
  /** Why this page may not upload at all; undefined if it may. */
  readonly insecure: UploadError | undefined;
  readonly online: () => boolean;
  /** Has the page a service worker? */
  readonly controlled: () => boolean;
  /** Why uploads end with the page, as half a sentence; undefined if they go on after it. */
  readonly afterPage: () => Promise<string | undefined>;
  /** Was a body of the page answered of which the browser told nothing? */
  readonly isBlind: () => boolean;
}

/** @throws only the signal's reason; by then nothing it started is running */
export async function diagnose(
  tools: DiagnosisTools,
  key: string,
  options: Omit<ProbeOptions, "online">,
): Promise<Diagnosis> {
  const { store, workers, checkpoints, locks, insecure, online } = tools;
  const { signal } = options;
  const [worker, wasm, indexeddb, lock] = await Promise.all([
    checkWorker(workers, signal),
    checkWasm(),
    checkCheckpoints(checkpoints),
    checkLocks(locks, insecure),
  ]);
  signal.throwIfAborted();
  const ofBrowser: readonly DiagnosisCheck[] = [
    { name: "worker", ...worker },
    { name: "wasm", ...wasm },
    { name: "indexeddb", ...indexeddb },
    { name: "locks", ...lock },
    { name: "file-handles", ...checkFileHandles() },
  ];
  const obstacle = obstacleOf(worker, insecure);
  const ofStore = obstacle === undefined ? await store.probe(key, { ...options, online }) : skipped(obstacle);
  // Only a body that was sent shows it.
  const sent = ofStore.some(({ name, status }) => name === "cors" && status === "ok");
  const serviceWorker = checkServiceWorker(tools.controlled(), tools.isBlind() || (sent ? false : undefined));
  const others = [
    { name: "service-worker" as const, ...serviceWorker },
    { name: "after-page" as const, ...(await checkAfterPage(tools.afterPage)) },
  ];
  signal.throwIfAborted();
  const checks = [...ofBrowser, ...others, ...ofStore];
  return { ok: checks.every(({ status }) => status !== "failed"), checks };
}

/** @returns why the bucket cannot be asked: the page signs requests, and a worker sends them. undefined if it can */
function obstacleOf(worker: Finding, insecure: UploadError | undefined): string | undefined {
  if (insecure !== undefined) return "Requests cannot be signed: the page is not a secure context.";
  return worker.status === "failed" ? "Requests cannot be sent without a worker." : undefined;
}

function skipped(detail: string): readonly DiagnosisCheck[] {
  const names = ["credentials", "cors", "exposed-headers", "caches", "clock", "permissions"] as const;
  return names.map((name) => ({ name, status: "skipped", detail }));
}
