/** The script of the shared worker that outlives its pages: keeps their files, and goes on with the uploads that they hand over. */
import { createByteWorker } from "@ossicle/worker/byte-worker";
import { SharedWorkerKeeping } from "../keeper/shared-worker-keeping.js";
import { systemClock } from "../platform/clock.js";
import { webLocks } from "../platform/locks.js";
import { inThread } from "../workers/in-thread.js";
import { isHandedOver } from "./messages.js";
import { serve } from "./serve.js";
import { WithoutPage } from "./without-page.js";

const clock = systemClock();
const withoutPage = new WithoutPage({
  clock,
  workers: (ms) => inThread(createByteWorker(), ms),
  onCompleted: (scope, ids) => keeping.release(scope, ids),
});
const keeping: SharedWorkerKeeping = new SharedWorkerKeeping({
  ...{ clock, locks: webLocks(), onChange: () => stay() },
  // Who signs out lets go of what goes on as well.
  onReleased: ({ scope, ids }) => withoutPage.stop(scope, ids),
});
const stay = serve({
  ...{ clock, keeping },
  take: (data) => (isHandedOver(data) ? withoutPage.goOn(data) : undefined),
});
