/** A page in Chinese has what its original has: when one of the two gains or loses something, this fails. */
import { describe, expect, test } from "vitest";
import { documents, textOf, withoutCode } from "./docs/documents.js";
import { differences, inChinese, pairs, shownStars, withoutComments } from "./docs/translations.js";

/** What users read first; the pages of the kits are all in both languages. */
const translated = documents.filter(
  (document) =>
    !document.endsWith(".zh-CN.md") &&
    (document.startsWith("docs/kits/") ||
      [
        "README.md",
        "docs/bucket.md",
        "docs/how-resume-works.md",
        "docs/large-files.md",
        "docs/migration-from-ali-oss.md",
        "docs/operations.md",
        "docs/server-side.md",
        "docs/testing.md",
        "docs/troubleshooting.md",
        "docs/using-it.md",
      ].includes(document)),
);

/** What was used beside the word of the glossary. */
const oneWord: Readonly<Record<string, string>> = {
  您: "你",
  上传器: "uploader",
  "STS 令牌": "临时凭证",
  存储空间: "Bucket",
  存储桶: "Bucket",
  自有域名: "自定义域名",
};

const original = `# Pages

[中文](page.zh-CN.md)

Takes \`a/<name>\` and \`b\`, ten of them or 30, as [other pages](other.md#end) do, see [below](#more).

## More

- one
- two

| a | b |
| --- | --- |
| c | d |

\`\`\`ts
// page.ts
first(); // goes first
\`\`\`
`;
const translation = `# 页面

[English](page.md)

接受 \`b\` 和 \`a/<名称>\`，10 个或 30 个，见[下文](#更多)，与[其他页面](other.md#end)相同。

## 更多

- 一
- 二

| 甲 | 乙 |
| --- | --- |
| c | d |

\`\`\`ts
// page.ts
first(); // 先执行
\`\`\`
`;

function differencesOf(changed: string): readonly string[] {
  const texts = new Map([
    ["docs/page.md", original],
    ["docs/page.zh-CN.md", changed],
  ]);
  const anchors = (document: string) => (document.endsWith(".zh-CN.md") ? ["页面", "更多"] : ["pages", "more"]);
  const pair = { original: "docs/page.md", translation: "docs/page.zh-CN.md" };
  return differences(pair, (document) => texts.get(document) ?? "", anchors);
}

describe("a page in Chinese", () => {
  test.each(pairs)("has the headings, code, links, rows, names and numbers of $original", (pair) => {
    expect(differences(pair)).toEqual([]);
  });

  test.each(pairs)("and $original lead to each other in their first lines", ({ original, translation }) => {
    const top = (document: string) => textOf(document).split("\n").slice(0, 3);
    const name = (document: string) => document.split("/").at(-1);

    expect(top(original)).toContain(`[中文](${name(translation)})`);
    expect(top(translation)).toContain(`[English](${name(original)})`);
  });

  test.each(pairs)("breaks no line of $translation between two characters, where browsers show a space", (pair) => {
    const broken = /[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]\n *[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF].*/gu;

    expect(withoutCode(pair.translation).match(broken)).toBeNull();
  });

  test.each(pairs)("shows no stars in $translation", ({ translation }) => {
    expect(shownStars(withoutCode(translation))).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ["**第一步**：看错误。*第二步：* 看提示", []],
    ["- **`allow`**：允许（**只有**这些）", []],
    ["**两者都不记住列表。**刷新", ["**两者都不记住列表。**刷"]],
    ["然后*“停止”*它", ["后*“停止”*它"]],
  ])("knows which stars Markdown shows: %s", (prose, stars) => {
    expect(shownStars(prose)).toEqual(stars);
  });

  test.each(pairs)("says one thing by one word, that of the glossary: $translation", ({ translation }) => {
    const prose = withoutCode(translation);

    expect(Object.entries(oneWord).filter(([other]) => prose.includes(other))).toEqual([]);
  });

  test("is there for all that users read first", () => {
    expect(translated.map(inChinese).filter((document) => !documents.includes(document))).toEqual([]);
    expect(translated.length).toBeGreaterThan(4);
  });

  test("has an original", () => {
    expect(pairs.filter(({ original }) => !documents.includes(original))).toEqual([]);
  });

  test("may order a sentence in its own way, and translate comments and placeholders", () => {
    expect(differencesOf(translation)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["a section is missing", "## 更多\n", ""],
    ["a section is at another level", "## 更多", "### 更多"],
    ["a sample does something else", "first()", "second()"],
    ["a sample has lost a comment", " // 先执行", ""],
    ["a sample has another name", "// page.ts", "// other.ts"],
    ["a link leads elsewhere", "other.md#end", "other.md"],
    ["a link leads to the heading in English", "(#更多)", "(#more)"],
    ["a name is missing", "`b` 和 ", ""],
    ["a name was added", "`b`", "`b`、`c`"],
    ["a row is missing", "| c | d |\n", ""],
    ["an item is missing", "- 二\n", ""],
    ["a number is another one", "30", "20"],
  ])("is told from its original when %s", (_, before, after) => {
    expect(translation).toContain(before);
    expect(differencesOf(translation.replace(before, after))).toHaveLength(1);
  });

  test("is compared without what is a comment in its languages of code, and with all that is none", () => {
    expect(withoutComments('a("https://b"); // c\n/** d\n * e */\nf();\n# g\n<!-- h -->')).toBe(
      'a("https://b"); //\n/* */\nf();\n#\n<!-- -->',
    );
  });
});

test("the glossary has a word in Chinese for each in English", () => {
  const [, glossary = ""] = textOf("ARCHITECTURE.md").split("\n## Glossary\n");
  const rows = glossary.split("\n").filter((line) => line.startsWith("| "));
  const words = rows.slice(2).map((row) => row.split("|").map((cell) => cell.trim()));

  expect(words.length).toBeGreaterThan(40);
  expect(words.filter((cells) => cells.length !== 6 || cells[1] === "" || cells[2] === "" || cells[3] === "")).toEqual(
    [],
  );
});
