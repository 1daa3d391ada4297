/** What was seen on the lines, as tables and as promises that were kept or not. Pure. */
import { bytesPerSecondOf, defaultQueueMs } from "../../scripts/line/shape.js";
import { type Contestant, onLines } from "../contestants.js";
import { atLeast, atMost, type Promised, type Section } from "../report/section.js";
import { type Column, number, table } from "../report/table.js";
import { isPromised, reloads as reloadCount } from "./courses.js";
import type { FiveTimes } from "./five-uploads.js";
import type { Course, Reloaded, Went } from "./upload.js";

/** What was seen; what failed is missing. */
export interface Findings {
  readonly steady: readonly Went[];
  readonly changing: readonly Went[];
  readonly reloads: readonly Reloaded[];
  readonly serviceWorker: readonly Went[];
  readonly five: readonly FiveTimes[];
}

/** The smallest part that is cut where nothing is known of the line. */
const smallestPart = 128 * 1024;

export function linesSection(found: Findings, fullSize: number): Section {
  const { steady, changing } = found;
  const body = [
    `The browser lives in a network namespace whose way out the kernel shapes: a token bucket, with ${defaultQueueMs} ms of queue before packets are lost. Everybody as they come${fullSize === 512 * 2 ** 20 ? "" : ", with smaller files than usual"}, once, in a browser that has never seen the site; up to ten lines beside each other, each with a browser and a server of its own. "Sent ÷ size" counts the bodies of parts and objects as they came, those of requests that were cut with them; "on the wire ÷ size" is what the line carried, with headers, preflights and what TCP sent again. A reload, ours at ${reloadCount} moments spread over the file, each in an upload of its own: the worst is shown. The time left is judged from a quarter of the file on, until 3 s before the end.`,
    table(columns(steady, found.reloads), inOrder(steady)),
    ...(changing.length === 0 ? [] : [aboutChanging, table(changingColumns, changing)]),
    ...others(found),
  ];
  return { title: "On the lines that people have", body: body.join("\n\n"), promises: promises(found) };
}

const aboutChanging =
  "A line that changes when a third of the file has come. The time left is judged from 15 s after that.";
const order = Object.values<Contestant>(onLines);
function inOrder(rows: readonly Went[]): readonly Went[] {
  return [...rows].sort(
    (a, b) => a.course.kbit - b.course.kbit || order.indexOf(a.contestant) - order.indexOf(b.contestant),
  );
}

const megabits = ({ kbit, laterKbit }: Course) =>
  laterKbit === undefined ? `${kbit / 1000}` : `${kbit / 1000} → ${laterKbit / 1000}`;
const sentShare = ({ fileBytes, course }: Went) => fileBytes / course.size;
const againShare = ({ againBytes, sentBytes }: Reloaded) => againBytes / sentBytes;
const isOurs = ({ contestant }: Went) => contestant === onLines.ours;

const ends: readonly Column<Went>[] = [
  { head: "requests + preflights", cell: ({ requests, preflights }) => `${requests} + ${preflights}` },
  { head: "time left, off by ×", cell: ({ secondsLeftFactor }) => number(secondsLeftFactor) },
  { head: "bar still, s", cell: ({ longestStillMs }) => number(longestStillMs / 1000, 1) },
  { head: "bar back, %", cell: ({ furthestBack }) => number(furthestBack * 100, 0) },
];

function columns(rows: readonly Went[], reloads: readonly Reloaded[]): readonly Column<Went>[] {
  const again = (row: Went, of: (reloaded: Reloaded) => number, digits: number) =>
    isOurs(row) ? number(worst(reloads.filter(({ course }) => course === row.course).map(of)), digits) : "–";
  return [
    { head: "Mbit/s", cell: ({ course }) => megabits(course) },
    { head: "MiB", cell: ({ course }) => number(course.size / 2 ** 20, 0) },
    {
      head: "contestant",
      align: "left",
      cell: ({ contestant, isFinished }) => contestant.name + (isFinished ? "" : " (cut)"),
    },
    { head: "MB/s", cell: ({ bytesPerSecond }) => number(bytesPerSecond / 1e6, bytesPerSecond < 2e6 ? 3 : 2) },
    { head: "÷ best", cell: (row) => number(ofBest(row, rows)) },
    { head: "sent ÷ size", cell: (row) => number(sentShare(row), 3) },
    { head: "on the wire ÷ size", cell: ({ carriedBytes, course }) => number(carriedBytes / course.size, 3) },
    { head: "first stored, s", cell: ({ firstStoredMs }) => number(firstStoredMs / 1000, 1) },
    { head: "a reload sends again, MB", cell: (row) => again(row, ({ againBytes }) => againBytes / 1e6, 2) },
    { head: "of what was sent, %", cell: (row) => again(row, (reloaded) => againShare(reloaded) * 100, 0) },
    ...ends,
  ];
}

const changingColumns: readonly Column<Went>[] = [
  { head: "Mbit/s", cell: ({ course }) => megabits(course) },
  { head: "MiB", cell: ({ course }) => number(course.size / 2 ** 20, 0) },
  {
    head: "contestant",
    align: "left",
    cell: ({ contestant, isFinished }) => contestant.name + (isFinished ? "" : " (cut)"),
  },
  { head: "MB/s", cell: ({ bytesPerSecond }) => number(bytesPerSecond / 1e6, 2) },
  { head: "÷ what the line could carry", cell: ({ ofLine }) => number(ofLine) },
  { head: "sent ÷ size", cell: (row) => number(sentShare(row), 3) },
  ...ends,
];

function ofBest(row: Went, rows: readonly Went[]): number {
  const same = rows.filter(({ course }) => course === row.course);
  return row.bytesPerSecond / Math.max(...same.map(({ bytesPerSecond }) => bytesPerSecond));
}

/** The largest; no number if there is none, or one is no number. */
function worst(values: readonly number[]): number {
  return values.length === 0 || values.some(Number.isNaN) ? Number.NaN : Math.max(...values);
}

function others({ serviceWorker, five }: Findings): readonly string[] {
  const behind = serviceWorker.map(({ course, isFinished, ms, fileBytes }) => {
    const how = isFinished ? `stored after ${number(ms / 1000, 0)} s` : `not stored after ${number(ms / 1000, 0)} s`;
    return `Behind a service worker that answers with \`fetch(event.request)\`, at ${number(bytesPerSecondOf(course.kbit) / 1000, 0)} kB/s: ${number(course.size / 1e6, 1)} MB ${how}, ${number(fileBytes / 1e6, 1)} MB sent.`;
  });
  const [calm, silent] = [false, true].map((isSilent) => five.find((each) => each.isSilent === isSilent));
  if (calm === undefined || silent === undefined) return behind;
  const until = ({ ms, isFinished }: typeof calm) => `${isFinished ? "" : "more than "}${number(ms / 1000, 1)} s`;
  return [
    ...behind,
    `Five uploads of 2 MiB on a page with \`stallTimeoutMs: 1500\`, at 8 Mbit/s: four are completed after ${until(calm)}; if the first answer to the fifth never comes, after ${until(silent)}.`,
  ];
}

function promises(found: Findings): readonly Promised[] {
  const ours = found.steady.filter((row) => isOurs(row) && isPromised(row.course));
  const reloads = found.reloads.filter(({ course }) => isPromised(course));
  const isWhole = reloads.length === ours.length * reloadCount;
  const again = (of: (reloaded: Reloaded) => number) => (isWhole ? worst(reloads.map(of)) : Number.NaN);
  const first = (isSlowest: boolean) => ours.filter(({ course }) => course.kbit <= 500 === isSlowest);
  const seconds = (rows: readonly Went[]) => worst(rows.map(({ firstStoredMs }) => firstStoredMs / 1000));
  const allowed = ({ kbit }: Course) => Math.max(3 * bytesPerSecondOf(kbit), 2 * smallestPart);
  const lines = "lines of 0.5 to 20 Mbit/s, the worst";
  const steady: readonly Promised[] =
    ours.length === 0
      ? []
      : [
          atMost(`${lines}: bytes sent ÷ size`, worst(ours.map(sentShare)), 1.01, 3),
          atLeast(`${lines}: MB/s ÷ the best of all`, -worst(ours.map((row) => -ofBest(row, found.steady))), 0.97),
          ...(first(false).length === 0
            ? []
            : [atMost(`${lines} but the slowest: s to the first stored byte`, seconds(first(false)), 4, 1)]),
          ...(first(true).length === 0
            ? []
            : [atMost("line of 0.5 Mbit/s: s to the first stored byte", seconds(first(true)), 8, 1)]),
          atMost(`${lines} of ten reloads: sent again ÷ sent`, again(againShare), 0.1),
          atMost(
            `${lines} of ten reloads: sent again ÷ 3 s of the line, or two small parts`,
            again(({ againBytes, course }) => againBytes / allowed(course)),
            1,
          ),
          atMost(
            `${lines}: s that the bar stood still`,
            worst(ours.map(({ longestStillMs }) => longestStillMs / 1000)),
            1.5,
            1,
          ),
          atMost(`${lines}: time left, off by ×`, worst(ours.map(({ secondsLeftFactor }) => secondsLeftFactor)), 1.5),
          atMost(`${lines}: % that the bar went back`, worst(ours.map(({ furthestBack }) => furthestBack * 100)), 0, 1),
        ];
  return [...steady, ...changingPromises(found), ...otherPromises(found)];
}

function changingPromises({ changing }: Findings): readonly Promised[] {
  return changing.filter(isOurs).flatMap((row) => {
    const line = `line of ${megabits(row.course)} Mbit/s`;
    return [
      atMost(`${line}: bytes sent ÷ size`, sentShare(row), 1.01, 3),
      atLeast(`${line}: MB/s ÷ what it could carry`, row.isFinished ? row.ofLine : Number.NaN, 0.93),
      atMost(`${line}: s that the bar stood still`, row.longestStillMs / 1000, 1.5, 1),
      atMost(`${line}: time left from 15 s after the change on, off by ×`, row.secondsLeftFactor, 1.5),
    ];
  });
}

function otherPromises({ serviceWorker, five }: Findings): readonly Promised[] {
  const behind = serviceWorker.map((row) =>
    atMost(
      "behind a service worker, 40 kB/s: bytes sent ÷ size",
      row.isFinished ? sentShare(row) : Number.NaN,
      1.01,
      3,
    ),
  );
  const [calm, silent] = [false, true].map((isSilent) => five.find((each) => each.isSilent === isSilent));
  if (calm === undefined || silent === undefined) return behind;
  return [
    ...behind,
    atMost(
      "five uploads, one silent answer: time of the other four ÷ without it",
      silent.isFinished ? silent.ms / calm.ms : Number.NaN,
      1.15,
    ),
  ];
}
