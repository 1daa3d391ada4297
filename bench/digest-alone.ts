/** Reading and digesting with nothing sent: what the sum in "What integrity may cost" is made of. */
import type { Contestant } from "./contestants.js";
import { type Bench, newTask, openPage, startTask } from "./run.js";

export interface Kinds {
  readonly md5: boolean;
  readonly crc64: boolean;
}

/** Reads the file in a worker of a fresh page and digests it as parts are digested, four slices at once. @returns CPU seconds of the browser */
export async function digestAlone(bench: Bench, path: string, kinds: Kinds): Promise<number> {
  const contestant: Contestant = { name: "digests alone", page: "digests", options: { ...kinds } };
  const task = newTask(contestant, { content: "blocks", ports: bench.ports });
  const tab = await openPage(bench, contestant, task, [path]);
  await bench.chromium.quiet();
  const before = bench.chromium.cpuSeconds();
  await startTask(tab, task);
  const cpu = bench.chromium.cpuSeconds() - before;
  await tab.close();
  return cpu;
}
