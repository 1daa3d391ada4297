/** The way to npm, as far as it can be looked at without going it: the workflow, its rights, the versions that changesets make. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { publicPackages, readManifest } from "./release/public-packages.mjs";
import { tagProblems } from "./release/tag.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const everyPackage = publicPackages(root);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: object;
}
interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** @returns what a reviewer would refuse, a line each */
function workflowProblems(text: string): readonly string[] {
  const { on, permissions, jobs } = parse(text) as Workflow;
  const all = Object.entries(jobs);
  const steps = all.flatMap(([, job]) => job.steps);
  const runs = (job: Job | undefined, command: string) => job?.steps.some(({ run }) => run === command) === true;
  const writes = all.flatMap(([name, job]) =>
    Object.entries(job.permissions ?? { everything: "write" }).flatMap(([right, how]) =>
      how === "read" ? [] : [`${name} ${how}s ${right}`],
    ),
  );
  const publishing = all.find(([, job]) => job.permissions?.["id-token"] === "write");
  const found: readonly (readonly [boolean, string])[] = [
    [JSON.stringify(on) !== '{"push":{"tags":["v*"]}}', "something else than a tag starts it"],
    [JSON.stringify(permissions) !== "{}", "a job that says nothing has rights"],
    [writes.join() !== "publish writes id-token", `rights: ${writes.join()}`],
    [publishing?.[1].environment !== "npm", "nobody has to approve"],
    [!all.some(([name, job]) => name === publishing?.[1].needs && runs(job, ".ci/run")), "it publishes unchecked"],
    [runs(publishing?.[1], ".ci/run"), "what checks may sign"],
    [/secrets\.|\$\{\{/.test(text), "an expression or a secret is put into the text"],
    ...steps.flatMap(({ uses = "", with: options }) => [
      [uses !== "" && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses), `${uses} is not pinned by a commit`] as const,
      [uses.includes("checkout") && options?.["persist-credentials"] !== false, "the token stays on the disk"] as const,
    ]),
  ];
  return found.flatMap(([isWrong, what]) => (isWrong ? [what] : []));
}

describe("the workflow that publishes", () => {
  const workflow = textOf(".github/workflows/release.yml");

  test("runs what CI runs, has the rights that provenance needs, and takes actions by their commit", () => {
    expect(workflowProblems(workflow)).toEqual([]);
    expect(workflow.match(/uses: \S+@[0-9a-f]{40} # v[\d.]+$/gm)).toHaveLength(4);
  });

  test.each<[string, string, string]>([
    ["something else than a tag starts it", 'tags: ["v*"]', "branches: [main]"],
    ["a job that says nothing has rights", "permissions: {}", "permissions: write-all"],
    [
      "rights: publish writes contents,publish writes id-token",
      "contents: read\n      # For",
      "contents: write\n      # For",
    ],
    ["nobody has to approve", "environment: npm", "environment: test"],
    ["it publishes unchecked", "run: .ci/run", "run: echo"],
    ["it publishes unchecked", "needs: check", "if: true"],
    ["what checks may sign", 'node scripts/release/tag.mjs "$GITHUB_REF_NAME"', ".ci/run"],
    ["an expression or a secret is put into the text", '"$GITHUB_REF_NAME"', "secrets.NPM_TOKEN"],
    [
      "actions/checkout@v4 is not pinned by a commit",
      "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
      "actions/checkout@v4",
    ],
    ["the token stays on the disk", "persist-credentials: false", "fetch-depth: 1"],
  ])("would be refused where %s", (problem, is, were) => {
    const changed = workflow.replace(is, were);

    expect(changed).not.toBe(workflow);
    expect(workflowProblems(changed)).toContain(problem);
  });

  test("calls commands that are there", () => {
    const { packageManager, scripts } = readManifest(root);

    expect(existsSync(join(root, ".ci/run"))).toBe(true);
    expect(packageManager).toMatch(/^pnpm@/);
    expect(scripts.release).toBe("node scripts/release/release.mjs");
    expect(tagProblems(`v${everyPackage[0]?.manifest.version}`, everyPackage)).toEqual([]);
    expect(tagProblems("v9.9.9", everyPackage)).toHaveLength(everyPackage.length);
  });
});

describe("the versions", () => {
  test("are those of the first release as long as its text is not dated: no changeset goes before it", () => {
    const [, version, state] = /^## (\S+) \((.*)\)$/m.exec(textOf("CHANGELOG.md")) ?? [];
    const waiting = readdirSync(join(root, ".changeset")).filter(
      (name) => name.endsWith(".md") && name !== "README.md",
    );

    expect(textOf("CHANGELOG.md").match(/^## /gm)).toHaveLength(1);
    if (state !== "unreleased") return;
    expect(waiting).toEqual([]);
    expect(everyPackage.map(({ manifest }) => manifest.version)).toEqual(everyPackage.map(() => version));
  });

  test("are made by changesets, the same for all public packages, with the text that users read", () => {
    const copy = mkdtempSync(join(tmpdir(), "ossicle-changesets-"));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    for (const file of ["package.json", "pnpm-workspace.yaml", ".changeset"])
      cpSync(join(root, file), join(copy, file), { recursive: true });
    const manifests = readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`);
    for (const file of [...manifests, "demo/package.json", "demo/recipes/package.json"])
      if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    writeFileSync(join(copy, ".gitignore"), "node_modules\n");
    writeFileSync(
      join(copy, ".changeset/brave-ants-sing.md"),
      '---\n"@ossicle/core": minor\n---\n\nFiles arrive sooner.\n',
    );
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: copy });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "begin");
    const [major, minor] = String(everyPackage[0]?.manifest.version).split(".").map(Number);

    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/release/version.mjs"), copy], {
      encoding: "utf8",
    });
    const again = spawnSync(process.execPath, [join(root, "scripts/release/version.mjs"), copy], { encoding: "utf8" });

    expect({ status, stderr }).toMatchObject({ status: 0 });
    const next = `${major}.${Number(minor) + 1}.0`;
    const made = publicPackages(copy);
    expect(made.map(({ manifest }) => [manifest.name, manifest.version])).toEqual(
      made.map(({ manifest }) => [manifest.name, next]),
    );
    expect(readFileSync(join(copy, "packages/core/CHANGELOG.md"), "utf8")).toMatch(
      `## ${next}\n\n### Minor Changes\n\n- `,
    );
    expect(readFileSync(join(copy, "packages/core/CHANGELOG.md"), "utf8")).toMatch("Files arrive sooner.");
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("there is no changeset") });
    expect(readManifest(join(copy, "packages/worker")).version).toBe(
      readManifest(join(root, "packages/worker")).version,
    );
  });
});
