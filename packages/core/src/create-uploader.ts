/** Composition root: options become defaults, defaults become wiring. With index.ts the only file that names implementations. */

import { checkOptions, checkSinglePut, checkWantedPartSize, invalid } from "./check-options.js";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.js";
import { forgiving } from "./checkpoint/forgiving.js";
import { indexedDbCheckpoints } from "./checkpoint/idb.js";
import { inTime } from "./checkpoint/in-time.js";
import { memoryCheckpoints } from "./checkpoint/memory.js";
import { diagnose } from "./diagnose/diagnose.js";
import { UploadError } from "./errors.js";
import { Line } from "./line.js";
import { systemClock } from "./platform/clock.js";
import { leaveQuestion } from "./platform/leave-question.js";
import { webLocks } from "./platform/locks.js";
import { browserNetworkStatus } from "./platform/network-status.js";
import { screenWakeLock } from "./platform/wake-lock.js";
import { createSlots } from "./slots.js";
import { ConnectionCount } from "./store/connection-count.js";
import { limited } from "./store/limited.js";
import type { StoreConnection } from "./store/object-store.js";
import { retrying } from "./store/retrying.js";
import { type Activity, UploaderHandle } from "./upload/uploader.js";
import type { Settings, World } from "./upload/world.js";
import type { UploadOptions } from "./upload-api.js";
import type { Uploader, UploaderOptions } from "./uploader-api.js";
import { createWorkerPool } from "./workers/pool.js";

/** Beyond the connections, so that the next parts and files are read while the present ones are sent. */
const ahead = 2;

/**
 * Makes an uploader. Nothing is read, opened or sent before the first upload, so it may be called anywhere, on a server too.
 *
 * @throws UploadError "invalid-option" for options that can never work
 */
export function createUploader(options: UploaderOptions): Uploader {
  const { retry, connections, fixedConnections, durable, ...checked } = checkOptions(options);
  const clock = systemClock();
  const warn = warnOnce();
  const workers = createWorkerPool(options.workers);
  const dialect = connection(options.store).connect({
    workers,
    now: clock.now,
    sleep: clock.sleep,
    stallTimeoutMs: retry.stallTimeoutMs,
  });
  const line = new Line();
  const count = fixedConnections ? undefined : new ConnectionCount(connections);
  const slots = createSlots(count?.allowed ?? connections);
  const inSlots = limited(dialect, { slots, line, elapsed: clock.elapsed, count });
  const network = browserNetworkStatus();
  const store = retrying(inSlots, retry, { clock, network, random: Math.random });
  const database = inTime(checkpointStore(options.checkpoints), clock);
  const checkpoints = forgiving(database, (id, cause) => {
    warn(`The browser's database failed (${String(cause)}). Uploads go on, but not after a reload of this page.`);
    if (id !== undefined) uploader.becameUnresumable(id);
  });
  const world: World = {
    store,
    checkpoints,
    workers,
    locks: webLocks(),
    clock,
    line,
    places: createSlots(connections + ahead),
    warn,
  };
  const settings: Settings = {
    ...checked,
    partSize: checkWantedPartSize(options.partSize, store.limits),
    singlePutBelow: checkSinglePut(options.singlePutBelow, store.limits.maxPutSize),
    scope: options.scope ?? "",
    connections,
    lanes: connections + ahead,
    durable,
  };
  const check = (upload: UploadOptions) => {
    const insecure = insecureContext();
    if (insecure !== undefined) throw insecure;
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
    diagnose: async (key, call) => {
      store.check({ key });
      const kept = durable ? database : undefined;
      const browser = { workers, checkpoints: kept, locks: world.locks, insecure: insecureContext() };
      return await diagnose({ ...browser, store, online: network.online }, key, call);
    },
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

function insecureContext(): UploadError | undefined {
  if (globalThis.isSecureContext !== false) return undefined;
  return new UploadError(
    "misconfigured",
    `This page (${location.origin}) is not a secure context: browsers give it neither WebCrypto to sign with nor Web Locks`,
    { hint: "Serve the page over https, or from localhost." },
  );
}

function warnOnce(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    console.warn(`Ossicle: ${message}`);
  };
}
