/** A line as people have it: far away, and no connection gets more than its share. */

import { forkCalls } from "../calls.js";
import { barePut, type Contestant, ceiling, equalPartSize, ours, peers } from "../contestants.js";
import { atLeast, type Section } from "../report/section.js";
import { type Column, megabytes, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import type { LineCalls } from "../server/line.js";
import { medians } from "../statistics.js";

const MiB = 2 ** 20;
const connections = 6;
const roundTripMs = 50;
const bytesPerSecond = 2e6;
const ideal = connections * bytesPerSecond;
/** At the full size of 512 MiB: four parts of 8 MiB for each connection, 16.8 s if nothing is lost. */
const share = 3 / 8;
/** Whoever has not finished in so many times the ideal time is cut: their speed is steady by then. */
const patience = 1.7;

interface Row {
  readonly contestant: Contestant;
  readonly measured: Measured;
}

const wanted: readonly Contestant[] = [
  ceiling,
  ours.both,
  ours.bothEqual,
  ours.none,
  barePut,
  peers.aliOss,
  peers.aliOssEqual,
  peers.uppy,
  peers.tus,
  peers.tusParallel,
  peers.libStorage,
];

export async function line(bench: Bench): Promise<Section> {
  const contestants = wanted.filter((each) => each === ceiling || bench.isWanted(each));
  const parts = Math.max(connections, connections * Math.round((bench.size * share) / equalPartSize / connections));
  const size = parts * equalPartSize;
  const job = { content: "blocks", size, paths: [await bench.files.file("blocks", size)] } as const;
  const cutAfterMs = (size / ideal) * patience * 1000;
  const rounds = Math.min(bench.runs, 3);
  bench.say(`line: ${contestants.length} contestants, ${size / MiB} MiB`);
  const rows: Row[] = [];
  await onLine(bench, { roundTripMs, bytesPerSecond }, async ({ ports }) => {
    const seen = new Map<Contestant, Measured[]>();
    for (let round = 0; round < rounds; round += 1) {
      // The line is made of timers, not of chance: of most one run tells as much as three.
      for (const contestant of contestants.filter((each) => round === 0 || each === ours.both)) {
        const measured = await measure(bench, contestant, { ...job, ports, cutAfterMs });
        seen.set(contestant, [...(seen.get(contestant) ?? []), measured]);
        bench.say(`  ${contestant.name}: ${number(measured.bytesPerSecond / 1e6, 1)} MB/s`);
      }
    }
    for (const [contestant, measured] of seen) rows.push({ contestant, measured: medians(measured) });
  });
  const body = [
    `${size / MiB} MiB; round trip ${roundTripMs} ms, ${bytesPerSecond / 1e6} MB/s upwards for each connection, so ${ideal / 1e6} MB/s are ideal. ${ours.both.name}: medians of ${rounds}; the others once. Who had not finished after ${Math.round(cutAfterMs / 1000)} s was cut there.`,
    table(columns, rows),
  ];
  const promises = rows
    .filter(({ contestant }) => isOurs(contestant))
    .map((row) => atLeast(`${row.contestant.name}: on the line, speed ÷ ideal`, ratio(row), 0.95));
  return { title: "On a slow line", body: body.join("\n\n"), promises };
}

const columns: readonly Column<Row>[] = [
  { head: "contestant", align: "left", cell: ({ contestant }) => contestant.name },
  { head: "MB/s", cell: ({ measured }) => number(measured.bytesPerSecond / 1e6, 1) },
  { head: "÷ ideal", cell: (row) => number(ratio(row)) },
  { head: "CPU s/GiB", cell: ({ measured }) => number(measured.cpuSecondsPerGiB, 1) },
  { head: "renderer peak MB", cell: ({ measured }) => megabytes(measured.peakRendererBytes) },
  { head: "tasks > 50 ms", cell: ({ measured }) => number(measured.longTasks, 0) },
  { head: "longest gap ms", cell: ({ measured }) => number(measured.longestGapMs, 0) },
  { head: "requests + preflights", cell: ({ measured: m }) => `${number(m.requests, 0)} + ${number(m.preflights, 0)}` },
];

function isOurs(contestant: Contestant): boolean {
  return Object.values<Contestant>(ours).includes(contestant);
}

function ratio({ measured }: Row): number {
  return measured.bytesPerSecond / ideal;
}

export interface LineOptions {
  readonly roundTripMs: number;
  readonly bytesPerSecond: number;
}

export interface Line {
  readonly ports: Bench["ports"];
  freeze(): Promise<void>;
  drop(): Promise<void>;
}

/** Puts a line in front of both of the server's ports for as long as `work` runs. */
export async function onLine<T>(bench: Bench, options: LineOptions, work: (line: Line) => Promise<T>): Promise<T> {
  const file = new URL("../server/line.ts", import.meta.url);
  const to = (port: number) =>
    forkCalls<LineCalls>(file, [port, options.roundTripMs, options.bytesPerSecond].map(String));
  const lines = await Promise.all([to(bench.ports.oss), to(bench.ports.others)]);
  try {
    const [oss = 0, others = 0] = await Promise.all(lines.map(({ call }) => call.port()));
    return await work({
      ports: { host: "127.0.0.1", oss, others },
      async freeze() {
        await Promise.all(lines.map(({ call }) => call.freeze()));
      },
      async drop() {
        await Promise.all(lines.map(({ call }) => call.drop()));
      },
    });
  } finally {
    await Promise.all(lines.map((each) => each.close()));
  }
}
