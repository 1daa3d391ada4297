/** Where our time goes: one upload of each of ours under the profiler, which slows it down; nothing else is measured. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { selfTimes, startProfiler } from "../browser/profiler.js";
import { ours } from "../contestants.js";
import { number, table } from "../report/table.js";
import { type Bench, newTask, openPage, startTask } from "../run.js";

const shown = 14;

const MiB = 2 ** 20;
const smallFile = { count: 100, size: 50_000 };
const smallParts = { count: 500, size: 102_400 };

export async function profile(bench: Bench, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const large = [await bench.files.file("blocks", bench.size)];
  const many = await bench.files.many(smallFile.count, smallFile.size);
  const inParts = [await bench.files.file("blocks", smallParts.count * smallParts.size)];
  const cases = [
    ...Object.values(ours).map((contestant) => ({ contestant, paths: large, what: `${bench.size / MiB} MiB` })),
    { contestant: ours.both, paths: many, what: `${smallFile.count} small files` },
    {
      contestant: { ...ours.both, partSize: smallParts.size },
      paths: inParts,
      what: `${smallParts.count} small parts`,
    },
  ];
  for (const { contestant, paths, what } of cases.filter((each) => bench.isWanted(each.contestant))) {
    const task = newTask(contestant, { content: "blocks", ports: bench.ports });
    const tab = await openPage(bench, contestant, task, paths);
    await bench.chromium.quiet();
    const stop = await startProfiler(tab);
    const { ms } = await startTask(tab, task);
    const profiles = await stop();
    await tab.close();
    bench.say(`\n${contestant.name}, ${what}: ${number(ms, 0)} ms`);
    for (const each of profiles) {
      const name = `${contestant.name} ${what} ${each.thread}`.replace(/[^\w.+]+/g, "-");
      const file = join(directory, `${name}.cpuprofile`);
      await writeFile(file, JSON.stringify(each.content));
      const columns = [
        { head: each.thread, align: "left" as const, cell: ({ name: function_ }: { name: string }) => function_ },
        { head: "ms", cell: ({ ms: self }: { ms: number }) => number(self, 0) },
      ];
      bench.say(`\n${table(columns, selfTimes(each).slice(0, shown))}\n${file}`);
    }
  }
}
