/** What the documents say is true as far as a machine can tell: code compiles, JSON parses, rules are ours, links lead somewhere. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { checkOptions } from "../packages/core/src/check-options.js";
import { chooseUnit, smallestUnit } from "../packages/core/src/run/parts/unit.js";
import { corsRule } from "../packages/core/src/store/oss/cors-rule.js";
import { ossStore } from "../packages/core/src/store/oss/oss-adapter.js";
import { ossDialect } from "../packages/core/src/store/oss/oss-dialect.js";
import { ossLimits } from "../packages/core/src/store/oss/oss-limits.js";
import { adapterPaths } from "./docs/adapter-paths.js";
import {
  allBlocks,
  blocks,
  documents,
  headings,
  nameOf,
  root,
  sources,
  textOf,
  withoutCode,
} from "./docs/documents.js";
import { readersWorld } from "./docs/readers-world.js";

const { XMLValidator } = createRequire(join(root, "packages/worker/package.json"))("fast-xml-parser") as {
  XMLValidator: { validate(xml: string): true | object };
};

/** @param more beside the samples of the documents @returns what `tsc` says of all of them */
function compiled(more: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  const directory = mkdtempSync(join(root, "node_modules/.cache/docs-"));
  try {
    for (const document of documents) {
      const samples = allBlocks(document).filter(({ language }) => language === "ts" || language === "tsx");
      if (samples.length === 0) continue;
      // A directory for each, so that its samples import each other and no others.
      const place = join(directory, document.replaceAll(/\W/g, "-"));
      mkdirSync(place);
      for (const [index, { language, code }] of samples.entries())
        writeFileSync(join(place, nameOf(code) ?? `sample-${index}.${language}`), `${code}\nexport {};\n`);
    }
    for (const [name, code] of Object.entries(more)) writeFileSync(join(directory, name), code);
    writeFileSync(join(directory, "readers-world.d.ts"), readersWorld);
    const source = (path: string) => [relative(directory, join(root, "packages", path))];
    const compilerOptions = {
      noEmit: true,
      // An app, not a library.
      declaration: false,
      jsx: "react-jsx",
      lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      paths: {
        "@ossicle/core": source("core/src/index.ts"),
        "@ossicle/core/keeper": source("core/src/keeper/service-worker.ts"),
        "@ossicle/core/server": source("core/src/server/index.ts"),
        "@ossicle/core/testing": source("core/src/testing/index.ts"),
        "@ossicle/elements": source("elements/src/index.ts"),
        "@ossicle/oss-emulator": source("oss-emulator/src/index.ts"),
        "@ossicle/sweep": source("sweep/src/index.ts"),
        "@ossicle/worker/contract": source("worker/src/contract.ts"),
        ...adapterPaths(directory),
      },
    };
    const config = { extends: join(root, "tsconfig.base.json"), compilerOptions, include: ["**/*.ts", "**/*.tsx"] };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the documents", () => {
  test("have code samples that compile against the sources, and one that does not would be seen", () => {
    const wrong = 'const upload: import("@ossicle/core").Upload | undefined = undefined;\nupload.stop();\n';

    const output = compiled({ "wrong.ts": wrong });

    expect(output.split("\n").filter((line) => !/(^|\/)wrong\.ts\(/.test(line) && line !== "")).toEqual([]);
    expect(output).toContain("wrong.ts(2");
  });

  test("have code in languages that something looks at", () => {
    const languages = new Set(documents.flatMap((document) => allBlocks(document).map(({ language }) => language)));

    expect([...languages].sort()).toEqual(["css", "html", "json", "mermaid", "sh", "text", "ts", "tsx", "vue", "xml"]);
  });

  test.each(["ARCHITECTURE.md", "CONTRIBUTING.md"])("name files that are there: %s", (document) => {
    const there = sources();
    const named = [...withoutCode(document).matchAll(/`([\w./-]+\.(?:ts|mts|mjs))`/g)].map(([, path = ""]) => path);

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !there.some((each) => each === path || each.endsWith(`/${path}`)))).toEqual([]);
  });

  test("show components of Vue that are recipes, which are compiled and run", () => {
    const recipes = new Set(
      readdirSync(join(root, "demo/recipes"), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".vue") && !path.includes("node_modules"))
        .map((path) => textOf(join("demo/recipes", path))),
    );
    // A page in Chinese has the same, but for comments: translations.test.ts.
    const originals = documents.filter((document) => !document.endsWith(".zh-CN.md"));
    const shown = originals.flatMap((document) => blocks(document, "vue"));

    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((code) => !recipes.has(code))).toEqual([]);
  });

  test("have JSON that parses", () => {
    for (const document of documents)
      for (const code of blocks(document, "json")) expect(() => JSON.parse(code)).not.toThrow();
  });

  test("show the CORS rule that errors hand out", () => {
    for (const document of ["README.md", "docs/bucket.md"]) {
      const shown = blocks(document, "text").find((block) => block.startsWith("AllowedOrigin"));

      expect(shown?.trimEnd()).toBe(corsRule("https://your.site"));
    }
  });

  test("show a lifecycle rule that is XML, and that lets checkpoints end before their parts", () => {
    const [rule = ""] = blocks("docs/bucket.md", "xml");
    const days = Number(/<AbortMultipartUpload>\s*<Days>(\d+)<\/Days>/.exec(rule)?.[1]);
    const store = ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: () => Promise.reject() });
    const { expireAfterMs } = checkOptions({ store }).settings;

    expect(XMLValidator.validate(rule)).toBe(true);
    expect(days * 86_400_000).toBeGreaterThan(expireAfterMs);
  });

  test("give the sizes that were measured, to the kB or so", () => {
    const measured = textOf("docs/size.md").matchAll(/^\| (\S+) .*?\| ([\d,]+) \| ([\d,–]+) \| ([\d,–]+) \|$/gm);
    const bytes = (size: string) => (size === "–" ? [] : [Number(size.replaceAll(",", ""))]);
    const [ours = [], tus = [], uppy = [], aliOss = []] = [...measured].map(([, , ...sizes]) => sizes.flatMap(bytes));
    const wanted = [...ours, ...aliOss, ...uppy, ...tus];

    for (const document of ["README.md", "README.zh-CN.md"]) {
      const row = /^\| min \+ gzip.*$/m.exec(textOf(document))?.[0] ?? "";
      const shown = [...row.matchAll(/(\d+) kB/g)].map(([, size]) => Number(size) * 1000);

      expect(wanted).toHaveLength(6);
      expect(shown).toHaveLength(wanted.length);
      for (const [index, size] of shown.entries())
        expect(Math.abs(size / (wanted[index] ?? Number.NaN) - 1)).toBeLessThan(0.1);
    }
  });

  test("name the commands of this very repository", () => {
    const { packageManager, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const commands = blocks("README.md", "sh").map((code) => code.trim());

    const { version } = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"));
    const tarball = `ossicle-core-${version}.tgz`;
    const install = `npm install path/to/${tarball}`;

    expect(commands).toEqual([`npx -y ${packageManager} demo`, `npx -y ${packageManager} test`, install]);
    for (const readme of ["README.md", "README.zh-CN.md"]) {
      expect(readFileSync(join(root, readme), "utf8")).toMatch(`\`npx -y ${packageManager} package\``);
      expect(readFileSync(join(root, readme), "utf8")).toMatch(`\`${tarball}\``);
    }
    expect(scripts).toMatchObject({
      demo: expect.anything(),
      test: "node scripts/check.mjs",
      package: expect.anything(),
    });
  });

  test("have a remedy for every code of an error, and for no others", () => {
    const source = readFileSync(join(root, "packages/core/src/errors.ts"), "utf8");
    const union = /export type UploadErrorCode =[\s\S]*?";$/m.exec(source)?.[0] ?? "";
    const codes = [...union.matchAll(/^ {2}\| "([\w-]+)"/gm)].map(([, code]) => code);

    const described = headings("docs/troubleshooting.md")
      .filter(({ title }) => /^`[\w-]+`$/.test(title))
      .map(({ title }) => title.slice(1, -1));

    expect(codes.length).toBeGreaterThan(10);
    expect(described.sort()).toEqual(codes.sort());
  });

  test("name the codes of the service, by which people search, where they stand for one of ours", () => {
    const sections = textOf("docs/troubleshooting.md").split(/^#+ /m);
    const unnamed = Object.entries(ossDialect.codes).filter(
      ([theirs, ours]) => !sections.some((each) => each.startsWith(`\`${ours}\`\n`) && each.includes(`\`${theirs}\``)),
    );

    expect(Object.keys(ossDialect.codes).length).toBeGreaterThan(10);
    expect(unnamed).toEqual([]);
  });

  test("show the units that part numbers count in", () => {
    const units: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
    const rows = textOf("docs/large-files.md").matchAll(/^\| ([\d.]+) ([MGT]iB) \| ([\d.]+) MiB \| ([\d,]+) \|$/gm);
    const unknown = {
      ...{ bytesPerSecond: undefined, roundTripMs: undefined, connections: 3, areShared: undefined },
      ...{ isBlind: false, largestBody: Number.POSITIVE_INFINITY },
    };
    const unit = (size: number) => chooseUnit(size, { partSize: "auto", unit: smallestUnit }, ossLimits, unknown);

    const shown = [...rows].map(([, amount, name = "", mebibytes, numbers]) => {
      const size = Number(amount) * (units[name] ?? Number.NaN);
      return { size, unit: Number(mebibytes) * 2 ** 20, numbers: Number(numbers?.replaceAll(",", "")) };
    });

    expect(shown.length).toBeGreaterThan(3);
    for (const each of shown)
      expect(each).toEqual({ ...each, unit: unit(each.size), numbers: Math.ceil(each.size / unit(each.size)) });
  });

  test("link to files that exist, and to headings that are there", () => {
    const broken: string[] = [];
    for (const document of documents) {
      for (const [, target = ""] of withoutCode(document).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        const leads =
          existsSync(join(root, file)) &&
          (anchor === undefined || headings(file).some((heading) => heading.anchor === decodeURIComponent(anchor)));
        if (!leads) broken.push(`${document}: ${target}`);
      }
    }

    expect(broken).toEqual([]);
  });

  test("are all reached from the README, but for tables that commands write", () => {
    const reached = new Set(["README.md"]);
    for (const document of reached) {
      for (const [, target = ""] of withoutCode(document).matchAll(/\]\((?!https?:|mailto:)([^)\s#]+)/g)) {
        const path = join(dirname(document), target);
        for (const each of documents) if (each === path || dirname(each) === path) reached.add(each);
      }
    }

    const lost = documents.filter((document) => !reached.has(document));
    expect(lost.filter((document) => !/^Written by `pnpm/m.test(textOf(document)))).toEqual([]);
  });
});
