/** What a reload costs: bytes that go again, and the wait until new ones go. */
import type { Tab } from "../browser/chromium.js";
import { type Contestant, equalPartSize, ours, peers } from "../contestants.js";
import type { Content } from "../files.js";
import type { Task } from "../page/contestant.js";
import { atMost, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { type Bench, newTask, openPage, prepare, startTask } from "../run.js";
import { median } from "../statistics.js";
import { type Line, onLine } from "./line.js";

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const connections = 6;
const slowLine = { roundTripMs: 50, bytesPerSecond: 4e6 };
/** Of the size on loopback. At full size: 128 MiB; and 10 GiB in 5,120 parts, of which 5,000 are stored. */
const halfShare = 1 / 4;
const manyTimes = 20;
const manyPartSize = 2 * MiB;
const manyShare = 5000 / 5120;

interface Row {
  readonly name: string;
  readonly sentAgain: number;
  readonly firstByteMs: number;
}

export async function resume(bench: Bench): Promise<Section> {
  const half = bench.size * halfShare;
  const rounds = Math.min(bench.runs, 3);
  const plan: readonly { readonly contestant: Contestant; readonly rounds: number }[] = [
    { contestant: ours.both, rounds },
    { contestant: ours.bothEqual, rounds },
    ...[peers.aliOss, peers.aliOssEqual, peers.tus].map((peer) => ({
      contestant: { ...peer, options: { resumes: true } },
      rounds: 1,
    })),
  ];
  const rows = await onLine(bench, slowLine, async (line) => {
    const all: Row[] = [];
    for (const { contestant, rounds: times } of plan.filter((each) => bench.isWanted(each.contestant))) {
      const seen: Row[] = [];
      for (let round = 0; round < times; round += 1) seen.push(await reloadAtHalf(bench, contestant, half, line));
      const of = (value: (row: Row) => number) => median(seen.map(value));
      all.push({
        name: contestant.name,
        sentAgain: of((row) => row.sentAgain),
        firstByteMs: of((row) => row.firstByteMs),
      });
      bench.say(`resume: ${contestant.name} done`);
    }
    return all;
  });
  const largeSize = bench.size * manyTimes;
  const many = await manyParts(bench, largeSize, rounds);
  bench.say("resume: many parts done");
  const body = [
    `${number(half / MiB, 0)} MiB over a line of ${slowLine.roundTripMs} ms and ${slowLine.bytesPerSecond / 1e6} MB/s for each connection; the page is reloaded when half of it has come, and the file picked again. Ours: medians of ${rounds}; the others once. The first byte takes half a round trip to the server.`,
    table(columns, rows),
    `A file of holes of ${number(largeSize / GiB, 1)} GiB in parts of ${manyPartSize / MiB} MiB, of which ${number((largeSize / manyPartSize) * manyShare, 0)} are stored, on loopback: the first new byte comes ${number(many, 0)} ms after picking.`,
  ];
  const promises = [
    ...rows
      .filter(({ name }) => name === ours.bothEqual.name)
      .map((row) =>
        atMost("after a reload at half: MB sent again", row.sentAgain / 1e6, (connections * equalPartSize) / 2e6, 1),
      ),
    ...rows
      .filter(({ name }) => name === ours.both.name)
      .map((row) =>
        atMost("after a reload at half: ms to the first new byte", row.firstByteMs, 2 * slowLine.roundTripMs + 50, 0),
      ),
    atMost("with thousands of stored parts: ms to the first new byte", many, 300, 0),
  ];
  return { title: "After a reload", body: body.join("\n\n"), promises };
}

const columns: readonly Column<Row>[] = [
  { head: "contestant", align: "left", cell: ({ name }) => name },
  { head: "MB sent again", cell: ({ sentAgain }) => number(sentAgain / 1e6, 1) },
  { head: "ms from picking to the first new byte", cell: ({ firstByteMs }) => number(firstByteMs, 0) },
];

async function reloadAtHalf(bench: Bench, contestant: Contestant, size: number, line: Line): Promise<Row> {
  const { server } = bench;
  const path = await bench.files.file("blocks", size);
  const task = newTask(contestant, { content: "blocks", ports: line.ports });
  const tab = await beginAndReload(bench, contestant, { path, task, until: size / 2, line });
  const before = await server.call.counts();
  const firstByteMs = await pickAgain(bench, contestant, { tab, path, task });
  await tab.evaluate("bench.finished()");
  const after = await server.call.counts();
  await tab.close();
  // The list of parts that Complete carries is no part of the file; it has a few KB.
  return { name: contestant.name, sentAgain: before.bodyBytes + after.bodyBytes - size, firstByteMs };
}

async function manyParts(bench: Bench, size: number, rounds: number): Promise<number> {
  const contestant: Contestant = { ...ours.both, partSize: manyPartSize };
  const content: Content = "holes";
  const path = await bench.files.file(content, size);
  const task = newTask(contestant, { content, ports: bench.ports });
  const tab = await beginAndReload(bench, contestant, { path, task, until: size * manyShare });
  const seen: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    seen.push(await pickAgain(bench, contestant, { tab, path, task }));
    await tab.reload();
    await bench.server.call.idle();
  }
  await tab.close();
  return median(seen);
}

interface Interrupted {
  readonly path: string;
  readonly task: Task;
  /** Bytes that have come when the page is reloaded. */
  readonly until: number;
  /** What the buffers of the sockets hold then would arrive all the same, and make whole parts: a line loses it. */
  readonly line?: Line;
}

async function beginAndReload(bench: Bench, contestant: Contestant, interrupted: Interrupted): Promise<Tab> {
  const { path, task, until, line } = interrupted;
  const tab = await openPage(bench, contestant, task, [path]);
  await bench.chromium.quiet();
  await bench.server.call.reset();
  // Ends with its page.
  startTask(tab, task).catch(() => {});
  await bench.server.call.reach(until);
  await line?.freeze();
  await tab.reload();
  await line?.drop();
  await bench.server.call.idle();
  await bench.chromium.quiet();
  return tab;
}

interface Again {
  readonly tab: Tab;
  readonly path: string;
  readonly task: Task;
}

/** @returns milliseconds from picking to the first byte of a body at the server */
async function pickAgain(bench: Bench, contestant: Contestant, { tab, path, task }: Again): Promise<number> {
  await prepare(tab, contestant, task, []);
  await bench.chromium.quiet();
  await bench.server.call.reset();
  const came = bench.server.call.reach(1);
  await tab.evaluate(`bench.runWhenPicked(${JSON.stringify(task)})`);
  await tab.pick([path]);
  const pickedAt = await tab.evaluate<number>("bench.pickedAt()");
  return (await came) - pickedAt;
}
