/** Memory must not grow with the file. */
import { ours } from "../contestants.js";
import { atMost, type Section } from "../report/section.js";
import { megabytes, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";

const MiB = 2 ** 20;
const small = 64 * MiB;
/** Of the size on loopback: 4 GiB at full size. */
const times = 8;

interface Row {
  readonly size: number;
  readonly measured: Measured;
}

export async function largeFile(bench: Bench): Promise<Section> {
  const rows: Row[] = [];
  for (const size of [small, bench.size * times]) {
    const job = { content: "holes", size, paths: [await bench.files.file("holes", size)], ports: bench.ports } as const;
    rows.push({ size, measured: await measure(bench, ours.both, job) });
    bench.say(`large file: ${size / MiB} MiB done`);
  }
  const growth = (rows[1]?.measured.peakRendererBytes ?? 0) - (rows[0]?.measured.peakRendererBytes ?? 0);
  const columns = [
    { head: "MiB", cell: (row: Row) => number(row.size / MiB, 0) },
    { head: "MB/s", cell: ({ measured }: Row) => megabytes(measured.bytesPerSecond) },
    { head: "renderer peak MB", cell: ({ measured }: Row) => megabytes(measured.peakRendererBytes) },
    { head: "above the idle page", cell: ({ measured }: Row) => megabytes(measured.rendererGrowthBytes) },
    { head: "page heap MB", cell: ({ measured }: Row) => number(measured.peakHeapBytes / 1e6, 1) },
    { head: "tasks > 50 ms", cell: ({ measured }: Row) => number(measured.longTasks, 0) },
    { head: "longest gap ms", cell: ({ measured }: Row) => number(measured.longestGapMs, 0) },
  ];
  const body = [`${ours.both.name}, a file of holes.`, table(columns, rows)];
  const what = `renderer's peak, ${number((bench.size * times) / MiB, 0)} MiB − ${small / MiB} MiB, MB`;
  return { title: "A large file", body: body.join("\n\n"), promises: [atMost(what, growth / 1e6, 33.6, 1)] };
}
