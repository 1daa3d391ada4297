/** What a page loads to leave files, and to ask for them: the keepers that browsers have. */
import type { Clock } from "../platform/clock.js";
import type { Keeper } from "./keeper.js";
import { keepersInTurn } from "./keepers-in-turn.js";
import { ServiceWorkerKeeper } from "./service-worker-keeper.js";

/** @param scope of the uploader */
export function pageKeeper(scope: string, clock: Pick<Clock, "sleep">): Keeper {
  return keepersInTurn([new ServiceWorkerKeeper(scope, navigator.serviceWorker, clock)]);
}
