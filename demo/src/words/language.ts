/** The language of the page: its dictionary, the visitor's choice, and the listeners to a change of it. */
import { en, type Words } from "./en.js";
import { zh } from "./zh.js";

export type { Words } from "./en.js";
export type Language = "en" | "zh";

type Sentences<Section> = { readonly [Key in keyof Section]: Section[Key] extends string ? Key : never }[keyof Section];

/** "section.key" of a sentence without values to fill in. */
export type WordKey = {
  readonly [Section in keyof Words]: `${Section}.${Sentences<Words[Section]> & string}`;
}[keyof Words];

const dictionaries: Readonly<Record<Language, Words>> = { en, zh };
const storageKey = "ossicle-demo-language";
const listeners = new Set<() => void>();
let current: Language = "en";

/** Every sentence of the page, in the language it shows now. */
export function words(): Words {
  return dictionaries[current];
}

export function language(): Language {
  return current;
}

/** @param listener called after every change of language */
export function onLanguage(listener: () => void): void {
  listeners.add(listener);
}

/** Begins with what the visitor chose on an earlier page, or else with what the browser prefers. */
export function startLanguage(): void {
  const chosen = localStorage.getItem(storageKey);
  const preferred = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  speak(chosen === "en" || chosen === "zh" ? chosen : preferred);
}

/** Remembers the choice for later pages. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(storageKey, chosen);
  if (chosen !== current) speak(chosen);
}

/** @throws Error if the dictionary has no such sentence */
export function wordOf(key: string, from: Words = words()): string {
  const [section = "", name = ""] = key.split(".");
  const found = (from as unknown as Record<string, Record<string, unknown> | undefined>)[section]?.[name];
  if (typeof found === "string") return found;
  throw new Error(`No dictionary has the word ${key}`);
}

/** Below a node, writes the sentence of each `data-words` as text, and of each `data-words-label` as accessible name. */
export function fillWords(root: ParentNode): void {
  for (const node of root.querySelectorAll<HTMLElement>("[data-words]")) {
    node.textContent = wordOf(node.dataset.words ?? "");
  }
  for (const node of root.querySelectorAll<HTMLElement>("[data-words-label]")) {
    node.setAttribute("aria-label", wordOf(node.dataset.wordsLabel ?? ""));
  }
}

function speak(chosen: Language): void {
  current = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  document.title = words().page.title;
  fillWords(document);
  for (const listener of [...listeners]) listener();
}
