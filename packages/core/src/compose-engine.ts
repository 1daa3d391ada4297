/**
 * Builds an engine of what it is given: the threads, the locks, and what is known of the line. A page and the worker that goes on after it
 * have others. Only this file, create-engine.ts, create-uploader.ts and index.ts name implementations.
 */

import type { CheckedOptions } from "./check-options.js";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.js";
import { forgiving } from "./checkpoint/forgiving.js";
import { indexedDbCheckpoints } from "./checkpoint/idb.js";
import { inTime } from "./checkpoint/in-time.js";
import { memoryCheckpoints } from "./checkpoint/memory.js";
import type { Keeper } from "./keeper/keeper.js";
import { type KnownLine, Line } from "./line.js";
import type { WatchBeforeLeaving } from "./platform/before-leaving.js";
import { broadcastChannels } from "./platform/channels.js";
import type { Clock } from "./platform/clock.js";
import { keepLine, readKeptLine } from "./platform/kept-line.js";
import type { LeftMark } from "./platform/left-mark.js";
import type { Locks } from "./platform/locks.js";
import { browserNetworkStatus, type NetworkStatus } from "./platform/network-status.js";
import type { PageLife } from "./platform/page-life.js";
import type { Settings, WorldOutside } from "./run/context.js";
import { HoldersOfPage } from "./run/holders-of-page.js";
import { nextPartSize } from "./run/parts/part-size.js";
import { smallestUnit } from "./run/parts/unit.js";
import { engineOf } from "./run/run-engine.js";
import { createSlots } from "./slots.js";
import { ConnectionCount } from "./store/connection-count.js";
import { limited } from "./store/limited.js";
import type { ObjectStore } from "./store/object-store.js";
import { patienceWith } from "./store/patience.js";
import { persisting, retrying } from "./store/retrying.js";
import type { Engine } from "./upload/engine.js";
import type { ByteWorkers } from "./workers/byte-workers.js";

/** What of the checked options an engine needs. */
export type EngineOptions = Pick<
  CheckedOptions,
  "connection" | "retry" | "fixedConnections" | "smallFiles" | "checkpoints" | "settings"
>;

export interface EngineParts {
  readonly checked: EngineOptions;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Called when the database failed to write a checkpoint: that upload would not survive a reload. */
  readonly onUnresumable: (checkpointId: string) => void;
  readonly workers: ByteWorkers;
  readonly locks: Locks;
  /** Has the page a service worker, which may have its hands in every request? */
  readonly controlled: () => boolean;
  /** What is known of the line. Default: what an earlier page has kept of it. */
  readonly known?: KnownLine | undefined;
  /** See `World`. */
  readonly pageless?: WorldOutside["pageless"];
  readonly life: PageLife;
  readonly watchBeforeLeaving: WatchBeforeLeaving;
  readonly keeper: Keeper | undefined;
  readonly leftMark: LeftMark;
}

/** What of the engine its other parts are made of. */
export interface Inside {
  readonly store: ObjectStore;
  readonly line: Line;
  /** The database itself, without the layer that hides its failures. */
  readonly database: CheckpointStore;
  readonly network: NetworkStatus;
}

/** Uploads, and lanes of one upload, beyond the number of connections: they read the next parts while the others send. */
const ahead = 2;
/** Where requests of small files wait in the browser, so many uploads more for each of them are read, locked and signed meanwhile. */
const uploadsOfOneWaiting = 2;
/** Writing costs a page a part of a millisecond. */
const keepEveryMs = 2_000;

/** @param also makes the parts of the engine that have nothing to do with runs */
export async function composeEngine(
  parts: EngineParts,
  also: (inside: Inside) => Parameters<typeof engineOf>[2],
): Promise<Engine> {
  const { checked, clock, warn, onUnresumable, workers, locks, life, watchBeforeLeaving, leftMark, keeper, pageless } =
    parts;
  const { retry, settings: given } = checked;
  const { connections } = given;
  const network = browserNetworkStatus();
  const uploadSlots = createSlots(connections + ahead);
  const { line, inSlots } = await connected(parts, network, ({ waiting }) =>
    uploadSlots.resize(connections + ahead + waiting * uploadsOfOneWaiting),
  );
  const persist = persisting(retry, { clock, network, random: Math.random });
  const store = retrying(inSlots, persist);
  const database = inTime(checkpointStore(checked.checkpoints), clock);
  const checkpoints = forgiving(database, (id, cause) => {
    warn(`The browser's database failed (${String(cause)}). Uploads go on, but not after a reload of this page.`);
    if (id !== undefined) onUnresumable(id);
  });
  const world: WorldOutside = {
    store,
    persist,
    checkpoints,
    workers,
    locks,
    channels: broadcastChannels(),
    ...{ life, watchBeforeLeaving, leftMark, keeper },
    clock,
    line,
    uploadSlots,
    holders: new HoldersOfPage(),
    pageless,
    warn,
  };
  const settings: Settings = {
    ...{ ...given, lanes: connections + ahead, stallTimeoutMs: retry.stallTimeoutMs },
    ...{ unit: smallestUnit, nextPartSize },
  };
  return engineOf(world, settings, also({ store, line, database, network }));
}

/** Connects to the store, over a line that earlier pages may have measured. @param onLearnt called when that line is known better */
async function connected(
  { checked, clock, workers, controlled, known }: EngineParts,
  network: NetworkStatus,
  onLearnt: (line: Line) => void,
) {
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
      controlled,
    }),
  });
  const kept = known ?? readKeptLine(dialect.location, clock.now());
  const count = new ConnectionCount(settings.connections, {
    isFixed: fixedConnections,
    ...(kept && { first: kept.connections }),
  });
  const line = new Line(clock.elapsed, count, kept);
  const keep = keeping(line, dialect.location, clock);
  const learnt = () => {
    keep();
    onLearnt(line);
  };
  const inSlots = limited(dialect, { slots: createSlots(line.connections), line, onLearnt: learnt });
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

function checkpointStore(option: CheckpointStore | false | undefined): CheckpointStore {
  if (option === false) return memoryCheckpoints();
  return option ?? indexedDbCheckpoints();
}
