/** Many small files at once: a request each, no connection that waits, and far away one round trip each. */
import { barePut, type Contestant, ours, peers } from "../contestants.js";
import { atLeast, atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Job, type Measured, measure } from "../run.js";
import { interleaved, medians } from "../statistics.js";
import { onLine } from "./line.js";

const fileSize = 20_000;
const fullCount = 500;
const fullBenchSize = 512 * 2 ** 20;
const far = { roundTripMs: 50, bytesPerSecond: 20e6 };

interface Row {
  readonly contestant: Contestant;
  readonly measured: Measured;
}

export async function smallFiles(bench: Bench): Promise<Section> {
  const count = Math.max(12, Math.round(fullCount * Math.min(1, bench.size / fullBenchSize)));
  const contestants = [barePut, ours.both, peers.aliOss].filter((each) => each === barePut || bench.isWanted(each));
  const paths = await bench.files.many(count, fileSize);
  const job = { content: "blocks", size: count * fileSize, paths } as const;
  bench.say(`small files: ${count} of ${fileSize / 1000} KB`);
  const near = await rowsOf(bench, contestants, { ...job, ports: bench.ports });
  bench.say(`small files, ${far.roundTripMs} ms away`);
  const away = await onLine(bench, far, async ({ ports }) => await rowsOf(bench, contestants, { ...job, ports }));
  const body = [
    `${count} files of ${fileSize / 1000} KB, medians of ${Math.min(bench.runs, 3)}.`,
    table(columnsFor(count), near),
    `The same files, ${far.roundTripMs} ms away:`,
    table(columnsFor(count), away),
  ];
  const mine = near.find(({ contestant }) => contestant === ours.both);
  const requests =
    mine === undefined ? [] : [atMost("Ossicle: requests for a small file", mine.measured.requests / count, 1)];
  const promises = [
    ...requests,
    ...faster("Ossicle: small files on loopback, speed ÷ ali-oss", near, peers.aliOss, 1),
    ...faster(`Ossicle: small files ${far.roundTripMs} ms away, speed ÷ bare PUT`, away, barePut, 1.8),
  ];
  return { title: "Many small files", body: body.join("\n\n"), promises };
}

async function rowsOf(bench: Bench, contestants: readonly Contestant[], job: Job): Promise<readonly Row[]> {
  const seen = new Map<Contestant, Measured[]>();
  for (const contestant of contestants) await measure(bench, contestant, job);
  for (const contestant of interleaved(contestants, Math.min(bench.runs, 3))) {
    const measured = await measure(bench, contestant, job);
    seen.set(contestant, [...(seen.get(contestant) ?? []), measured]);
    bench.say(`  ${contestant.name}: ${number(measured.ms, 0)} ms`);
  }
  return [...seen].map(([contestant, measured]) => ({ contestant, measured: medians(measured) }));
}

function faster(what: string, rows: readonly Row[], than: Contestant, least: number) {
  const msOf = (wanted: Contestant) => rows.find(({ contestant }) => contestant === wanted)?.measured.ms;
  const [mine, theirs] = [msOf(ours.both), msOf(than)];
  return mine === undefined || theirs === undefined ? [] : [atLeast(what, theirs / mine, least)];
}

function columnsFor(count: number): readonly Column<Row>[] {
  const per = (value: number) => value / count;
  return [
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
}
