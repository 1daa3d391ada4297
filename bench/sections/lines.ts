/** The lines that people have: a way out that all connections share, shaped by the kernel, with a queue in front of it. */
import { NoLine } from "../../scripts/line/line.js";
import { behind, type Contestant, onLines } from "../contestants.js";
import { behindServiceWorker, changingCourses, moments, steadyCourses } from "../lines/courses.js";
import { type Findings, linesSection } from "../lines/findings.js";
import { type FiveTimes, fiveUploads } from "../lines/five-uploads.js";
import { openStation, type Station, type StationJob, shareOut } from "../lines/station.js";
import { type Course, type Reloaded, reloadOver, uploadOver, type Went } from "../lines/upload.js";
import type { Section } from "../report/section.js";
import { number } from "../report/table.js";
import type { Bench } from "../run.js";

/** The findings while they are being collected. */
interface Found extends Findings {
  readonly steady: Went[];
  readonly changing: Went[];
  readonly reloads: Reloaded[];
  readonly serviceWorker: Went[];
  readonly five: FiveTimes[];
}

const mostStations = 10;
/** One beside the other, the fastest line leaves no room for more. */
const wideKbit = 50_000;

export async function lines(bench: Bench): Promise<Section> {
  const stations: Station[] = [];
  const close = async () => {
    await Promise.all(stations.splice(0).map((station) => station.close()));
  };
  bench.signal.addEventListener("abort", () => void close());
  try {
    const found = await measureAll(bench, stations);
    return linesSection(found, bench.size);
  } catch (error) {
    if (!(error instanceof NoLine)) throw error;
    bench.say(`lines: not run: ${error.message}`);
    return { title: "On the lines that people have", body: `Not run: ${error.message}.`, promises: [] };
  } finally {
    await close();
  }
}

async function measureAll(bench: Bench, stations: Station[]): Promise<Findings> {
  const found: Found = { steady: [], changing: [], reloads: [], serviceWorker: [], five: [] };
  const courses = steadyCourses(bench.size, bench.rate);
  bench.say(`lines: ${courses.map(({ kbit }) => kbit / 1000).join(", ")} Mbit/s`);
  // The longest first, and the widest, which need the machine, last.
  const slow = courses.filter(({ kbit }) => kbit < wideKbit);
  const wide = courses.filter(({ kbit }) => kbit >= wideKbit);
  const isAll = bench.rate === undefined && bench.isWanted(onLines.ours);
  const jobs = [
    ...(isAll ? jobsOfTrouble(bench, found) : []),
    ...[...slow, ...wide].flatMap((course) => jobsOf(bench, course, found)),
  ];
  const count = Math.min(mostStations, jobs.length);
  // One by one: a machine that starts ten browsers at once starts none.
  for (let i = 0; i < count; i += 1) stations.push(await openStation(bench));
  await shareOut([...stations], jobs);
  return found;
}

/** Every contestant on a steady line, and ours with reloads. */
function jobsOf(bench: Bench, course: Course, { steady, reloads }: Found): readonly StationJob[] {
  return [
    // The bare one is what the others are compared with.
    ...Object.values<Contestant>(onLines)
      .filter((each) => each === onLines.bare || bench.isWanted(each))
      .map((contestant) => uploading(bench, contestant, course, steady)),
    ...(bench.isWanted(onLines.ours) ? moments : []).map((moment) =>
      job(bench, course.kbit, `${name(onLines.ours, course)}, reload at ${number(moment)}`, reloads, (station) =>
        reloadOver(station, onLines.ours, course, moment),
      ),
    ),
  ];
}

/** A service worker in between, lines that change, an answer that never comes. */
function jobsOfTrouble(bench: Bench, { serviceWorker, changing, five }: Found): readonly StationJob[] {
  return [
    uploading(bench, behind, behindServiceWorker(bench.size), serviceWorker),
    ...changingCourses(bench.size).flatMap((course) =>
      [onLines.ours, onLines.bare].map((contestant) => uploading(bench, contestant, course, changing)),
    ),
    ...[false, true].map((isSilent) =>
      job(bench, 8000, `five uploads${isSilent ? ", one silent answer" : ""}`, five, (station) =>
        fiveUploads(station, isSilent),
      ),
    ),
  ];
}

function uploading(bench: Bench, contestant: Contestant, course: Course, into: Went[]): StationJob {
  const kbit = Math.max(course.kbit, course.laterKbit ?? 0);
  return job(bench, kbit, name(contestant, course), into, (station) => uploadOver(station, contestant, course));
}

/** A failure is told, and costs the table that one row. */
function job<T>(
  bench: Bench,
  kbit: number,
  what: string,
  into: T[],
  run: (station: Station) => Promise<T>,
): StationJob {
  return {
    kbit,
    async run(station) {
      try {
        const seen = await run(station);
        into.push(seen);
        bench.say(`  ${what}: ${inWords(seen)}`);
      } catch (error) {
        bench.signal.throwIfAborted();
        bench.say(`  ${what}: FAILED: ${String(error)}`);
      }
    },
  };
}

function name(contestant: Contestant, { kbit, laterKbit }: Course): string {
  const then = laterKbit === undefined ? "" : `, then ${laterKbit / 1000}`;
  return `${contestant.name} at ${kbit / 1000}${then} Mbit/s`;
}

function inWords(seen: unknown): string {
  if (typeof seen === "object" && seen !== null && "againBytes" in seen) {
    return `${number(Number(seen.againBytes) / 1e6)} MB again`;
  }
  if (typeof seen === "object" && seen !== null && "bytesPerSecond" in seen) {
    return `${number(Number(seen.bytesPerSecond) / 1e6, 3)} MB/s`;
  }
  return "done";
}
