/** Twenty uploads that are looked at: does the page still draw sixty pictures a second? */
import { type Contestant, drawn } from "../contestants.js";
import { atLeast, atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, type Measured, measure } from "../run.js";
import { interleaved, medians } from "../statistics.js";
import { onLine } from "./line.js";

const count = 20;
/** Of the size on loopback. At full size: 8 MiB a file, 14 s in all. */
const share = 1 / 64;
const slowLine = { roundTripMs: 50, bytesPerSecond: 2e6 };

interface Row {
  readonly contestant: Contestant;
  readonly measured: Measured;
}

export async function frames(bench: Bench): Promise<Section> {
  const fileSize = Math.round(bench.size * share);
  const paths = await bench.files.many(count, fileSize);
  const rounds = Math.min(bench.runs, 3);
  const seen = new Map<Contestant, Measured[]>();
  await onLine(bench, slowLine, async ({ ports }) => {
    const job = { content: "blocks", size: count * fileSize, paths, ports } as const;
    for (const contestant of interleaved(Object.values<Contestant>(drawn), rounds)) {
      const measured = await measure(bench, contestant, job);
      seen.set(contestant, [...(seen.get(contestant) ?? []), measured]);
      bench.say(`frames: ${contestant.name}: ${number(measured.framesPerSecond, 1)} a second`);
    }
  });
  const rows = [...seen].map(([contestant, measured]): Row => ({ contestant, measured: medians(measured) }));
  const body = [
    `${count} files of ${number(fileSize / 2 ** 20, 1)} MiB at once; round trip ${slowLine.roundTripMs} ms, ${slowLine.bytesPerSecond / 1e6} MB/s for each connection. A bar, a line of text and a map of the parts for each, drawn anew with every word that its upload says of itself. Medians of ${rounds}; a frame is late when one was left out before it.`,
    table(columns, rows),
  ];
  const mine = seen.get(drawn.both) ?? [];
  const promises = [
    atLeast("twenty uploads on the page: frames a second", medians(mine).framesPerSecond, 59),
    atMost("twenty uploads on the page: tasks > 50 ms, worst run", Math.max(...mine.map((run) => run.longTasks)), 0, 0),
  ];
  return { title: "Twenty uploads on the page", body: body.join("\n\n"), promises };
}

const columns: readonly Column<Row>[] = [
  { head: "contestant", align: "left", cell: ({ contestant }) => contestant.name },
  { head: "frames/s", cell: ({ measured }) => number(measured.framesPerSecond, 1) },
  { head: "late frames", cell: ({ measured }) => number(measured.lateFrames, 0) },
  { head: "longest frame ms", cell: ({ measured }) => number(measured.longestFrameMs, 0) },
  { head: "tasks > 50 ms", cell: ({ measured }) => number(measured.longTasks, 0) },
  { head: "CPU s", cell: ({ measured }) => number(measured.cpuSeconds, 1) },
  { head: "s", cell: ({ measured }) => number(measured.ms / 1000, 1) },
];
