/** What the shared workers that outlive their pages have in common: they greet, keep files, and end when nothing is left to do. */
import type { SharedWorkerKeeping } from "../keeper/shared-worker-keeping.js";
import type { Clock } from "../platform/clock.js";
import { hello } from "./messages.js";

/** TypeScript's DOM types lack it. */
interface SharedWorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** A page that connects says at once what it wants, or nothing. */
const idleMs = 5_000;

interface Served {
  readonly clock: Pick<Clock, "sleep">;
  readonly keeping: SharedWorkerKeeping;
  /** Does what a page asks. @returns undefined for what it does not understand */
  readonly take?: (data: unknown) => Promise<void> | undefined;
}

/** @returns to be called after each change of what is kept */
export function serve({ clock, keeping, take }: Served): () => void {
  const scope = globalThis as unknown as SharedWorkerScope;
  let underWay = 0;
  let idle = new AbortController();
  /** Ends some seconds after the last thing that there was to do. */
  const stay = () => {
    idle.abort();
    idle = new AbortController();
    if (underWay > 0 || keeping.isNeeded) return;
    clock.sleep(idleMs, idle.signal).then(
      () => scope.close(),
      () => undefined,
    );
  };
  const during = async (work: Promise<void>) => {
    underWay += 1;
    stay();
    await work.catch((error: unknown) => console.warn(`Ossicle: ${String(error)}`));
    underWay -= 1;
    stay();
  };
  scope.onconnect = ({ ports: [port] }) => {
    if (port === undefined) return;
    stay();
    port.onmessage = ({ data }) => {
      if (keeping.take(data)) return;
      const work = take?.(data);
      if (work !== undefined) during(work);
    };
    port.postMessage(hello);
  };
  return stay;
}
