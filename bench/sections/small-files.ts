/** Many small files at once: a request each, and no connection that waits. */
import { barePut, type Contestant, ours, peers } from "../contestants.js";
import { atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import { interleaved, medians } from "../statistics.js";

const fileSize = 50_000;
const fullCount = 500;
const fullBenchSize = 512 * 2 ** 20;

interface Row {
  readonly contestant: Contestant;
  readonly measured: Measured;
}

export async function smallFiles(bench: Bench): Promise<Section> {
  const count = Math.max(12, Math.round(fullCount * Math.min(1, bench.size / fullBenchSize)));
  const contestants = [barePut, ours.both, peers.aliOss].filter((each) => each === barePut || bench.isWanted(each));
  const paths = await bench.files.many(count, fileSize);
  const job = { content: "blocks", size: count * fileSize, paths, ports: bench.ports } as const;
  const rounds = Math.min(bench.runs, 3);
  bench.say(`small files: ${count} of ${fileSize / 1000} KB`);
  const seen = new Map<Contestant, Measured[]>();
  for (const contestant of contestants) await measure(bench, contestant, job);
  for (const contestant of interleaved(contestants, rounds)) {
    const measured = await measure(bench, contestant, job);
    seen.set(contestant, [...(seen.get(contestant) ?? []), measured]);
    bench.say(`  ${contestant.name}: ${number(measured.ms, 0)} ms`);
  }
  const rows = [...seen].map(([contestant, measured]): Row => ({ contestant, measured: medians(measured) }));
  const per = (value: number) => value / count;
  const columns: readonly Column<Row>[] = [
    { head: "contestant", align: "left", cell: ({ contestant }) => contestant.name },
    { head: "ms", cell: ({ measured }) => number(measured.ms, 0) },
    { head: "files/s", cell: ({ measured }) => number((count / measured.ms) * 1000, 0) },
    { head: "requests/file", cell: ({ measured }) => number(per(measured.requests), 2) },
    { head: "preflights/file", cell: ({ measured }) => number(per(measured.preflights), 2) },
    { head: "CPU ms/file", cell: ({ measured }) => number(per(measured.cpuSeconds * 1000), 1) },
    { head: "at the server at once", cell: ({ measured }) => number(measured.busy, 1) },
    { head: "tasks > 50 ms", cell: ({ measured }) => number(measured.longTasks, 0) },
    { head: "longest gap ms", cell: ({ measured }) => number(measured.longestGapMs, 0) },
  ];
  const mine = rows.find(({ contestant }) => contestant === ours.both);
  const promises =
    mine === undefined ? [] : [atMost("Ossicle: requests for a small file", per(mine.measured.requests), 1)];
  const body = [`${count} files of ${fileSize / 1000} KB, medians of ${rounds}.`, table(columns, rows)];
  return { title: "Many small files", body: body.join("\n\n"), promises };
}
