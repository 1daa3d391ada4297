/** Many small files at once: a request each, and no connection that waits. */
import { barePut, type Contestant, ours, peers } from "../contestants.js";
import { atLeast, atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Job, type Measured, measure } from "../run.js";
import { interleaved, medians } from "../statistics.js";

const fileSize = 50_000;
const fullCount = 500;
/** Added to each answer, preflights too. */
const farMs = 50;
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
  const far = await fromFar(bench, job);
  const of = (wanted: Contestant) => rows.find(({ contestant }) => contestant === wanted)?.measured;
  const [mine, theirs] = [of(ours.both), of(peers.aliOss)];
  const promises = [
    ...(mine === undefined ? [] : [atMost("Ossicle: requests for a small file", per(mine.requests), 1)]),
    ...(mine === undefined || theirs === undefined
      ? []
      : [atLeast("small files, Ossicle: files/s ÷ ali-oss", theirs.ms / mine.ms, 1)]),
    ...(far === undefined
      ? []
      : [atLeast(`small files, ${farMs} ms away, Ossicle: files/s ÷ bare PUT`, far.bareMs / far.oursMs, 1.8)]),
  ];
  const body = [
    `${count} files of ${fileSize / 1000} KB, medians of ${rounds}.`,
    table(columns, rows),
    ...(far === undefined
      ? []
      : [
          `With ${farMs} ms added to each answer, once: bare PUT ${number(far.bareMs / 1000, 1)} s, ${ours.both.name} ${number(far.oursMs / 1000, 1)} s.`,
        ]),
  ];
  return { title: "Many small files", body: body.join("\n\n"), promises };
}

/** Where a round trip is what a file costs. @returns undefined when we are not wanted */
async function fromFar(
  bench: Bench,
  job: Job,
): Promise<{ readonly bareMs: number; readonly oursMs: number } | undefined> {
  if (!bench.isWanted(ours.both)) return undefined;
  await bench.server.call.delay(farMs);
  try {
    const { ms: bareMs } = await measure(bench, barePut, job);
    const { ms: oursMs } = await measure(bench, ours.both, job);
    return { bareMs, oursMs };
  } finally {
    await bench.server.call.calm();
  }
}
