/**
 * Builds the engine that moves uploads; a page loads it as a chunk of its own. Only this file, create-uploader.ts and index.ts name
 * implementations.
 */

import type { CheckedOptions } from "./check-options.js";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.js";
import { forgiving } from "./checkpoint/forgiving.js";
import { indexedDbCheckpoints } from "./checkpoint/idb.js";
import { inTime } from "./checkpoint/in-time.js";
import { memoryCheckpoints } from "./checkpoint/memory.js";
import type { UploadError } from "./errors.js";
import type { Keeper } from "./keeper/keeper.js";
import { lateKeeper } from "./keeper/late-keeper.js";
import { Line } from "./line.js";
import { loading } from "./not-loaded.js";
import { watchBeforeLeaving } from "./platform/before-leaving.js";
import { broadcastChannels } from "./platform/channels.js";
import type { Clock } from "./platform/clock.js";
import { keepLine, readKeptLine } from "./platform/kept-line.js";
import { storedMark } from "./platform/left-mark.js";
import { webLocks } from "./platform/locks.js";
import { browserNetworkStatus, type NetworkStatus } from "./platform/network-status.js";
import type { PageLife } from "./platform/page-life.js";
import { isControlled, isRegistered } from "./platform/service-worker.js";
import type { Settings, WorldOutside } from "./run/context.js";
import { HoldersOfPage } from "./run/holders-of-page.js";
import { engineOf } from "./run/run-engine.js";
import { createSlots } from "./slots.js";
import { ConnectionCount } from "./store/connection-count.js";
import { limited } from "./store/limited.js";
import { patienceWith } from "./store/patience.js";
import { persisting, retrying } from "./store/retrying.js";
import type { Engine } from "./upload/engine.js";
import { nextPartSize } from "./upload/part-size.js";
import { smallestUnit } from "./upload/plan.js";
import type { ByteWorkers } from "./workers/byte-workers.js";
import { createWorkerPool } from "./workers/pool.js";

export interface EngineTools {
  readonly checked: CheckedOptions;
  readonly clock: Clock;
  readonly life: PageLife;
  readonly warn: (message: string) => void;
  /** Called when the database failed to write a checkpoint: that upload would not survive a reload. */
  readonly onUnresumable: (checkpointId: string) => void;
  /** Called when there is somebody who keeps the files of this page when it is left. */
  readonly onKeeper: () => void;
  /** Why this page may not upload at all; undefined if it may. */
  readonly insecure: () => UploadError | undefined;
}

/** Uploads, and lanes of one upload, beyond the number of connections: they read the next parts while the others send. */
const ahead = 2;
/** Writing costs a page a part of a millisecond. */
const keepEveryMs = 2_000;

export async function createEngine(tools: EngineTools): Promise<Engine> {
  const { checked, clock, life, warn, onUnresumable, onKeeper, insecure } = tools;
  const { retry, settings: given } = checked;
  const { connections, durable } = given;
  const workers = createWorkerPool({ ...checked.workers, stallTimeoutMs: retry.stallTimeoutMs });
  const network = browserNetworkStatus();
  const { line, inSlots } = await connected(tools, workers, network);
  const persist = persisting(retry, { clock, network, random: Math.random });
  const store = retrying(inSlots, persist);
  const database = inTime(checkpointStore(checked.checkpoints), clock);
  const checkpoints = forgiving(database, (id, cause) => {
    warn(`The browser's database failed (${String(cause)}). Uploads go on, but not after a reload of this page.`);
    if (id !== undefined) onUnresumable(id);
  });
  const locks = webLocks();
  const channels = broadcastChannels();
  const uploadSlots = createSlots(connections + ahead);
  const holders = new HoldersOfPage();
  const world: WorldOutside = {
    store,
    persist,
    checkpoints,
    workers,
    locks,
    channels,
    life,
    watchBeforeLeaving,
    leftMark: storedMark,
    onKeeper,
    keeper: keeperOf(tools),
    clock,
    line,
    uploadSlots,
    holders,
    warn,
  };
  const settings: Settings = {
    ...{ ...given, lanes: connections + ahead, stallTimeoutMs: retry.stallTimeoutMs },
    ...{ unit: smallestUnit, nextPartSize },
  };
  return engineOf(world, settings, {
    diagnose: async (key, call) => {
      const { diagnose } = await loading("diagnosis", import("./diagnose/diagnose.js"));
      store.check({ key });
      const durableOnes = durable ? database : undefined;
      const browser = { workers, checkpoints: durableOnes, locks, insecure: insecure() };
      const serviceWorker = { controlled: isControlled, isBlind: () => line.isBlind };
      return await diagnose({ ...browser, ...serviceWorker, store, online: network.online }, key, call);
    },
    close: () => workers.close(),
  });
}

/** Connects to the store, over a line that earlier pages may have measured. */
async function connected({ checked, clock }: EngineTools, workers: ByteWorkers, network: NetworkStatus) {
  const { connection, retry, fixedConnections, settings } = checked;
  const dialect = await connection.connect({
    workers,
    now: clock.now,
    sleep: clock.sleep,
    stallTimeoutMs: retry.stallTimeoutMs,
    smallFiles: checked.smallFiles,
    online: () => network.online(),
    patience: patienceWith({
      line: () => line,
      speedOfOne: () => speedOfOne(line),
      stallTimeoutMs: retry.stallTimeoutMs,
      controlled: isControlled,
    }),
  });
  const kept = readKeptLine(dialect.location, clock.now());
  const count = new ConnectionCount(settings.connections, {
    isFixed: fixedConnections,
    ...(kept && { first: kept.connections }),
  });
  const line = new Line(clock.elapsed, count, kept);
  const onLearnt = keeping(line, dialect.location, clock);
  const inSlots = limited(dialect, { slots: createSlots(line.connections), line, onLearnt });
  return { line, inSlots };
}

/** @returns what keeps the line for the next page, now and then */
function keeping(line: Line, location: string, clock: Clock): () => void {
  let keptAt = Number.NEGATIVE_INFINITY;
  return () => {
    const { known } = line;
    if (known === undefined || clock.elapsed() - keptAt < keepEveryMs) return;
    keptAt = clock.elapsed();
    keepLine(location, clock.now(), known);
  };
}

/** @returns bytes per second of one connection while the others are busy too */
function speedOfOne({ bytesPerSecond, connections }: Line): number | undefined {
  return bytesPerSecond === undefined ? undefined : bytesPerSecond / connections;
}

/** Without checkpoints that outlive the page there is nothing that a later page could go on with. */
function keeperOf({ checked, clock }: EngineTools): Keeper | undefined {
  const { durable, scope } = checked.settings;
  if (!checked.keepFiles || !durable) return undefined;
  return lateKeeper(isRegistered, async () => (await import("./keeper/page-keeper.js")).pageKeeper(scope, clock));
}

function checkpointStore(option: CheckpointStore | false | undefined): CheckpointStore {
  if (option === false) return memoryCheckpoints();
  return option ?? indexedDbCheckpoints();
}
