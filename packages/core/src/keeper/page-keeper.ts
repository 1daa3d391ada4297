/** What a page loads to leave files, and to ask for them: the keepers that browsers have. */
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import type { Keeper } from "./keeper.js";
import { keepersInTurn } from "./keepers-in-turn.js";
import { ServiceWorkerKeeper } from "./service-worker-keeper.js";
import { SharedWorkerKeeper, type Starter } from "./shared-worker-keeper.js";

interface PageKeeperTools {
  readonly clock: Pick<Clock, "sleep">;
  readonly locks: Pick<Locks, "held">;
  /** Of a shared worker that outlives the page. */
  readonly starter: Starter;
}

/** @param scope of the uploader */
export function pageKeeper(scope: string, { clock, locks, starter }: PageKeeperTools): Keeper {
  return keepersInTurn([
    new SharedWorkerKeeper(scope, starter, { clock, locks }),
    new ServiceWorkerKeeper(scope, navigator.serviceWorker, clock),
  ]);
}
