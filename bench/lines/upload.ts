/** One upload over a line: to its end, with a line that changes, or with a reload in the middle. */
import { bytesPerSecondOf } from "../../scripts/line/shape.js";
import type { Tab } from "../browser/chromium.js";
import type { Contestant } from "../contestants.js";
import type { Task } from "../page/contestant.js";
import type { Told } from "../page/harness.js";
import { newTask, openPage, orCut, prepare, startTask } from "../run.js";
import type { Counts } from "../server/tally.js";
import { judge, type Shown } from "./shown.js";
import { forgetSite, type Station } from "./station.js";

export interface Course {
  readonly kbit: number;
  /** What the line carries once a third of the file has come. Default: the same. */
  readonly laterKbit?: number;
  /** Bytes. */
  readonly size: number;
  /** Who has not finished by then never will, or is of no interest. */
  readonly cutAfterMs: number;
}

export interface Went extends Counts, Shown {
  readonly contestant: Contestant;
  readonly course: Course;
  readonly isFinished: boolean;
  readonly ms: number;
  /** Of the file, that came in a second. */
  readonly bytesPerSecond: number;
  /** What came, of what the line could carry in that time. */
  readonly ofLine: number;
  /** All that went up, with headers, preflights and what TCP sent again. */
  readonly carriedBytes: number;
  readonly firstStoredMs: number;
}

const changesAt = 1 / 3;
/** After a change, so long is the time left allowed to be wrong. */
const learnsMs = 15_000;

export async function uploadOver(station: Station, contestant: Contestant, course: Course): Promise<Went> {
  const { line, bench } = station;
  const { kbit, laterKbit = kbit, size, cutAfterMs } = course;
  const { tab, task } = await begin(station, contestant, course);
  const carriedBefore = await line.carriedBytes();
  let changedAt = Number.POSITIVE_INFINITY;
  const changing = bench.server.call.reach(size * changesAt).then(async () => {
    changedAt = performance.timeOrigin + performance.now();
    if (laterKbit !== kbit) await line.change({ kbit: laterKbit });
  });
  // Never reached by who is cut before it.
  changing.catch(() => {});

  const ran = await orCut(tab, startTask(tab, task), cutAfterMs);

  const counts = await bench.server.call.counts();
  const carriedBytes = (await line.carriedBytes()) - carriedBefore;
  const told = await tab.evaluate<readonly Told[]>("bench.told()");
  await end(station, tab);
  const { beganAt, ms } = ran;
  const isFinished = ms < cutAfterMs;
  if (isFinished && counts.fileBytes < size) throw new Error(`only ${counts.fileBytes} of ${size} bytes came`);
  const came = Math.min(counts.fileBytes, size);
  const slowMs = Math.min(ms, changedAt - beganAt);
  const possible = (slowMs * bytesPerSecondOf(kbit) + (ms - slowMs) * bytesPerSecondOf(laterKbit)) / 1000;
  return {
    contestant,
    course,
    isFinished,
    ms,
    bytesPerSecond: (came / ms) * 1000,
    ofLine: came / possible,
    carriedBytes,
    firstStoredMs: counts.firstStoredAt === 0 ? Number.POSITIVE_INFINITY : counts.firstStoredAt - beganAt,
    ...counts,
    ...judge(told, ms, laterKbit === kbit ? undefined : changedAt - beganAt + learnsMs),
  };
}

export interface Reloaded {
  readonly course: Course;
  /** Bytes of the file that had come, those of requests that the reload cut with them. */
  readonly sentBytes: number;
  /** What came more than once until the end. */
  readonly againBytes: number;
}

/** @param moment of the file, 0 to 1: the page is reloaded when so much has come, and the file picked again */
export async function reloadOver(
  station: Station,
  contestant: Contestant,
  course: Course,
  moment: number,
): Promise<Reloaded> {
  const { server } = station.bench;
  const { tab, task } = await begin(station, contestant, course);
  // Ends with its page.
  startTask(tab, task).catch(() => {});
  await server.call.reach(course.size * moment);
  await tab.reload();
  await server.call.idle();
  const { fileBytes: sentBytes } = await server.call.counts();
  await prepare(tab, contestant, task, []);
  await tab.evaluate(`bench.runWhenPicked(${JSON.stringify(task)})`);
  await tab.pick([await station.bench.files.file("blocks", course.size)]);
  await tab.evaluate("bench.pickedAt()");
  await tab.evaluate(`Promise.race([bench.finished(), bench.tooLate(${course.cutAfterMs})])`);
  const { fileBytes } = await server.call.counts();
  await end(station, tab);
  return { course, sentBytes, againBytes: fileBytes - course.size };
}

interface Begun {
  readonly tab: Tab;
  readonly task: Task;
}

/** A page of a site that this browser has never seen, the file picked. */
async function begin(station: Station, contestant: Contestant, { kbit, size }: Course): Promise<Begun> {
  const { line, bench } = station;
  await line.change({ kbit });
  await forgetSite(station);
  const task = { ...newTask(contestant, { content: "blocks", ports: bench.ports }), watched: true };
  const tab = await openPage(bench, contestant, task, [await bench.files.file("blocks", size)]);
  await bench.chromium.quiet();
  await bench.server.call.reset();
  return { tab, task };
}

/** What is still on the line must not be there when the next one begins. */
async function end({ bench, line }: Station, tab: Tab): Promise<void> {
  await tab.close();
  await line.change({ kbit: 100_000 });
  await bench.server.call.idle();
}
