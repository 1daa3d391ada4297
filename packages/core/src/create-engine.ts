/** Builds the engine that moves uploads in a page, which loads it as a chunk of its own. */

import { AfterPage } from "./after-page/after-page.js";
import { knowsExtendedLifetime } from "./after-page/extended-lifetime.js";
import type { SharedStarter } from "./after-page/shared-worker.js";
import type { CheckedOptions } from "./check-options.js";
import { composeEngine } from "./compose-engine.js";
import type { UploadError } from "./errors.js";
import type { Keeper } from "./keeper/keeper.js";
import { lateKeeper } from "./keeper/late-keeper.js";
import { loading } from "./not-loaded.js";
import { watchBeforeLeaving } from "./platform/before-leaving.js";
import type { Clock } from "./platform/clock.js";
import { storedMark } from "./platform/left-mark.js";
import { type Locks, webLocks } from "./platform/locks.js";
import type { PageLife } from "./platform/page-life.js";
import { isControlled, isRegistered } from "./platform/service-worker.js";
import type { Engine } from "./upload/engine.js";
import { createWorkerPool } from "./workers/pool.js";

export interface EngineTools {
  readonly checked: CheckedOptions;
  readonly clock: Clock;
  readonly life: PageLife;
  readonly warn: (message: string) => void;
  /** Called when the database failed to write a checkpoint: that upload would not survive a reload. */
  readonly onUnresumable: (checkpointId: string) => void;
  /** Why this page may not upload at all; undefined if it may. */
  readonly insecure: () => UploadError | undefined;
}

export async function createEngine(tools: EngineTools): Promise<Engine> {
  const { checked, insecure } = tools;
  const { durable } = checked.settings;
  const workers = createWorkerPool({ ...checked.workers, stallTimeoutMs: checked.retry.stallTimeoutMs });
  const locks = webLocks();
  const starter = starterOf(tools);
  const given = {
    ...tools,
    workers,
    locks,
    controlled: isControlled,
    watchBeforeLeaving,
    leftMark: storedMark,
    keeper: keeperOf(tools, locks, starter),
  };
  let afterPage: AfterPage | undefined;
  const engine = await composeEngine(given, (inside) => {
    const { store, line, database, network } = inside;
    const after = new AfterPage({ checked, store, line, controlled: isControlled, starter });
    afterPage = after;
    return {
      leaves: (jobs) => after.leaves(jobs),
      goesOn: () => after.goesOn,
      diagnose: async (key, call) => {
        const { diagnose } = await loading("diagnosis", import("./diagnose/diagnose.js"));
        store.check({ key });
        const durableOnes = durable ? database : undefined;
        const ofPage = { insecure: insecure(), afterPage: () => after.look() };
        const browser = { workers, checkpoints: durableOnes, locks, ...ofPage };
        const serviceWorker = { controlled: isControlled, isBlind: () => line.isBlind };
        return await diagnose({ ...browser, ...serviceWorker, store, online: network.online }, key, call);
      },
      close: (releaseFiles) => {
        after.close(releaseFiles);
        workers.close();
      },
    };
  });
  return {
    ...engine,
    runsOf: (job, outlet) => {
      // What begins here may have to go on after the page.
      afterPage?.prepare();
      return engine.runsOf(job, outlet);
    },
  };
}

/** @returns what loads the way to a worker that outlives the page, once; a failed load is tried again */
function starterOf({ checked: { afterPage }, clock }: EngineTools): () => Promise<SharedStarter> {
  let made: Promise<SharedStarter> | undefined;
  return () => {
    const making =
      made ?? import("./after-page/shared-worker.js").then(({ starterFor }) => starterFor(afterPage, clock));
    made = making;
    making.catch(() => {
      made = undefined;
    });
    return making;
  };
}

/** Without checkpoints that outlive the page there is nothing that a later page could go on with. */
function keeperOf(
  { checked, clock }: EngineTools,
  locks: Locks,
  starter: () => Promise<SharedStarter>,
): Keeper | undefined {
  const { durable, scope } = checked.settings;
  if (!checked.keepFiles || !durable) return undefined;
  return lateKeeper(
    async () => knowsExtendedLifetime() || (await isRegistered()),
    async () => {
      const [{ pageKeeper }, own] = await Promise.all([import("./keeper/page-keeper.js"), starter()]);
      return pageKeeper(scope, { clock, locks, starter: own });
    },
  );
}
