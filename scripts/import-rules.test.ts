/** A rule that nothing can break proves nothing: each import rule is broken once, in a copy of the sources. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import config from "../.dependency-cruiser.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const depcruise = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

type Plant = readonly [file: string, imported: string, how?: "type"];

/** By rule: where the import stands that must not, and what it imports; "type" where a type alone is too much already. */
const planted: Readonly<Record<string, Plant>> = {
  "no-cycles": ["packages/core/src/upload/planted-a.ts", "./planted-b.js", "type"],
  "nothing-imports-the-composition-root": ["packages/core/src/upload/planted-root.ts", "../create-uploader.js"],
  "engines-are-composed-where-they-run": ["packages/core/src/run/planted-engine.ts", "../compose-engine.js"],
  "a-page-loads-no-second-engine": ["packages/core/src/planted-second.ts", "./after-page/without-page.js"],
  "what-moves-uploads-is-loaded-apart": ["packages/core/src/store/oss/oss-adapter.ts", "./oss-store.js"],
  "handles-know-no-run": ["packages/core/src/upload/planted-run.ts", "../run/run.js"],
  "api-is-types": ["packages/core/src/api/planted-api.ts", "../errors.js"],
  "the-heart-knows-interfaces-only": ["packages/core/src/run/planted-heart.ts", "../checkpoint/idb.js"],
  "platform-by-type-only": ["packages/core/src/upload/planted-clock.ts", "../platform/clock.js"],
  "stores-know-their-seam-only": ["packages/core/src/store/oss/planted-store.ts", "../../checkpoint/memory.js"],
  "layers-know-no-dialect": ["packages/core/src/store/planted-layer.ts", "./oss/oss-store.js"],
  "store-bucket-knows-no-dialect": ["packages/core/src/store/bucket/planted-dialect.ts", "../oss/cors-rule.js"],
  "checkpoints-know-no-upload": ["packages/core/src/checkpoint/planted-checkpoint.ts", "../run/run.js"],
  "pure-files-import-types": ["packages/core/src/run/parts/unit.ts", "./lanes.js"],
  "the-server-has-no-page": ["packages/core/src/server/planted-page.ts", "../run/parts/unit.js"],
  "nobody-ships-the-fake": ["packages/core/src/upload/planted-fake.ts", "../testing/fake-file.js"],
  "the-worker-is-hands": ["packages/worker/src/planted-worker.ts", "../../core/src/errors.js"],
  "only-workers-see-the-contract": ["packages/core/src/upload/planted-contract.ts", "../../../worker/src/contract.js"],
  "of-the-worker-only-the-contract": ["packages/core/src/workers/planted-digest.ts", "../../../worker/src/digest.js"],
  "the-library-needs-no-emulator": ["packages/core/src/planted-emulator.ts", "../../oss-emulator/src/index.js"],
  "adapters-know-the-public-library": ["packages/react/src/planted-core.ts", "../../core/src/errors.js", "type"],
  "the-kit-knows-no-framework": ["packages/kit/src/planted-framework.ts", "../../react/src/use-upload.js"],
  "the-upload-page-knows-no-lab": ["demo/src/upload/planted-lab.ts", "../lab/faults/survival.js", "type"],
  "words-and-elements-know-no-page": ["demo/src/elements/planted-row.ts", "../upload/upload-page.js", "type"],
  "the-desk-knows-no-dom": ["packages/elements/src/desk/planted-node.ts", "../dom/element.js"],
  "a-keeper-knows-no-upload": ["packages/core/src/keeper/planted-upload.ts", "../upload/source.js"],
  "views-are-loaded-apart": ["packages/elements/src/elements/planted-view.ts", "../list/list-view.js"],
  "nothing-unresolvable": ["packages/core/src/planted-nowhere.ts", "./nowhere.js"],
};

let copy = "";
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "ossicle-import-rules-"));
  for (const name of [".dependency-cruiser.mjs", "tsconfig.base.json", "package.json"])
    cpSync(join(root, name), join(copy, name));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const packages = [
    "core",
    "elements",
    "worker",
    "oss-emulator",
    "sweep",
    "kit",
    "react",
    "antd",
    "vue",
    "element-plus",
  ];
  for (const name of packages) {
    const source = join(root, "packages", name);
    cpSync(join(source, "src"), join(copy, "packages", name, "src"), { recursive: true });
    cpSync(join(source, "package.json"), join(copy, "packages", name, "package.json"));
    symlinkSync(join(source, "node_modules"), join(copy, "packages", name, "node_modules"));
  }
  cpSync(join(root, "demo/src"), join(copy, "demo/src"), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function plant(...[file, imported, kind]: Plant): void {
  const how = kind ?? "";
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), `import ${how} * as planted from "${imported}";\nexport ${how} { planted };\n`);
}

function brokenRules(): { readonly rules: ReadonlySet<string>; readonly status: number | null } {
  const args = [depcruise, "--config", ".dependency-cruiser.mjs", "--no-progress", "packages", "demo"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8", maxBuffer: 2 ** 28 });
  return { rules: new Set([...stdout.matchAll(/error ([a-z-]+):/g)].map(([, name = ""]) => name)), status };
}

test("every import rule that is broken makes the check fail", () => {
  for (const one of Object.values(planted)) plant(...one);
  plant("packages/core/src/upload/planted-b.ts", "./planted-a.js", "type");

  const { rules, status } = brokenRules();

  expect([...rules].sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
  expect(Object.keys(planted).sort()).toEqual([...rules].sort());
  expect(status).not.toBe(0);
});
