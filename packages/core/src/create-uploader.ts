/** Composition root: options become defaults, defaults become wiring. With index.ts the only file that names implementations. */
import type { CheckpointStore } from "./checkpoint/checkpoint-store.js";
import { forgiving } from "./checkpoint/forgiving.js";
import { indexedDbCheckpoints } from "./checkpoint/idb.js";
import { memoryCheckpoints } from "./checkpoint/memory.js";
import { UploadError } from "./errors.js";
import { systemClock } from "./platform/clock.js";
import { leaveQuestion } from "./platform/leave-question.js";
import { webLocks } from "./platform/locks.js";
import { browserNetworkStatus } from "./platform/network-status.js";
import { screenWakeLock } from "./platform/wake-lock.js";
import { createSlots } from "./slots.js";
import { limited } from "./store/limited.js";
import type { StoreConnection } from "./store/object-store.js";
import { retrying } from "./store/retrying.js";
import { checkPartSize } from "./upload/plan.js";
import { type Activity, UploaderHandle } from "./upload/uploader.js";
import type { Settings, World } from "./upload/world.js";
import type { UploadOptions } from "./upload-api.js";
import type { RetryOptions, Uploader, UploaderOptions } from "./uploader-api.js";
import type { DigestKinds } from "./workers/byte-workers.js";
import { createWorkerPool } from "./workers/pool.js";

/** HTTP/1.1 connections that browsers open to one host; HTTP/2 gains nothing from more. */
const connections = 6;
/** Beyond the connections, so that the next parts are digested while the present ones are sent. */
const digestedAhead = 2;
const day = 86_400_000;

const digestsFor: Readonly<Record<NonNullable<UploaderOptions["integrity"]>, DigestKinds>> = {
  "md5+crc64": { md5: true, crc64: true },
  crc64: { md5: false, crc64: true },
  none: { md5: false, crc64: false },
};

/**
 * Makes an uploader. Nothing is read, opened or sent before the first upload, so it may be called anywhere, on a server too.
 *
 * @throws UploadError "invalid-option" for options that can never work
 */
export function createUploader(options: UploaderOptions): Uploader {
  const retry = retryPolicy(options.retry);
  const concurrency = checkConcurrency(options.concurrency);
  const clock = systemClock();
  const warn = warnOnce();
  const workers = createWorkerPool(options.workers);
  const dialect = connection(options.store).connect({ workers, now: clock.now, stallTimeoutMs: retry.stallTimeoutMs });
  const inSlots = limited(dialect, createSlots(concurrency));
  const store = retrying(inSlots, retry, { clock, network: browserNetworkStatus(), random: Math.random });
  const checkpoints = forgiving(checkpointStore(options.checkpoints), (id, cause) => {
    warn(`The browser's database failed (${String(cause)}). Uploads go on, but not after a reload of this page.`);
    if (id !== undefined) uploader.becameUnresumable(id);
  });
  const world: World = {
    store,
    checkpoints,
    workers,
    locks: webLocks(),
    clock,
    places: createSlots(concurrency),
    warn,
  };
  const settings: Settings = {
    partSize:
      options.partSize === undefined || options.partSize === "auto"
        ? "auto"
        : checkPartSize(options.partSize, store.limits),
    singlePutBelow: checkSinglePut(options.singlePutBelow, store.limits.maxPutSize),
    digests: digestsFor[checkIntegrity(options.integrity)],
    fingerprint: checkFingerprint(options.fingerprint),
    scope: options.scope ?? "",
    lanes: concurrency + digestedAhead,
    expireAfterMs: options.expireAfterMs ?? 7 * day,
    durable: options.checkpoints !== false,
  };
  const check = (upload: UploadOptions) => {
    checkSecureContext();
    store.check(upload);
  };
  const awake = screenWakeLock();
  const question = leaveQuestion();
  const { keepAwake = true, warnBeforeUnload = "when-needed" } = options;
  const onActivity = ({ moving, losable }: Activity) => {
    awake.set(keepAwake && moving);
    question.set(warnBeforeUnload === "always" ? moving : warnBeforeUnload === "when-needed" && losable);
  };
  const uploader = new UploaderHandle({
    world,
    settings,
    check,
    onRequest: options.onRequest,
    onActivity,
    onClose: () => workers.close(),
  });
  return uploader;
}

function connection(adapter: UploaderOptions["store"]): StoreConnection {
  if (typeof adapter === "object" && adapter !== null && "connect" in adapter) return adapter as StoreConnection;
  throw invalid("store is not an object store", "Pass store: ossStore({ region, bucket, credentials }).");
}

function checkpointStore(option: CheckpointStore | false | undefined): CheckpointStore {
  if (option === false) return memoryCheckpoints();
  return option ?? indexedDbCheckpoints();
}

function retryPolicy(options: RetryOptions = {}) {
  const policy = {
    giveUpAfterMs: options.giveUpAfterMs ?? 600_000,
    baseDelayMs: options.baseDelayMs ?? 500,
    maxDelayMs: options.maxDelayMs ?? 30_000,
    stallTimeoutMs: options.stallTimeoutMs ?? 30_000,
  };
  for (const [name, value] of Object.entries(policy)) {
    if (!(typeof value === "number" && value >= 0))
      throw invalid(`retry.${name} is ${value}`, "Pass milliseconds, ≥ 0.");
  }
  return policy;
}

function checkConcurrency(option: UploaderOptions["concurrency"]): number {
  if (option === undefined || option === "auto") return connections;
  if (Number.isInteger(option) && option >= 1) return Math.min(option, connections);
  throw invalid(`concurrency is ${option}`, 'Pass a whole number from 1 to 6, or "auto".');
}

function checkSinglePut(option: number | undefined, most: number): number | undefined {
  if (option === undefined || (option >= 0 && option <= most)) return option;
  throw invalid(`singlePutBelow is ${option}`, `Pass bytes, from 0 to ${most}.`);
}

function checkIntegrity(option: UploaderOptions["integrity"] = "md5+crc64") {
  if (Object.hasOwn(digestsFor, option)) return option;
  throw invalid(`integrity is ${String(option)}`, 'Pass "md5+crc64", "crc64" or "none".');
}

function checkFingerprint(option: UploaderOptions["fingerprint"] = "sampled") {
  if (option === "sampled" || option === "full") return option;
  throw invalid(`fingerprint is ${String(option)}`, 'Pass "sampled" or "full".');
}

function checkSecureContext(): void {
  if (globalThis.isSecureContext !== false) return;
  throw new UploadError(
    "misconfigured",
    `This page (${location.origin}) is not a secure context: browsers give it neither WebCrypto to sign with nor Web Locks`,
    { hint: "Serve the page over https, or from localhost." },
  );
}

function invalid(problem: string, hint: string): UploadError {
  return new UploadError("invalid-option", problem, { hint });
}

function warnOnce(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    console.warn(`Ossicle: ${message}`);
  };
}
