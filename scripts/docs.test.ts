/** What the documents say is true as far as a machine can tell: code compiles, JSON parses, rules are ours, links lead somewhere. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { corsRule } from "../packages/core/src/store/oss/cors-rule.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

function documents(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return documents(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}
const all = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...documents("docs"),
  ...readdirSync(join(root, "packages"))
    .map((name) => join("packages", name, "README.md"))
    .filter((path) => existsSync(join(root, path))),
];

function blocks(document: string, language: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code]) => code ?? "");
}

/** What a reader's own page has, as far as the samples speak of it. */
const readersPage = `
declare const input: HTMLInputElement;
declare function render(state: import("@ossicle/core").UploadState): void;
declare function offerToResume(pending: import("@ossicle/core").PendingUpload): void;
declare function userOf(request: Request): Promise<string>;
declare function upload(endpoint: string, token: object): Promise<void>;
declare const emulator: import("@ossicle/oss-emulator").Emulator;
declare module "ali-oss" {
  export default class OSS {
    constructor(options: object);
    put(name: string, body: Buffer): Promise<object>;
  }
}
`;

describe("the documents", () => {
  test("have code samples that compile against the sources", () => {
    mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
    const directory = mkdtempSync(join(root, "node_modules/.cache/docs-"));
    try {
      const samples = all.flatMap((document) => blocks(document, "ts"));
      for (const [index, code] of samples.entries())
        writeFileSync(join(directory, `sample-${index}.ts`), `${code}\nexport {};\n`);
      writeFileSync(join(directory, "readers-page.d.ts"), readersPage);
      const paths = {
        "@ossicle/core": [relative(directory, join(root, "packages/core/src/index.ts"))],
        "@ossicle/core/server": [relative(directory, join(root, "packages/core/src/server/index.ts"))],
        "@ossicle/oss-emulator": [relative(directory, join(root, "packages/oss-emulator/src/index.ts"))],
        "@ossicle/worker/contract": [relative(directory, join(root, "packages/worker/src/contract.ts"))],
      };
      const compilerOptions = {
        noEmit: true,
        lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
        types: ["node"],
        typeRoots: [join(root, "node_modules/@types")],
        paths,
      };
      const config = { extends: join(root, "tsconfig.base.json"), compilerOptions, include: ["*.ts"] };
      writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(root, "node_modules/typescript/bin/tsc");

      const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" });

      expect(samples.length).toBeGreaterThan(0);
      expect(stdout).toBe("");
      expect(status).toBe(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("have JSON that parses", () => {
    for (const document of all)
      for (const code of blocks(document, "json")) expect(() => JSON.parse(code)).not.toThrow();
  });

  test("show the CORS rule that errors hand out", () => {
    const shown = blocks("README.md", "text").find((block) => block.startsWith("AllowedOrigin"));

    expect(shown?.replace("MaxAgeSeconds: 3600\n", "MaxAgeSeconds: 3600")).toBe(corsRule("https://your.site"));
  });

  test("name the commands of this very repository", () => {
    const { packageManager, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const commands = blocks("README.md", "sh").map((code) => code.trim());

    expect(commands).toEqual([`npx -y ${packageManager} demo`, `npx -y ${packageManager} test`]);
    expect(scripts).toMatchObject({ demo: expect.anything(), test: "node scripts/check.mjs" });
  });

  test("link to files that exist, and to headings that are there", () => {
    const broken: string[] = [];
    for (const document of all) {
      const text = readFileSync(join(root, document), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [path = "", heading] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        if (!existsSync(join(root, file))) broken.push(`${document}: ${target}`);
        else if (heading !== undefined && !headings(file).includes(heading)) broken.push(`${document}: ${target}`);
      }
    }

    expect(broken).toEqual([]);
  });
});

function headings(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
