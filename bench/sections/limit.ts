/** What integrity may cost: the same bytes read a second time, and hashed, on cores that are busy already. */
import { availableParallelism } from "node:os";
import { type Contestant, ceiling, ours } from "../contestants.js";
import { digestAlone, type Kinds } from "../digest-alone.js";
import type { Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import { interleaved, median, medians } from "../statistics.js";

const GiB = 2 ** 30;
/** Of the size on loopback: large enough that what a page spends before its first byte does not count. */
const times = 4;

interface Row {
  readonly contestant: Contestant;
  readonly measured: Measured;
  /** CPU seconds a GiB. */
  readonly browser: number;
  readonly server: number;
  /** Reading and digesting, with nothing sent. */
  readonly digesting: number;
  /** Of the ceiling's speed: with all cores busy, and no CPU second besides the sum of both. */
  readonly expected: number;
  readonly seen: number;
}

const wanted: readonly { readonly contestant: Contestant; readonly kinds: Kinds | undefined }[] = [
  { contestant: ceiling, kinds: undefined },
  { contestant: ours.none, kinds: undefined },
  { contestant: ours.crc64, kinds: { md5: false, crc64: true } },
  { contestant: ours.both, kinds: { md5: true, crc64: true } },
];

export async function limit(bench: Bench): Promise<Section> {
  const size = bench.size * times;
  const path = await bench.files.file("blocks", size);
  const job = { content: "blocks", size, paths: [path], ports: bench.ports } as const;
  const rounds = Math.min(bench.runs, 2);
  const uploads = new Map(wanted.map(({ contestant }) => [contestant, [] as Measured[]]));
  const digests = new Map<Kinds | undefined, number[]>([[undefined, [0]]]);
  for (const { contestant, kinds } of interleaved(wanted, rounds)) {
    uploads.get(contestant)?.push(await measure(bench, contestant, job));
    if (kinds === undefined) continue;
    const cpu = await digestAlone(bench, path, kinds);
    digests.set(kinds, [...(digests.get(kinds) ?? []), (cpu / size) * GiB]);
  }
  const of = (contestant: Contestant) => medians(uploads.get(contestant) ?? []);
  const bare = of(ceiling);
  const cores = availableParallelism();
  const rows = wanted.map(({ contestant, kinds }): Row => {
    const measured = of(contestant);
    const digesting = median(digests.get(kinds) ?? []);
    const sum = bare.cpuSecondsPerGiB + serverCpu(bare) + digesting;
    return {
      contestant,
      measured,
      browser: measured.cpuSecondsPerGiB,
      server: serverCpu(measured),
      digesting,
      expected: Math.min(1, (cores * GiB) / bare.bytesPerSecond / sum),
      seen: measured.bytesPerSecond / bare.bytesPerSecond,
    };
  });
  const body = [
    `${number(size / 2 ** 20, 0)} MiB, medians of ${rounds}, CPU seconds a GiB, ${cores} cores. Browser and server share them: what is spent on digests is not there for sending. "By the sum" is the speed of a bare upload beside which the same bytes are read and digested, at the cost that both have alone, with every core busy to the end. Four times the file of the section before: what a page spends before its first byte and after its last weighs a quarter.`,
    table(columns, rows),
  ];
  return { title: "What integrity may cost", body: body.join("\n\n"), promises: [] };
}

const columns: readonly Column<Row>[] = [
  { head: "contestant", align: "left", cell: ({ contestant }) => contestant.name },
  { head: "browser", cell: ({ browser }) => number(browser, 1) },
  { head: "server", cell: ({ server }) => number(server, 1) },
  { head: "reading and digesting alone", cell: ({ digesting }) => number(digesting, 1) },
  { head: "÷ ceiling by the sum", cell: ({ expected }) => number(expected) },
  { head: "÷ ceiling seen", cell: ({ seen }) => number(seen) },
];

function serverCpu({ serverCpuSeconds, bodyBytes }: Measured): number {
  return (serverCpuSeconds / bodyBytes) * GiB;
}
