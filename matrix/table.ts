/** docs/matrix.md: what was seen, as a table for people who ask whether the library works where they are. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Row } from "./rows.js";
import type { Visit } from "./visit.js";

export interface Seen {
  readonly row: Row;
  readonly visit: Visit;
}

const workers = { file: "its own file", text: "the same script, from a Blob URL", none: "none" } as const;

/** @param browser its name and version */
export function document(consumers: readonly Seen[], policies: readonly Seen[], browser: string): string {
  return `# Where it works without configuration

Written by \`pnpm matrix\`: the packed package, installed in apps that configure nothing for it, opened in ${browser}; each
uploads a file of four parts through its worker, and the store holds what was sent.

| app | of | the worker starts from |
| --- | --- | --- |
${consumers.map(({ row, visit }) => `| ${row.name} | ${versions(row.app)} | ${workers[visit.worker]} |`).join("\n")}

A bundler that leaves the worker's file behind costs one request that is answered 404. \`workers: { create }\` avoids it.

## Under a Content Security Policy

\`STORE\` is where the uploads go: \`https://BUCKET.oss-REGION.aliyuncs.com\`.

| policy of the page and its files | what happens |
| --- | --- |
${policies.map(policyLine).join("\n")}
`;
}

function policyLine({ row, visit }: Seen): string {
  const outcome =
    visit.error === undefined
      ? `uploads; the worker starts from ${workers[visit.worker]}`
      : `\`UploadError\` "${visit.error.code}": ${visit.error.hint}`;
  return `| ${row.name}: \`${row.policy}\` | ${outcome} |`;
}

function versions(app: string): string {
  const manifest = fileURLToPath(new URL(`apps/${app}/package.json`, import.meta.url));
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  const named = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return named.length === 0 ? "the browser" : named.join(", ");
}
