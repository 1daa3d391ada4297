/** What a page in Chinese has to have in common with its original: all that a machine can read in both. */
import { existsSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { documents, headings, root, textOf } from "./documents.js";

export interface Pair {
  readonly original: string;
  readonly translation: string;
}

const ending = ".zh-CN.md";

/** The page in Chinese that a page in English would have, whether it is there or not. */
export const inChinese = (document: string) => document.replace(/\.md$/, ending);

export const pairs: readonly Pair[] = documents
  .filter((document) => document.endsWith(ending))
  .map((translation) => ({ original: translation.replace(ending, ".md"), translation }));

/** Code with the words of its comments taken out, so that they may be translated. A comment that names a file stays: it is read by tests. */
export function withoutComments(code: string): string {
  return code
    .replace(/(?<=^|[\s{(])\/\*[\s\S]*?\*\//gm, "/* */")
    .replace(/(?<=^|\s)\/\/(?! [\w./-]+\.\w+$).*$/gm, "//")
    .replace(/(?<=^|\s)# .*$/gm, "#")
    .replace(/<!--[\s\S]*?-->/g, "<!-- -->");
}

/** One heading and what stands below it, up to the next one. */
interface Section {
  readonly title: string;
  readonly level: number;
  readonly code: readonly string[];
  /** Without code, and without the line that leads to the other language. */
  readonly prose: string;
}

const fence = /^```\w*\n[\s\S]*?^```/gm;
/** Stands in the prose for a block of code. */
const mark = "\uFFFC";

function sectionsOf(text: string): readonly Section[] {
  const blocks = text.match(fence) ?? [];
  const hidden = text.replace(/^\[(?:中文|English)\]\(.*\)$/m, "").replace(fence, mark);
  let next = 0;
  return hidden.split(/^(?=#+ )/m).map((section) => {
    const [, marks = "", title = ""] = /^(#+) (.*)/.exec(section) ?? [];
    const code = [...section.matchAll(/\uFFFC/g)].map(() => withoutComments(blocks[next++] ?? ""));
    return { title, level: marks.length, code, prose: section.replaceAll(mark, "") };
  });
}

const sorted = (found: Iterable<string>) => [...found].sort();
/** A placeholder, as in `uploads/<name>`, may be translated. */
const nameOf = (code: string) => code.replaceAll(/\s+/g, " ").replaceAll(/<[^<>=/]+>/g, "<…>");
const namesIn = (prose: string) =>
  sorted(new Set([...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => nameOf(code))));
const rowsIn = (prose: string) => prose.match(/^\s*\| /gm)?.length ?? 0;
const itemsIn = (prose: string) => prose.match(/^\s*(?:-|\d+\.) /gm)?.length ?? 0;
const linksIn = (prose: string) => [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

/** Of the prose alone: 10,000 is one number, and so is 2025-03-20. */
function numbersIn(prose: string): ReadonlySet<string> {
  const words = prose
    .replace(/`[^`]+`/g, "")
    .replace(/\]\([^)]*\)/g, "")
    .replace(/^\s*\d+\. /gm, "");
  return new Set(words.match(/\d+(?:[.,:-]\d+)*/g) ?? []);
}

/** What links may name of a page. */
type Anchors = (document: string) => readonly string[];
const anchorsOf: Anchors = (document) => headings(document).map(({ anchor }) => anchor);

/** Where a link of the original leads in its translation: to the page in Chinese, if there is one, and to the heading in its place there. */
function translated(target: string, { original, translation }: Pair, anchors: Anchors): string {
  if (/^(?:https?|mailto):/.test(target)) return target;
  const [path = "", anchor] = target.split("#");
  const page = path === "" ? original : normalize(join(dirname(original), path));
  const there = page === original ? translation : inChinese(page);
  if (!page.endsWith(".md") || !(page === original || existsSync(join(root, there)))) return target;
  const place = anchor === undefined ? -1 : anchors(page).indexOf(anchor);
  const shown = path === "" ? "" : relative(dirname(translation), there);
  return place < 0 ? shown : `${shown}#${anchors(there)[place]}`;
}

/** @returns a line for each thing that only one side has; none if they say the same as far as a machine can tell */
export function differences(
  pair: Pair,
  read: (document: string) => string = textOf,
  anchors: Anchors = anchorsOf,
): readonly string[] {
  const ours = sectionsOf(read(pair.original));
  const theirs = sectionsOf(read(pair.translation));
  const outline = (sections: readonly Section[]) => sections.map(({ level, title }) => `${"#".repeat(level)} ${title}`);
  if (ours.map(({ level }) => level).join() !== theirs.map(({ level }) => level).join())
    return [`headings: ${outline(ours).join(", ")} | ${outline(theirs).join(", ")}`];
  return ours.flatMap((section, index) => {
    const other = theirs[index] ?? section;
    const links = linksIn(section.prose).map((target) => translated(target, pair, anchors));
    const numbers = numbersIn(other.prose);
    return [
      ...between("code", section.code, other.code),
      ...between("links", sorted(links), sorted(linksIn(other.prose))),
      ...between("names", namesIn(section.prose), namesIn(other.prose)),
      ...between("rows", [`${rowsIn(section.prose)}`], [`${rowsIn(other.prose)}`]),
      ...between("items", [`${itemsIn(section.prose)}`], [`${itemsIn(other.prose)}`]),
      // One way only: "ten minutes" may be 10 分钟.
      ...[...numbersIn(section.prose)]
        .filter((each) => !numbers.has(each))
        .map((each) => `numbers: ${each} is missing`),
    ].map((difference) => `"${section.title}" – "${other.title}": ${difference}`);
  });
}

function between(what: string, ours: readonly string[], theirs: readonly string[]): readonly string[] {
  if (ours.join("\n") === theirs.join("\n")) return [];
  const missing = without(ours, theirs);
  const added = without(theirs, ours);
  return [`${what}: missing ${JSON.stringify(missing)}, added ${JSON.stringify(added)}`];
}

/** Each is taken away as often as it is there. */
function without(list: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...taken];
  return list.filter((each) => {
    const place = left.indexOf(each);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/** @returns what stands between stars that Markdown shows as stars: between 。** and a character there has to be a space */
export function shownStars(prose: string): readonly string[] {
  const words = prose.replaceAll(/`[^`]+`/g, "`");
  return [
    ...words.matchAll(
      /(?<before>^|[^*])(?<stars>\*{1,2})(?<inside>[^\s*](?:[^*\n]*[^\s*])?)\k<stars>(?<after>[^*]|$)/gm,
    ),
  ]
    .filter(({ groups = {} }) => {
      const { before = "", inside = "", after = "" } = groups;
      const isOpen = !/^\p{P}/u.test(inside) || /^(?:$|\s|\p{P})/u.test(before);
      const isClosed = !/\p{P}$/u.test(inside) || /^(?:$|\s|\p{P})/u.test(after);
      return !(isOpen && isClosed);
    })
    .map(([found]) => found);
}
