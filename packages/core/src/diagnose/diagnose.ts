/** `Uploader.diagnose()`: the browser first, then, if a worker can ask for it, the bucket. */

import type { Diagnosis, DiagnosisCheck } from "../api/diagnosis.js";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { UploadError } from "../errors.js";
import type { Locks } from "../platform/locks.js";
import type { ObjectStore, ProbeOptions } from "../store/object-store.js";
import type { ByteWorkers } from "../workers/byte-workers.js";
import {
  checkCheckpoints,
  checkFileHandles,
  checkLocks,
  checkWasm,
  checkWorker,
  type Finding,
} from "./browser-checks.js";

export interface Patient {
  readonly store: ObjectStore;
  readonly workers: ByteWorkers;
  /** The real ones, not those that forgive; undefined when the app wants none. */
  readonly checkpoints: CheckpointStore | undefined;
  readonly locks: Locks;
  /** Why the page may not upload at all. */
  readonly insecure: UploadError | undefined;
  readonly online: () => boolean;
}

/** @throws the signal's reason alone, and by then nothing it started is running */
export async function diagnose(
  patient: Patient,
  key: string,
  options: Omit<ProbeOptions, "online">,
): Promise<Diagnosis> {
  const { store, workers, checkpoints, locks, insecure, online } = patient;
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
  const checks = [...ofBrowser, ...ofStore];
  return { ok: checks.every(({ status }) => status !== "failed"), checks };
}

/** Requests are signed by the page and sent by a worker. */
function obstacleOf(worker: Finding, insecure: UploadError | undefined): string | undefined {
  if (insecure !== undefined) return "Nothing can be signed where the page is not a secure context.";
  return worker.status === "failed" ? "Nothing can be asked without a worker." : undefined;
}

function skipped(detail: string): readonly DiagnosisCheck[] {
  const names = ["credentials", "cors", "exposed-headers", "caches", "clock", "permissions"] as const;
  return names.map((name) => ({ name, status: "skipped", detail }));
}
