/** As fast as the machine allows: everybody uploads the same file to the same machine. */
import { all, type Contestant, ceiling, ours, peers } from "../contestants.js";
import { atLeast, atMost, type Promised, type Section } from "../report/section.js";
import { type Column, megabytes, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import { interleaved, medians } from "../statistics.js";

export interface Row {
  readonly contestant: Contestant;
  readonly runs: readonly Measured[];
  /** Medians of the runs. */
  readonly measured: Measured;
  readonly ceiling: Measured;
}

const MiB = 2 ** 20;
/** Enough for the sink to see every length of a body once. */
const warmUpSize = 128 * MiB;

export async function loopback(bench: Bench): Promise<Section> {
  const { size, runs, ports, say } = bench;
  const wanted = all.filter((each) => each === ceiling || bench.isWanted(each));
  const job = { content: "blocks", size, paths: [await bench.files.file("blocks", size)], ports } as const;
  const seen = new Map<Contestant, Measured[]>(wanted.map((each) => [each, []]));
  say(
    `loopback: ${wanted.length} contestants, ${size / MiB} MiB, ${runs} rounds after a first one that is not counted`,
  );
  const warmUp = { ...job, size: warmUpSize, paths: [await bench.files.file("blocks", warmUpSize)] };
  for (const contestant of wanted) await measure(bench, contestant, warmUp);
  const rounds = ({ share = 1 }: Contestant) => Math.ceil(runs * share);
  for (const contestant of interleaved(wanted, runs)) {
    const before = seen.get(contestant) ?? [];
    if (before.length >= rounds(contestant)) continue;
    const measured = await measure(bench, contestant, job);
    before.push(measured);
    say(`  ${contestant.name}: ${megabytes(measured.bytesPerSecond)} MB/s, ${number(measured.cpuSeconds)} CPU s`);
  }
  const best = medians(seen.get(ceiling) ?? []);
  const rows = [...seen].map(
    ([contestant, each]): Row => ({ contestant, runs: each, measured: medians(each), ceiling: best }),
  );
  const body = [
    `${size / MiB} MiB, medians of ${runs} interleaved rounds (peers: ${rounds(peers.uppy)}; ali-oss with MD5 and lib-storage: ${rounds(peers.aliOssMd5)}). "÷ ceiling" compares with slices of 8 MiB, six at a time, that nobody looks at.`,
    table(columns, rows),
  ];
  return { title: "On loopback", body: body.join("\n\n"), promises: promises(rows) };
}

export const columns: readonly Column<Row>[] = [
  { head: "contestant", align: "left", cell: ({ contestant }) => contestant.name },
  { head: "MB/s", cell: ({ measured }) => megabytes(measured.bytesPerSecond) },
  { head: "÷ ceiling", cell: (row) => number(speed(row)) },
  { head: "CPU s/GiB", cell: ({ measured }) => number(measured.cpuSecondsPerGiB, 1) },
  { head: "CPU ÷ ceiling", cell: (row) => number(cpu(row)) },
  { head: "server CPU s/GiB", cell: ({ measured: m }) => number((m.serverCpuSeconds / m.bodyBytes) * 2 ** 30, 1) },
  { head: "renderer peak MB", cell: ({ measured }) => megabytes(measured.peakRendererBytes) },
  { head: "page heap MB", cell: ({ measured }) => megabytes(measured.peakHeapBytes) },
  { head: "tasks > 50 ms", cell: ({ measured }) => number(measured.longTasks, 0) },
  { head: "blocked ms", cell: ({ measured }) => number(measured.blockedMs, 0) },
  { head: "longest gap ms", cell: ({ measured }) => number(measured.longestGapMs, 0) },
  { head: "requests + preflights", cell: ({ measured: m }) => `${number(m.requests, 0)} + ${number(m.preflights, 0)}` },
  { head: "MB sent", cell: ({ measured }) => megabytes(measured.bodyBytes) },
];

function speed({ measured, ceiling }: Row): number {
  return measured.bytesPerSecond / ceiling.bytesPerSecond;
}

function cpu({ measured, ceiling }: Row): number {
  return measured.cpuSecondsPerGiB / ceiling.cpuSecondsPerGiB;
}

function promises(rows: readonly Row[]): readonly Promised[] {
  const of = (contestant: Contestant) => rows.find((row) => row.contestant === contestant);
  const both = of(ours.both);
  const kept: Promised[] = [];
  for (const [contestant, least] of [
    [ours.none, 0.95],
    [ours.crc64, 0.85],
    [ours.both, 0.72],
  ] as const) {
    const row = of(contestant);
    if (row !== undefined) kept.push(atLeast(`${contestant.name}: speed ÷ ceiling`, speed(row), least));
  }
  if (both === undefined) return kept;
  for (const [peer, least] of [
    [peers.aliOss, 1.8],
    [peers.aliOssMd5, 5],
  ] as const) {
    const row = of(peer);
    if (row !== undefined)
      kept.push(atLeast(`${ours.both.name}: speed ÷ ${peer.name}`, speed(both) / speed(row), least));
  }
  kept.push(atMost(`${ours.both.name}: CPU per byte ÷ ceiling`, cpu(both), 1.8));
  const own = rows.filter(({ contestant }) => Object.values<Contestant>(ours).includes(contestant));
  const worst = (felt: (run: Measured) => number) => Math.max(...own.flatMap((row) => row.runs.map(felt)));
  kept.push(
    atMost(
      "Ossicle: tasks > 50 ms on the page, worst run",
      worst(({ longTasks }) => longTasks),
      0,
      0,
    ),
  );
  const gap = worst(({ longestGapMs }) => longestGapMs);
  kept.push(atMost("Ossicle: longest gap of a timer of 10 ms, worst run, ms", gap, 16, 1));
  return kept;
}
