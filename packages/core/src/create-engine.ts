/** Builds the engine that moves uploads in a page, which loads it as a chunk of its own. */

import { AfterPage } from "./after-page/after-page.js";
import type { CheckedOptions } from "./check-options.js";
import { composeEngine } from "./compose-engine.js";
import type { UploadError } from "./errors.js";
import { loading } from "./not-loaded.js";
import type { Clock } from "./platform/clock.js";
import { webLocks } from "./platform/locks.js";
import { isControlled } from "./platform/service-worker.js";
import type { Engine } from "./upload/engine.js";
import { createWorkerPool } from "./workers/pool.js";

export interface EngineTools {
  readonly checked: CheckedOptions;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Called when the database failed to write a checkpoint: that upload would not survive a reload. */
  readonly onUnresumable: (checkpointId: string) => void;
  /** Why this page may not upload at all; undefined if it may. */
  readonly insecure: () => UploadError | undefined;
}

export async function createEngine(tools: EngineTools): Promise<Engine> {
  const { checked, clock, insecure } = tools;
  const { durable } = checked.settings;
  const workers = createWorkerPool({ ...checked.workers, stallTimeoutMs: checked.retry.stallTimeoutMs });
  const locks = webLocks();
  let afterPage: AfterPage | undefined;
  const engine = await composeEngine({ ...tools, workers, locks, controlled: isControlled }, (inside) => {
    const { store, line, database, network } = inside;
    const after = new AfterPage({ checked, store, line, clock, controlled: isControlled });
    afterPage = after;
    return {
      leaves: (jobs) => after.leaves(jobs),
      goesOn: () => after.goesOn,
      diagnose: async (key, call) => {
        const { diagnose } = await loading("diagnosis", import("./diagnose/diagnose.js"));
        store.check({ key });
        const durableOnes = durable ? database : undefined;
        const browser = {
          workers,
          checkpoints: durableOnes,
          locks,
          insecure: insecure(),
          afterPage: () => after.look(),
        };
        const serviceWorker = { controlled: isControlled, isBlind: () => line.isBlind };
        return await diagnose({ ...browser, ...serviceWorker, store, online: network.online }, key, call);
      },
      close: () => {
        after.close();
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
