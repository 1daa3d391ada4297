/** What a part costs when there are many: the last of 10,000 must not cost more than one of 100. */
import { type Contestant, ours } from "../contestants.js";
import { atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import { medians } from "../statistics.js";

/** The smallest that the service takes. */
const partSize = 102_400;
const fullBenchSize = 512 * 2 ** 20;

interface Row {
  readonly parts: number;
  readonly rounds: number;
  readonly measured: Measured;
  /** CPU for the ninth tenth of the parts ÷ that for the second, in one upload. */
  readonly lateToEarly: number;
}

export async function parts(bench: Bench): Promise<Section> {
  const contestant: Contestant = { ...ours.both, partSize };
  const most = bench.size >= fullBenchSize ? 10_000 : 1_000;
  const plan = [
    { parts: 100, rounds: bench.runs },
    { parts: 1_000, rounds: 1 },
    { parts: 10_000, rounds: 1 },
  ].filter((each) => each.parts <= most);
  const rows: Row[] = [];
  for (const { parts: count, rounds } of plan) {
    const size = count * partSize;
    const job = {
      content: "blocks",
      size,
      paths: [await bench.files.file("blocks", size)],
      ports: bench.ports,
    } as const;
    if (rows.length === 0) await measure(bench, contestant, job);
    const seen: Measured[] = [];
    let lateToEarly = Number.NaN;
    for (let round = 0; round < rounds; round += 1) {
      const spent = cpuAt(bench, size, [0.1, 0.2, 0.8, 0.9]);
      seen.push(await measure(bench, contestant, job));
      const [a = 0, b = 0, c = 0, d = 0] = await spent;
      lateToEarly = (d - c) / (b - a);
    }
    const row = { parts: count, rounds, measured: medians(seen), lateToEarly };
    bench.say(`parts: ${count}: ${number(perPart(row), 2)} CPU ms each`);
    rows.push(row);
  }
  const first = rows[0];
  const last = rows.at(-1);
  const promises =
    first === undefined || last === undefined
      ? []
      : [
          atMost(`CPU for a part: one of ${number(last.parts, 0)} ÷ one of 100`, perPart(last) / perPart(first), 1.2),
          atMost(`CPU for the ninth tenth of ${number(last.parts, 0)} parts ÷ the second tenth`, last.lateToEarly, 1.2),
          atMost(`tasks > 50 ms on the page, ${number(last.parts, 0)} parts`, last.measured.longTasks, 0, 0),
        ];
  const body = [`${ours.both.name}, parts of 100 KiB, the smallest that the service takes.`, table(columns, rows)];
  return { title: "What a part costs", body: body.join("\n\n"), promises };
}

const columns: readonly Column<Row>[] = [
  { head: "parts", cell: (row) => number(row.parts, 0) },
  { head: "rounds", cell: (row) => number(row.rounds, 0) },
  { head: "CPU ms/part", cell: (row) => number(perPart(row), 2) },
  { head: "9th tenth ÷ 2nd", cell: (row) => (row.parts < 1_000 ? "–" : number(row.lateToEarly, 2)) },
  { head: "ms/part", cell: (row) => number(row.measured.ms / row.parts, 2) },
  { head: "renderer growth MB", cell: (row) => number(row.measured.rendererGrowthBytes / 1e6, 0) },
  { head: "page heap MB", cell: (row) => number(row.measured.peakHeapBytes / 1e6, 1) },
  { head: "tasks > 50 ms", cell: (row) => number(row.measured.longTasks, 0) },
  { head: "longest gap ms", cell: (row) => number(row.measured.longestGapMs, 0) },
];

function perPart({ parts: count, measured }: Row): number {
  return (measured.cpuSeconds * 1000) / count;
}

/** CPU seconds of the browser when such shares of the bytes have come. Call before the upload. */
async function cpuAt({ server, chromium }: Bench, size: number, shares: readonly number[]): Promise<readonly number[]> {
  await server.call.reset();
  return await Promise.all(shares.map((share) => server.call.reach(size * share).then(() => chromium.cpuSeconds())));
}
