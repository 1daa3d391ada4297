/** One upload by one contestant in a fresh page, and what it cost. */
import type { Chromium, Tab } from "./browser/chromium.js";
import { memory, resetPeak } from "./browser/processes.js";
import type { Forked } from "./calls.js";
import type { Contestant } from "./contestants.js";
import type { Content, Files } from "./files.js";
import type { Task } from "./page/contestant.js";
import type { Ran } from "./page/harness.js";
import type { ServerCalls } from "./server/serve.js";
import type { Counts } from "./server/tally.js";

/** What every section works with. */
export interface Bench {
  readonly chromium: Chromium;
  readonly server: Forked<ServerCalls>;
  readonly files: Files;
  /** Directory of the page's scripts. */
  readonly pages: string;
  /** URL of the page that all run in. */
  readonly page: string;
  readonly ports: Ports;
  /** Size of the file on loopback, bytes. */
  readonly size: number;
  readonly runs: number;
  /** The one line that is wanted, kilobits a second; undefined: all. */
  readonly rate: number | undefined;
  readonly isWanted: (contestant: Contestant) => boolean;
  /** Aborted by Ctrl-C: everything is closed then, and nothing that fails afterwards is a finding. */
  readonly signal: AbortSignal;
  /** One line on the terminal. */
  readonly say: (line: string) => void;
}

/** Of the server itself, or of a line to it. */
export interface Ports {
  readonly host: string;
  readonly oss: number;
  readonly others: number;
}

export interface Job {
  readonly content: Content;
  /** Of all files together. */
  readonly size: number;
  readonly paths: readonly string[];
  readonly ports: Ports;
  /** Ends the run after so many milliseconds; its speed is then that of the bytes that have come. */
  readonly cutAfterMs?: number;
}

export interface Measured extends Ran, Counts {
  readonly bytesPerSecond: number;
  /** Of all processes of the browser, in all; and for each GiB that came. */
  readonly cpuSeconds: number;
  readonly cpuSecondsPerGiB: number;
  /** The renderer that needed most, and by how much that is more than before. */
  readonly peakRendererBytes: number;
  readonly rendererGrowthBytes: number;
  readonly serverCpuSeconds: number;
}

let runs = 0;

/** A key that no earlier run has used. */
export function newTask(contestant: Contestant, job: Pick<Job, "content" | "ports">): Task {
  runs += 1;
  const { partSize, options, frames } = contestant;
  return {
    oss: `http://${job.ports.host}:${job.ports.oss}`,
    others: `http://${job.ports.host}:${job.ports.others}`,
    bucket: job.content,
    key: `run-${runs}.bin`,
    ...(partSize === undefined ? {} : { partSize }),
    ...(options === undefined ? {} : { options }),
    ...(frames === undefined ? {} : { frames }),
  };
}

/** A page in which the contestant is ready and the files are picked. */
export async function openPage(
  bench: Bench,
  contestant: Contestant,
  task: Task,
  paths: readonly string[],
): Promise<Tab> {
  const tab = await bench.chromium.open(bench.page);
  await prepare(tab, contestant, task, paths);
  return tab;
}

export async function prepare(tab: Tab, contestant: Contestant, task: Task, paths: readonly string[]): Promise<void> {
  await tab.evaluate(`bench.load(${JSON.stringify(contestant.page)})`);
  await tab.evaluate(`bench.ready(${JSON.stringify(task)})`);
  await tab.pick(paths);
}

export function startTask(tab: Tab, task: Task): Promise<Ran> {
  return tab.evaluate(`bench.run(${JSON.stringify(task)})`);
}

export async function measure(bench: Bench, contestant: Contestant, job: Job): Promise<Measured> {
  const { chromium, server } = bench;
  const task = newTask(contestant, job);
  const tab = await openPage(bench, contestant, task, job.paths);
  await chromium.quiet();
  await server.call.reset();
  const serverBefore = await server.call.cpuSeconds();
  const renderers = await resetRenderers(chromium);
  const cpuBefore = chromium.cpuSeconds();

  const ran = await orCut(tab, startTask(tab, task), job.cutAfterMs);

  const cpuSeconds = chromium.cpuSeconds() - cpuBefore;
  const peaks = [...renderers].map(([pid, before]) => ({ peak: memory(pid)?.peak ?? 0, before }));
  const counts = await server.call.counts();
  const serverCpuSeconds = (await server.call.cpuSeconds()) - serverBefore;
  await tab.close();
  if (job.cutAfterMs === undefined && counts.bodyBytes < job.size) {
    throw new Error(`${contestant.name}: only ${counts.bodyBytes} of ${job.size} bytes came`);
  }
  const came = Math.min(counts.bodyBytes, job.size);
  return {
    ...ran,
    ...counts,
    bytesPerSecond: (came / ran.ms) * 1000,
    cpuSeconds,
    cpuSecondsPerGiB: (cpuSeconds / came) * 2 ** 30,
    peakRendererBytes: Math.max(...peaks.map(({ peak }) => peak)),
    rendererGrowthBytes: Math.max(...peaks.map(({ peak, before }) => peak - before)),
    serverCpuSeconds,
  };
}

/** @returns resident bytes by process id */
export async function resetRenderers(chromium: Chromium): Promise<ReadonlyMap<number, number>> {
  const renderers = (await chromium.processes()).filter(({ type }) => type === "renderer");
  for (const { id } of renderers) resetPeak(id);
  return new Map(renderers.map(({ id }) => [id, memory(id)?.resident ?? 0]));
}

/** @returns with `ms: cutAfterMs` when it is cut */
export async function orCut(tab: Tab, running: Promise<Ran>, cutAfterMs: number | undefined): Promise<Ran> {
  if (cutAfterMs === undefined) return await running;
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, cutAfterMs, undefined);
  });
  // Its page is closed under it.
  running.catch(() => {});
  const ran = await Promise.race([running, later]);
  clearTimeout(timer);
  return ran ?? { ms: cutAfterMs, ...(await tab.evaluate<Omit<Ran, "ms">>("bench.feltSoFar()")) };
}
