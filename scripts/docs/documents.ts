/** The documents of this repository, as tests look at them: their code, headings and links. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

function below(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return below(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** Paths from the root. */
export const documents: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...below("docs"),
  ...readdirSync(join(root, "packages"))
    .flatMap((name) => [join("packages", name, "README.md"), join("packages", name, "README.zh-CN.md")])
    .filter((path) => existsSync(join(root, path))),
];

/** Paths from the root of the sources and tests, and of what lies in the root itself. */
export function sources(): readonly string[] {
  const folders = [
    "demo/src",
    "demo/server",
    "e2e",
    "scripts",
    ...readdirSync(join(root, "packages")).flatMap(ofPackage),
  ];
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  return [...readdirSync(root), ...inFolders];
}

const ofPackage = (name: string) =>
  [`packages/${name}/src`, `packages/${name}/test`].filter((path) => existsSync(join(root, path)));

export interface Block {
  readonly language: string;
  readonly code: string;
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

export function allBlocks(document: string): readonly Block[] {
  const found = textOf(document).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm);
  return [...found].map(([, language = "", code = ""]) => ({ language, code }));
}

export function blocks(document: string, language: string): readonly string[] {
  return allBlocks(document).flatMap((block) => (block.language === language ? [block.code] : []));
}

/** What a sample that others import says in its first line: `// sign.ts`. */
export function nameOf(code: string): string | undefined {
  return /^\/\/ ([\w.-]+\.tsx?)\n/.exec(code)?.[1];
}

/** The prose: what looks like a link or a heading inside of code is none. */
export function withoutCode(document: string): string {
  return textOf(document).replace(/^```[\s\S]*?^```/gm, "");
}

export interface Heading {
  readonly level: number;
  readonly title: string;
  /** As GitHub names it in a link. */
  readonly anchor: string;
}

export function headings(document: string): readonly Heading[] {
  const seen = new Map<string, number>();
  return [...withoutCode(document).matchAll(/^(#+) (.*)$/gm)].map(([, marks = "", title = ""]) => {
    const name = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { level: marks.length, title, anchor: count === 0 ? name : `${name}-${count}` };
  });
}
