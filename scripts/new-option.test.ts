/**
 * An option that compiles and does nothing shows that nobody was asked: here some are planted in a copy of the sources, and the
 * compiler has to name every place that must know them.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

let copy = "";
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "ossicle-new-option-"));
  cpSync(join(root, "tsconfig.base.json"), join(copy, "tsconfig.base.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const name of ["core", "worker"]) {
    cpSync(join(root, "packages", name, "src"), join(copy, "packages", name, "src"), { recursive: true });
    symlinkSync(join(root, "packages", name, "node_modules"), join(copy, "packages", name, "node_modules"));
  }
  cpSync(join(root, "packages/core/tsconfig.json"), join(copy, "packages/core/tsconfig.json"));
});
beforeEach(() => cpSync(join(root, "packages/core/src"), join(copy, "packages/core/src"), { recursive: true }));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Puts lines before the one place where `before` stands. */
function plant(file: string, before: string, planted: string): void {
  const path = join(copy, "packages/core/src", file);
  const text = readFileSync(path, "utf8");
  expect(text.split(before), `${file} holds ${before} once`).toHaveLength(2);
  writeFileSync(
    path,
    text.replace(before, () => planted + before),
  );
}

/** @returns errors by file, as the compiler words them */
function errors(): ReadonlyMap<string, string> {
  const args = [tsc, "--noEmit", "--pretty", "false", "-p", "packages/core"];
  const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  const found = new Map<string, string>();
  for (const error of stdout.split(/^(?=\S+[(]\d+,\d+[)]: )/m)) {
    const [, file = ""] = /^packages[/]core[/]src[/]([^(]+)/.exec(error) ?? [];
    found.set(file, (found.get(file) ?? "") + error);
  }
  return found;
}

const target = ["api/object-target.ts", "  /** Bits per second for one connection"] as const;
const headers = ["store/oss/object-headers.ts", '  storageClass: "'] as const;

test("an option that is only declared does not compile, in any place that has to know it", () => {
  plant(...target, "  readonly silent?: string | undefined;\n  readonly said?: string | undefined;\n");
  // As somebody does who thinks of the requests alone: the name of its header is news to everybody else.
  plant(...headers, '  said: "x-oss-said",\n');
  plant("api/upload.ts", "  /** Whose parts go first where several", "  readonly ofThePage?: string | undefined;\n");
  plant("api/uploader-options.ts", "  /** Hold a screen wake lock", "  readonly ofTheUploader?: string | undefined;\n");
  plant("api/uploader-options.ts", "  /** The longest delay", "  readonly ofPatience?: string | undefined;\n");
  plant("store/oss/oss-options.ts", "  /** The bucket's region id", "  readonly ofTheBucket?: string | undefined;\n");

  const found = errors();

  const places: Readonly<Record<string, readonly string[]>> = {
    "store/oss/object-headers.ts": ["silent"],
    "store/oss/check-target.ts": ["silent", "said"],
    "upload/target.ts": ["silent", "said"],
    "checkpoint/records.ts": ["silent", "said"],
    "store/oss/traits.ts": ["x-oss-said"],
    "server/signable-headers.ts": ["x-oss-said"],
    "check-upload-options.ts": ["ofThePage"],
    "check-options.ts": ["ofTheUploader", "ofPatience"],
    "store/oss/oss-adapter.ts": ["ofTheBucket"],
  };
  for (const [file, names] of Object.entries(places))
    for (const name of names) expect(found.get(file) ?? "", `the errors of ${file}`).toContain(name);
});

test("an option is not written down as JSON that cannot say it, and not said with a call that is not given it", () => {
  plant(...target, "  readonly later?: Date | undefined;\n");
  plant("checkpoint/records.ts", '  | "trafficLimit"\n>;', '  | "later"\n');
  plant(
    "store/oss/object-headers.ts",
    '  acl: "',
    '  later: (date: Date) => ({ "x-oss-later": date.toUTCString() }),\n',
  );

  const found = errors();

  expect(found.get("checkpoint/records.ts") ?? "").toContain("does not satisfy the constraint");
  expect(found.get("store/oss/object-headers.ts") ?? "").toMatch(
    /'later' does not exist in type 'Rows<FinishOptions>'/,
  );
});

test("without such an option everything compiles", () => {
  expect([...errors().values()].join("")).toBe("");
});
