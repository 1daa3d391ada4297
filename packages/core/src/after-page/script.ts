/** The script of the shared worker that outlives its pages: goes on with what they hand over, and ends when nothing is left to do. */
import { createByteWorker } from "@ossicle/worker/byte-worker";
import { systemClock } from "../platform/clock.js";
import { inThread } from "../workers/in-thread.js";
import { hello, isHandedOver } from "./messages.js";
import { goOn } from "./without-page.js";

/** TypeScript's DOM types lack it. */
interface SharedWorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
  close(): void;
}
const scope = globalThis as unknown as SharedWorkerScope;

/** A page that connects says at once what it wants, or nothing. */
const idleMs = 5_000;
const clock = systemClock();
let underWay = 0;
let idle = new AbortController();

scope.onconnect = ({ ports }) => {
  const [port] = ports;
  if (port === undefined) return;
  stays();
  port.onmessage = ({ data }) => {
    if (isHandedOver(data)) take(goOn(data, { clock, workers: (ms) => inThread(createByteWorker(), ms) }));
  };
  port.postMessage(hello);
};

async function take(work: Promise<void>): Promise<void> {
  underWay += 1;
  stays();
  await work.catch((error: unknown) => console.warn(`Ossicle: ${String(error)}`));
  underWay -= 1;
  stays();
}

/** Ends some seconds after the last thing that there was to do. */
function stays(): void {
  idle.abort();
  idle = new AbortController();
  if (underWay > 0) return;
  clock.sleep(idleMs, idle.signal).then(
    () => scope.close(),
    () => undefined,
  );
}
