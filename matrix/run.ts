/**
 * `pnpm matrix [words]`: packs the library, installs it in each app, opens each in a browser, uploads a file. Without words it
 * does all of them and writes docs/matrix.md; with words, those whose names contain one, and writes nothing.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, startEmulator } from "@ossicle/oss-emulator";
import { type Browser, chromium } from "@playwright/test";
import { pack } from "../packages/core/scripts/pack.mjs";
import { ensureChromium } from "../scripts/browser.mjs";
import { build, installApp } from "./app.js";
import { consumers, type Expected, policies, type Row } from "./rows.js";
import { type Site, serveByProgram, serveFiles } from "./site.js";
import { document, type Seen } from "./table.js";
import { account, bucket, type Visit, visit } from "./visit.js";

const library = "/node_modules/@ossicle/core/dist/index.js";

class Matrix {
  readonly #directory: string;
  readonly #tarball: string;
  readonly #browser: Browser;
  readonly #emulator: Emulator;
  readonly #installed = new Map<string, string>();
  #built: string | undefined;

  constructor(directory: string, tarball: string, browser: Browser, emulator: Emulator) {
    this.#directory = directory;
    this.#tarball = tarball;
    this.#browser = browser;
    this.#emulator = emulator;
  }

  async see(row: Row): Promise<Seen> {
    const directory = await this.#prepared(row);
    const sites = await this.#serve(row, directory);
    try {
      return { row, visit: await visit(this.#browser, sites[0].origin, this.#emulator) };
    } finally {
      await Promise.all(sites.map((site) => site.close()));
    }
  }

  /** Installed once for all rows of an app; built again only for a row that builds otherwise than the one before. */
  async #prepared({ app, build: commands = [] }: Row): Promise<string> {
    const directory = this.#installed.get(app) ?? join(this.#directory, app);
    if (!this.#installed.has(app)) await installApp(app, this.#tarball, directory);
    this.#installed.set(app, directory);
    const wanted = `${app}: ${commands.join("; ")}`;
    if (this.#built !== wanted) for (const command of commands) await build(directory, command);
    this.#built = wanted;
    return directory;
  }

  async #serve({ serve, policy, library: place }: Row, directory: string): Promise<readonly [Site, ...Site[]]> {
    if ("run" in serve) return [await serveByProgram(directory, serve.run, serve.ready)];
    const files = join(directory, serve.directory);
    const headers = policy && { "content-security-policy": policy.replaceAll("STORE", this.#emulator.endpoint) };
    if (place === undefined) return [await serveFiles(files, headers || {})];
    const other = await serveFiles(files, { "access-control-allow-origin": "*" });
    const url = place === "other-origin" ? other.origin + library : `.${library}`;
    const change = (content: Buffer, file: string) =>
      file.endsWith("/index.html") ? content.toString().replace("LIBRARY", url) : content;
    return [await serveFiles(files, {}, change), other];
  }
}

/** @returns what is not as it has to be */
function differences(expected: Expected, { worker, error, wrong }: Visit): readonly string[] {
  if (typeof expected === "string") {
    if (error !== undefined) return [`failed: ${error.code}: ${error.message} ${error.hint}`];
    return worker === expected ? wrong : [...wrong, `the worker came from: ${worker}`];
  }
  if (error === undefined) return [`expected the error "${expected.code}", but it uploads (worker: ${worker})`];
  if (error.code !== expected.code || !expected.hint.test(error.hint ?? "")) {
    return [`expected the error "${expected.code}" with a hint like ${expected.hint}: ${JSON.stringify(error)}`];
  }
  return [];
}

// A program that is ended by a signal runs no exit handlers, and those end the servers.
process.once("SIGINT", () => process.exit(130));
const words = process.argv.slice(2);
const chosen = ({ name }: Row) => words.length === 0 || words.some((word) => name.includes(word));
const directory = await mkdtemp(join(tmpdir(), "ossicle-matrix-"));
const browser = await chromium.launch({ executablePath: String(ensureChromium()), args: ["--no-sandbox"] });
const emulator = await startEmulator({ data: join(directory, "objects"), buckets: [bucket], accounts: [account] });
try {
  const matrix = new Matrix(directory, pack(directory), browser, emulator);
  let failures = 0;
  const see = async (rows: readonly Row[]): Promise<Seen[]> => {
    const all: Seen[] = [];
    for (const row of rows.filter(chosen)) {
      const seen = await matrix.see(row).catch((cause: unknown) => String(cause));
      const problems = typeof seen === "string" ? [seen] : differences(row.expected, seen.visit);
      console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${row.name}`);
      for (const problem of problems) console.log(`       ${problem}`);
      failures += problems.length;
      if (typeof seen !== "string") all.push(seen);
    }
    return all;
  };
  const [seenConsumers, seenPolicies] = [await see(consumers), await see(policies)];
  if (words.length === 0 && failures === 0) {
    const table = document(seenConsumers, seenPolicies, `Chromium ${browser.version().replace(/\..*/, "")}`);
    await writeFile(fileURLToPath(new URL("../docs/matrix.md", import.meta.url)), table);
  }
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await browser.close();
  await emulator.close();
  await rm(directory, { recursive: true });
}
