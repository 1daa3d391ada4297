/** A line with a browser on it, and a server at its other end. Several work side by side: a slow line leaves the machine idle. */
import { type Line, openLine } from "../../scripts/line/line.js";
import { launchChromium } from "../browser/chromium.js";
import { forkCalls } from "../calls.js";
import { startPageServer } from "../page-server.js";
import type { Bench } from "../run.js";
import type { ServerCalls } from "../server/serve.js";

export interface Station {
  readonly line: Line;
  /** With the browser, the page and the server of this station. */
  readonly bench: Bench;
  close(): Promise<void>;
}

/** @throws NoLine where the system does not let us */
export async function openStation(bench: Bench): Promise<Station> {
  const line = await openLine({ kbit: 10_000 });
  const closers = [() => line.close()];
  const close = async () => {
    for (const each of closers.splice(0)) await each().catch(() => {});
  };
  try {
    const server = await forkCalls<ServerCalls>(new URL("../server/serve.ts", import.meta.url), [line.host]);
    closers.unshift(() => server.close());
    const page = await startPageServer(bench.pages, (pages) => line.listen(pages));
    closers.unshift(() => page.close());
    const chromium = await launchChromium(line);
    closers.unshift(() => chromium.close());
    const ports = await server.call.ports();
    return { line, close, bench: { ...bench, chromium, server, page: page.url, ports } };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As a browser that has never been there. */
export async function forgetSite({ bench }: Station): Promise<void> {
  const tab = await bench.chromium.open(bench.page);
  const { origin } = new URL(bench.page);
  await tab.session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  await tab.close();
}

export interface StationJob {
  /**
   * All lines together carry no more than a machine of two cores sends without effort: with ten browsers at 20 Mbit/s each it was the machine
   * that was measured (ours ÷ best 0.88; 0.99 alone).
   */
  readonly kbit: number;
  /** Settles in any case. */
  run(station: Station): Promise<void>;
}

const mostKbit = 60_000;

/** In the order given, each as soon as a station is free and the machine has room for its line. */
export async function shareOut(stations: readonly Station[], jobs: readonly StationJob[]): Promise<void> {
  const free = [...stations];
  const running = new Set<Promise<void>>();
  let load = 0;
  for (const job of jobs) {
    while (free.length === 0 || (load > 0 && load + job.kbit > mostKbit)) await Promise.race(running);
    const station = free.pop() as Station;
    load += job.kbit;
    const work = job.run(station).finally(() => {
      running.delete(work);
      free.push(station);
      load -= job.kbit;
    });
    running.add(work);
  }
  await Promise.all(running);
}
