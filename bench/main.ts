/** `pnpm bench`: what is asked for is measured, printed and written down. What it measures is said in docs/benchmarks.md. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { orAborted } from "../packages/core/src/or-aborted.js";
import { launchChromium } from "./browser/chromium.js";
import { bundlePages } from "./bundle.js";
import { forkCalls } from "./calls.js";
import { all, behind, drawn, lastFour } from "./contestants.js";
import { createFiles } from "./files.js";
import { describeMachine, loadAverage, quietLoad } from "./machine.js";
import { help, type Options, parseOptions, type SectionName } from "./options.js";
import { startPageServer } from "./page-server.js";
import { document, promised } from "./report/document.js";
import type { Section } from "./report/section.js";
import type { Bench } from "./run.js";
import { frames } from "./sections/frames.js";
import { largeFile } from "./sections/large-file.js";
import { limit } from "./sections/limit.js";
import { line } from "./sections/line.js";
import { lines } from "./sections/lines.js";
import { loopback } from "./sections/loopback.js";
import { parts } from "./sections/parts.js";
import { profile } from "./sections/profile.js";
import { resume } from "./sections/resume.js";
import { smallFiles } from "./sections/small-files.js";
import type { ServerCalls } from "./server/serve.js";

const sections: Readonly<Record<SectionName, (bench: Bench) => Promise<Section>>> = {
  lines,
  loopback,
  limit,
  line,
  resume,
  parts,
  "small-files": smallFiles,
  frames,
  "large-file": largeFile,
};
const here = fileURLToPath(new URL(".", import.meta.url));
const calledFrom = process.env.INIT_CWD ?? process.cwd();

/** The peers are no part of the workspace; who never measures never downloads them. */
function installPeers(): void {
  if (existsSync(resolve(here, "node_modules/ali-oss"))) return;
  console.log("Installing the libraries to compare with, once, in bench/ …");
  const { status } = spawnSync("pnpm", ["install", "--frozen-lockfile"], { cwd: here, stdio: "inherit" });
  if (status !== 0) throw new Error("They could not be installed: run `pnpm install` in bench/ to see why");
}

async function withBench<T>(options: Options, work: (bench: Bench) => Promise<T>): Promise<T> {
  const closers: (() => Promise<void>)[] = [];
  const opened = async <C extends { close(): Promise<void> }>(opening: Promise<C>): Promise<C> => {
    const one = await opening;
    closers.unshift(() => one.close());
    return one;
  };
  const interruption = new AbortController();
  // More than once: the whole group hears it, and tsx hands it on as well.
  process.on("SIGINT", () => interruption.abort(new Error("interrupted")));
  try {
    const files = await opened(createFiles());
    const contestants = [...all, ...Object.values(drawn), lastFour, behind];
    const pages = [...new Set(["harness", "digests", "service-worker", ...contestants.map(({ page }) => page)])];
    const { directory } = await opened(bundlePages(pages));
    const page = await opened(startPageServer(directory));
    const server = await opened(forkCalls<ServerCalls>(new URL("server/serve.ts", import.meta.url)));
    const chromium = await opened(launchChromium());
    const { size, runs, who, rate } = options;
    const working = work({
      signal: interruption.signal,
      chromium,
      server,
      files,
      pages: directory,
      page: page.url,
      ports: await server.call.ports(),
      size,
      runs,
      rate,
      isWanted: ({ name }) => who === undefined || name.includes(who),
      say: (line) => console.log(line),
    });
    return await orAborted(working, interruption.signal);
  } finally {
    for (const close of closers) await close();
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help);
    return;
  }
  if (process.platform !== "linux") throw new Error("CPU time and memory are read from /proc: run it on Linux");
  installPeers();
  const { profile: profiles } = options;
  if (profiles !== undefined) {
    await withBench(options, (bench) => profile(bench, resolve(calledFrom, profiles)));
    return;
  }
  const load = loadAverage();
  if (load > quietLoad) console.log(`The machine is not quiet (load ${load}): what is measured now says little.`);
  const began = Date.now();
  await withBench(options, async (bench) => {
    const reports: Section[] = [];
    for (const name of options.only) {
      const report = await measured(name, bench);
      console.log(`\n${report.title}\n\n${report.body}\n`);
      reports.push(report);
      const machine = describeMachine(bench.chromium.version, load);
      // After each section: what comes later may fail, or take longer than somebody waits.
      await put(options.out, document({ reports, machine, seconds: (Date.now() - began) / 1000 }));
    }
    const promises = reports.flatMap((report) => report.promises);
    if (promises.length > 0) console.log(promised(promises));
  });
}

/** A section that fails is told as such, and the others are measured all the same. */
async function measured(name: SectionName, bench: Bench): Promise<Section> {
  try {
    return await sections[name](bench);
  } catch (error) {
    bench.signal.throwIfAborted();
    console.error(error);
    process.exitCode = 1;
    return { title: name, body: `Could not be measured: ${String(error)}`, promises: [] };
  }
}

async function put(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) return;
  const out = resolve(calledFrom, file);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, text);
  console.log(`Written to ${out}`);
}

try {
  await main();
} catch (error) {
  // A TypeError is what was asked for wrongly; of anything else one wants to know where it came from.
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}
