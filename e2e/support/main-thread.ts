/** How long the page's main thread was busy at a time, in CPU time: a crowded machine makes tasks long, not expensive. */
import type { Browser, Page } from "@playwright/test";
import { stolenMs } from "./stolen.js";

export interface Task {
  /** Milliseconds of CPU, less what was stolen from this machine meanwhile. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of CPU; absent where the system does not tell. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** @returns the longest task of any page's main thread while `work` was done */
export async function busiestTask(browser: Browser, page: Page, work: () => Promise<void>): Promise<Task> {
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  const before = stolenMs();
  await work();
  const stolen = stolenMs() - before;
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { readonly traceEvents: readonly TraceEvent[] };
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) => name === "RunTask" && tdur !== undefined && mainThreads.has(`${pid}:${tid}`),
  );
  if (tasks.length === 0) throw new Error("The trace has no task of the page's main thread");
  return { cpuMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000 - stolen };
}
