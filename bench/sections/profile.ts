/** Where our time goes: one upload of each of ours under the profiler, which slows it down; nothing else is measured. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { selfTimes, startProfiler } from "../browser/profiler.js";
import { ours } from "../contestants.js";
import { number, table } from "../report/table.js";
import { type Bench, newTask, openPage, startTask } from "../run.js";

const shown = 14;

export async function profile(bench: Bench, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const paths = [await bench.files.file("blocks", bench.size)];
  for (const contestant of Object.values(ours).filter(bench.isWanted)) {
    const tab = await openPage(bench, contestant, paths);
    await bench.chromium.quiet();
    const stop = await startProfiler(tab);
    const { ms } = await startTask(tab, newTask(contestant, { content: "blocks", ports: bench.ports }));
    const profiles = await stop();
    await tab.close();
    bench.say(`\n${contestant.name}: ${number(ms, 0)} ms`);
    for (const each of profiles) {
      const file = join(directory, `${contestant.name} ${each.thread}.cpuprofile`.replace(/[^\w.+]+/g, "-"));
      await writeFile(file, JSON.stringify(each.content));
      const columns = [
        { head: each.thread, align: "left" as const, cell: ({ name }: { name: string }) => name },
        { head: "ms", cell: ({ ms: self }: { ms: number }) => number(self, 0) },
      ];
      bench.say(`\n${table(columns, selfTimes(each).slice(0, shown))}\n${file}`);
    }
  }
}
