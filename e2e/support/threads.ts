/** What a page's own thread has to do while something happens, in processor time: that of a busy machine does not count. */
import type { Browser, Page } from "@playwright/test";
import { stolenMs } from "./stolen.js";

export interface ThreadTimes {
  /** Milliseconds that the page's thread worked. */
  readonly pageMs: number;
  /**
   * The longest single task of the page's thread, less what was stolen from this machine meanwhile: for so long it hears
   * neither clicks nor keys. Measured on a shared machine: 81 ms once, where 7 to 10 are usual.
   */
  readonly longestTaskMs: number;
  /** Milliseconds that the page's workers worked. */
  readonly workersMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of processor time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The page has to be the only one that uses workers meanwhile. */
export async function threadTimesWhile(browser: Browser, page: Page, work: () => Promise<void>): Promise<ThreadTimes> {
  await browser.startTracing(page, { categories: ["__metadata", "disabled-by-default-devtools.timeline"] });
  const before = stolenMs();
  await work();
  const stolen = stolenMs() - before;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };

  const threads = traceEvents.filter(({ name }) => name === "thread_name");
  const tasksOf = (isWanted: (thread: TraceEvent) => boolean) => {
    const wanted = new Set(threads.filter(isWanted).map(({ pid, tid }) => `${pid}/${tid}`));
    return traceEvents
      .filter(({ name, pid, tid }) => name === "RunTask" && wanted.has(`${pid}/${tid}`))
      .map(({ tdur = 0 }) => tdur / 1000);
  };
  const isWorker = ({ args }: TraceEvent) => args?.name === "DedicatedWorker thread";
  const processes = new Set(threads.filter(isWorker).map(({ pid }) => pid));
  const onPage = tasksOf(({ args, pid }) => args?.name === "CrRendererMain" && processes.has(pid));
  return { pageMs: sum(onPage), longestTaskMs: Math.max(0, ...onPage) - stolen, workersMs: sum(tasksOf(isWorker)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
