/** The document: machine, promises, sections. Pure. */
import type { Section } from "./section.js";
import { table } from "./table.js";

export interface Findings {
  readonly reports: readonly Section[];
  readonly machine: readonly string[];
  readonly seconds: number;
}

export function document({ reports, machine, seconds }: Findings): string {
  const promises = reports.flatMap((report) => report.promises);
  const parts = [
    "# Benchmarks",
    "Made by `pnpm bench`: a real Chromium, a local server that counts bytes and throws them away, every contestant in a fresh page, one after the other (on lines, beside each other). Compare ratios, not MB/s: those are of this machine. What holds us back is in [where the time goes](where-the-time-goes.md).",
    [...machine, `Took ${Math.round(seconds / 60)} min`].map((line) => `- ${line}`).join("\n"),
    ...(promises.length === 0 ? [] : ["## What is promised", promised(promises)]),
    ...reports.flatMap(({ title, body }) => [`## ${title}`, body]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What was promised, and whether it was kept. */
export function promised(promises: Section["promises"]): string {
  return table(
    [
      { head: "", align: "left", cell: ({ what }) => what },
      { head: "promised", cell: ({ wanted }) => wanted },
      { head: "seen", cell: ({ seen }) => seen },
      { head: "", align: "left", cell: ({ isKept }) => (isKept ? "kept" : "missed") },
    ],
    promises,
  );
}
