import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "./en.js";
import { wordOf } from "./language.js";
import { zh } from "./zh.js";

const page = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
const keys = [...page.matchAll(/data-words(?:-label)?="([^"]+)"/g)].map(([, key = ""]) => key);

test("every sentence that the page asks for is in every dictionary", () => {
  expect(keys.length).toBeGreaterThan(30);
  for (const key of keys) for (const dictionary of [en, zh]) expect(wordOf(key, dictionary)).not.toBe("");
});

test("what the page says before its script runs is what the English dictionary says", () => {
  const said = [...page.matchAll(/data-words="([^"]+)"[^>]*>([^<]+)</g)];
  const different = said.filter(([, key = "", text = ""]) => wordOf(key, en) !== text);

  expect(different.map(([, key, text]) => [key, text])).toEqual([]);
});

test("a word that no dictionary has is a mistake, not an empty button", () => {
  expect(() => wordOf("page.nonsense", en)).toThrow("page.nonsense");
});
