/** What the command line says. Pure. */
import { parseArgs } from "node:util";

export const sectionNames = [
  "lines",
  "loopback",
  "limit",
  "line",
  "resume",
  "parts",
  "small-files",
  "frames",
  "large-file",
] as const;
export type SectionName = (typeof sectionNames)[number];

export interface Options {
  readonly only: readonly SectionName[];
  /** Bytes of the file on loopback; the other sections' sizes go with it. */
  readonly size: number;
  readonly runs: number;
  /** Where the document goes; undefined: nowhere. */
  readonly out: string | undefined;
  /** Kilobits a second of the one line that is wanted in the section "lines"; undefined: all of them. */
  readonly rate: number | undefined;
  /** Contestants whose name has this in it. */
  readonly who: string | undefined;
  /** Directory for CPU profiles; undefined: none are taken. */
  readonly profile: string | undefined;
}

export const help = `pnpm bench [--only SECTION …] [--size MB] [--runs N] [--rate KBIT] [--who NAME] [--out FILE] [--profile DIR]

  --only SECTION  ${sectionNames.join(", ")}; may be given several times; default: all
  --size MB       of the file (in MiB) on loopback; default 512; the other sections are scaled by it
  --runs N        how often each contestant runs; default 5
  --rate KBIT     of the section "lines" only the line of so many kilobits a second
  --who NAME      only contestants with this in their name
  --out FILE      where the document is written; default: docs/benchmarks.md if everything is run at full size, else nowhere
  --profile DIR   writes CPU profiles of page and workers, one upload of each of ours, and measures nothing else
`;

export const fullSizeMiB = 512;
const MiB = 2 ** 20;

/** @throws TypeError that says which argument is wrong; undefined when only help is wanted */
export function parseOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    // pnpm hands over the "--" that separates its own arguments.
    args: args.filter((argument) => argument !== "--"),
    options: {
      only: { type: "string", multiple: true },
      size: text,
      runs: text,
      rate: text,
      who: text,
      out: text,
      profile: text,
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const isAll =
    values.only === undefined && values.size === undefined && values.rate === undefined && values.who === undefined;
  return {
    only: (values.only ?? [...sectionNames]).map(sectionName),
    size: whole("size", values.size ?? String(fullSizeMiB)) * MiB,
    runs: whole("runs", values.runs ?? "5"),
    rate: values.rate === undefined ? undefined : whole("rate", values.rate),
    who: values.who,
    out: values.out ?? (isAll ? "docs/benchmarks.md" : undefined),
    profile: values.profile,
  };
}

function sectionName(name: string): SectionName {
  const known = sectionNames.find((each) => each === name);
  if (known === undefined) throw new TypeError(`--only ${name} is not one of ${sectionNames.join(", ")}`);
  return known;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} ${text} is not a whole number above 0`);
  return value;
}
