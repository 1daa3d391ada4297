/**
 * Everything of the package that a user's TypeScript can name, and what that speaks of, as one text.
 * `--write` records it in packages/core/api.md.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { declarations } from "../packages/core/scripts/declare.mjs";
import { core } from "../packages/core/scripts/places.mjs";

export const record = join(core, "api.md");

const head = `# What is public

Written by \`pnpm api\`; a test compares it with the sources. A change here is a change for users: it needs a line in CHANGELOG.md.
`;

/** @returns the text that belongs into the record */
export async function surface() {
  const entries = {
    "@ossicle/core": "index",
    "@ossicle/core/server": "server/index",
    "@ossicle/core/testing": "testing/index",
  };
  const files = await declarations(
    Object.values(entries).map((entry) => join(core, `src/${entry}.ts`)),
    { comments: false },
  );
  const statements = new Map([...files.values()].flatMap(named));
  const sections = Object.entries(entries).map(([name, entry]) => {
    const exported = exportsOf(files.get(`${entry}.d.ts`));
    const texts = [...spokenOf(exported, statements)].sort().map((each) => statements.get(each));
    return `\n## ${name}\n\nExports ${exported.sort().join(", ")}.\n\n\`\`\`ts\n${texts.join("\n")}\n\`\`\`\n`;
  });
  return head + sections.join("");
}

/** @returns the top-level declarations of a file, by name: what begins at the margin goes on until the next that does */
function named(file) {
  return file.split(/^(?=[a-z])/m).flatMap((statement) => {
    const [, name] = /^(?:export )?(?:declare )?(?:interface|type|class|function|const) (\w+)/.exec(statement) ?? [];
    return name === undefined ? [] : [[name, statement.trim().replace(/^export (declare )?|^declare /, "")]];
  });
}

function exportsOf(index) {
  const lists = [...index.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) => list.split(","));
  return lists.map((name) => name.replace("type ", "").trim()).filter((name) => name !== "");
}

/** @returns the names, and those that their declarations use, however far */
function spokenOf(names, statements) {
  const found = new Set(names);
  for (const name of found) {
    for (const [word] of statements.get(name).matchAll(/\w+/g)) if (statements.has(word)) found.add(word);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) await writeFile(record, await surface());
  else console.log(await surface());
}
