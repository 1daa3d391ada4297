/** What the documents say of the elements is what the elements have: attributes, colours, parts, in both languages. */
import { expect, test } from "vitest";
import { OssicleUpload } from "../packages/elements/src/index.js";
import { colours } from "../packages/elements/src/styles/colours.js";
import { dropZone } from "../packages/elements/src/styles/drop-zone.js";
import { list } from "../packages/elements/src/styles/list.js";
import { blocks, documents, textOf } from "./docs/documents.js";

const guides = ["docs/elements.md", "docs/elements.zh-CN.md"];
/** A browser knows it of every control of a form. */
const ofAllControls = ["disabled"];
const known = [...OssicleUpload.observedAttributes, ...ofAllControls].sort();

test("the table of attributes has every attribute of <ossicle-upload>, and no other", () => {
  for (const guide of guides) {
    const [, table = ""] = /^\| (?:attribute|属性) [\s\S]*?\n([\s\S]*?)\n\n/m.exec(textOf(guide)) ?? [];
    const named = table.split("\n").flatMap((row) => {
      const [, cell = ""] = row.split("|");
      return [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name);
    });

    expect(named.sort(), guide).toEqual(known);
  }
});

test("samples of HTML use attributes that are there", () => {
  const samples = documents.flatMap((document) => blocks(document, "html"));
  const tags = samples.flatMap((sample) =>
    [...sample.matchAll(/<ossicle-upload\s([^>]*)>/g)].map(([, tag = ""]) => tag),
  );
  const used = tags.flatMap((tag) => [...tag.replace(/="[^"]*"/g, "").matchAll(/[\w-]+/g)].map(([name]) => name));

  expect(tags.length).toBeGreaterThan(1);
  expect(used.filter((name) => !known.includes(name))).toEqual([]);
});

test("every custom property that is documented is used, and every one that is used is documented", () => {
  const properties = (text: string) =>
    [...new Set([...text.matchAll(/--ossicle-[\w-]+/g)].map(([name]) => name))].sort();
  const used = properties(colours + dropZone + list);

  for (const guide of guides) expect(properties(textOf(guide)), guide).toEqual(used);
});
