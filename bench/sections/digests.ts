/** Reading and digesting alone. */
import type { Contestant } from "../contestants.js";
import type { Section } from "../report/section.js";
import { megabytes, number, table } from "../report/table.js";
import { type Bench, newTask, openPage, startTask } from "../run.js";
import { interleaved, median } from "../statistics.js";

export interface Way {
  readonly name: string;
  readonly md5: boolean;
  readonly crc64: boolean;
  /** Four slices side by side, as parts are digested; otherwise one after the other. */
  readonly four: boolean;
}

interface Row {
  readonly way: Way;
  readonly workers: number;
  readonly bytesPerSecond: number;
  readonly cpuSecondsPerGiB: number;
}

export const ways = {
  both: { name: "MD5 and CRC-64, four slices at once", md5: true, crc64: true, four: true },
  bothOfOne: { name: "MD5 and CRC-64", md5: true, crc64: true, four: false },
  crc64: { name: "CRC-64, four slices at once", md5: false, crc64: true, four: true },
  crc64OfOne: { name: "CRC-64", md5: false, crc64: true, four: false },
  nothing: { name: "nothing: read alone", md5: false, crc64: false, four: false },
} as const satisfies Record<string, Way>;

/** Reads the file in a fresh page, and digests it. @returns milliseconds, and CPU seconds of the browser */
export async function digestAlone(bench: Bench, path: string, way: Way, workers: number) {
  const contestant: Contestant = { name: way.name, page: "digests", options: { ...way, workers } };
  const task = newTask(contestant, { content: "blocks", ports: bench.ports });
  const tab = await openPage(bench, contestant, task, [path]);
  await bench.chromium.quiet();
  const before = bench.chromium.cpuSeconds();
  const { ms } = await startTask(tab, task);
  const cpu = bench.chromium.cpuSeconds() - before;
  await tab.close();
  return { ms, cpu };
}

export async function digests(bench: Bench): Promise<Section> {
  const path = await bench.files.file("blocks", bench.size);
  const cases = Object.values<Way>(ways).flatMap((way) => [1, 2].map((workers) => ({ way, workers })));
  const seen = new Map(cases.map((each) => [each, [] as { ms: number; cpu: number }[]]));
  const rounds = Math.min(bench.runs, 3);
  for (const each of interleaved(cases, rounds)) {
    seen.get(each)?.push(await digestAlone(bench, path, each.way, each.workers));
  }
  const rows = [...seen].map(([{ way, workers }, runs]): Row => {
    const ms = median(runs.map((run) => run.ms));
    const cpu = median(runs.map((run) => run.cpu));
    return { way, workers, bytesPerSecond: (bench.size / ms) * 1000, cpuSecondsPerGiB: (cpu / bench.size) * 2 ** 30 };
  });
  const columns = [
    { head: "digest", align: "left" as const, cell: ({ way }: Row) => way.name },
    { head: "workers", cell: ({ workers }: Row) => String(workers) },
    { head: "MB/s", cell: (row: Row) => megabytes(row.bytesPerSecond) },
    { head: "CPU s/GiB", cell: (row: Row) => number(row.cpuSecondsPerGiB, 1) },
  ];
  const body = [
    `Slices of 8 MiB of a file of ${number(bench.size / 2 ** 20, 0)} MiB, read and digested in workers, the start of the workers included; medians of ${rounds}.`,
    table(columns, rows),
  ];
  return { title: "Digests", body: body.join("\n\n"), promises: [] };
}
