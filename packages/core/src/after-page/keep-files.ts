/** The script of a shared worker that keeps the files of its pages, and nothing else. */
import { SharedWorkerKeeping } from "../keeper/shared-worker-keeping.js";
import { systemClock } from "../platform/clock.js";
import { webLocks } from "../platform/locks.js";
import { serve } from "./serve.js";

const clock = systemClock();
const keeping = new SharedWorkerKeeping({ clock, locks: webLocks(), onChange: () => stay() });
const stay = serve({ clock, keeping });
