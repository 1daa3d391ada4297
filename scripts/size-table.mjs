/** `pnpm size --table` writes docs/size.md: what an app gets from us and from others, each bundled and minified alike. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { weighAdapters } from "./adapter/weigh.mjs";
import { appOf } from "./measure.mjs";
import { pnpm } from "./pnpm.mjs";

/** The packages that the benchmark compares with, and what an app that uploads in parts needs of them. */
const bench = fileURLToPath(new URL("../bench", import.meta.url));
const others = [
  { packages: ["tus-js-client"], source: 'export { Upload } from "tus-js-client";' },
  {
    packages: ["@uppy/core", "@uppy/aws-s3"],
    source: 'export { default as Uppy } from "@uppy/core"; export { default as AwsS3 } from "@uppy/aws-s3";',
  },
  { packages: ["ali-oss"], source: 'export { default } from "ali-oss";' },
];

/** @param sizes ours, by the names of size.json */
export async function writeTable(sizes) {
  pnpm(["install", "--frozen-lockfile"], { cwd: bench });
  const { dependencies } = JSON.parse(readFileSync(`${bench}/package.json`, "utf8"));
  const theirs = [];
  for (const { packages, source } of others) {
    const { atOnce, later } = await appOf(source, bench);
    theirs.push([packages.map((name) => `${name} ${dependencies[name]}`).join(" + "), atOnce, later, 0]);
  }
  const ours = ["createUploader and ossStore", "loaded with the first upload", "the worker"].map((name) => sizes[name]);
  const lines = [["**@ossicle/core**", ...ours], ...theirs].map(([name, ...bytes]) => {
    return `| ${name} | ${bytes.map(shown).join(" | ")} |`;
  });
  await writeFile(new URL("../docs/size.md", import.meta.url), document(lines, sizes, await weighAdapters()));
}

const shown = (bytes) => (bytes === 0 ? "–" : bytes.toLocaleString("en"));

function document(lines, sizes, adapters) {
  const rows = adapters.map(({ name, atOnce, later }) => `| ${name} | ${shown(atOnce)} | ${shown(later)} |`);
  return `# What it weighs

Written by \`pnpm size --table\`: bytes after Rolldown's minifier and gzip -9, of an app that names what an upload in parts needs.

| | with the page | with the first upload | in workers |
| --- | --- | --- | --- |
${lines.join("\n")}

Everything that \`@ossicle/core\` exports is ${sizes["everything on the page"].toLocaleString("en")} bytes with the page; \`UploadError\` alone is ${sizes["UploadError alone"].toLocaleString("en")}. Pages
that ask for a diagnosis load ${sizes["the diagnosis"].toLocaleString("en")} bytes more. Growing beyond the budgets in \`packages/core/size.json\` fails the check.

What the adapters add to that, with all that they export, and without their framework. Each has a budget of its own, in its \`size.json\`.

| | with the page | later |
| --- | --- | --- |
${rows.join("\n")}
`;
}
