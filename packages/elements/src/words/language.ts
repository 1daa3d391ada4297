/** Which language an element speaks: that of the nearest `lang`, as the page has it, with the texts that the app has replaced. */
import { en, type Words } from "./en.js";

type Sentences<Section> = { readonly [Key in keyof Section]: Section[Key] extends string ? Key : never }[keyof Section];

/** "section.key" of a sentence without values to fill in. */
export type WordKey = {
  readonly [Section in keyof Words]: `${Section}.${Sentences<Words[Section]> & string}`;
}[keyof Words];

/** Texts that replace some of those of the language. */
export type Texts = {
  readonly [Section in keyof Words]?: Words[Section] extends string ? string : Partial<Words[Section]>;
};

/** By the first part of a language tag. */
const dictionaries = new Map<string, Words>([["en", en]]);
/** Loaded when an element speaks it. */
const loaders = new Map<string, () => Promise<Words>>([["zh", async () => (await import("./zh.js")).zh]]);

/**
 * Adds a language, or replaces one. Elements that are made later speak it.
 *
 * @param language the first part of a language tag, e.g. "de"
 * @param words every sentence; `counting()` makes plurals
 */
export function addLanguage(language: string, words: Words): void {
  dictionaries.set(language, words);
}

/** @returns resolves when the language is there, or cannot be loaded; undefined where nothing is to be loaded */
export function loadLanguage(tag: string): Promise<void> | undefined {
  const language = baseOf(tag);
  const load = loaders.get(language);
  if (load === undefined || dictionaries.has(language)) return undefined;
  return load().then(
    (words) => addLanguage(language, words),
    () => void loaders.delete(language),
  );
}

function baseOf(tag: string): string {
  return tag.toLowerCase().split("-")[0] ?? "";
}

/** @param tag e.g. "zh-Hans-CN"; an unknown one gives English */
export function wordsIn(tag: string, texts: Texts = {}): Words {
  const words = dictionaries.get(baseOf(tag)) ?? en;
  const merged = Object.entries(texts).map(([section, own]) => {
    const known = (words as unknown as Record<string, unknown>)[section];
    return [section, typeof own === "string" ? own : { ...(known as object), ...own }];
  });
  return { ...words, ...Object.fromEntries(merged) };
}

/** The tag of the nearest `lang`, out of shadow trees too; without one, that of the browser. */
export function languageOf(node: Element): string {
  for (let at: Element | null = node; at !== null; ) {
    const near = at.closest("[lang]");
    if (near !== null) return near.getAttribute("lang") ?? "";
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return navigator.language;
}

/** @throws Error if the dictionary has no such sentence */
export function wordOf(key: string, words: Words): string {
  const [section = "", name = ""] = key.split(".");
  const found = (words as unknown as Record<string, Record<string, unknown> | undefined>)[section]?.[name];
  if (typeof found === "string") return found;
  throw new Error(`No dictionary has the word ${key}`);
}

/** Below a node, writes the sentence of each `data-words` as text, and of each `data-words-label` as accessible name. */
export function fillWords(root: ParentNode, words: Words): void {
  for (const node of root.querySelectorAll<HTMLElement>("[data-words]")) {
    node.textContent = wordOf(node.dataset.words ?? "", words);
  }
  for (const node of root.querySelectorAll<HTMLElement>("[data-words-label]")) {
    node.setAttribute("aria-label", wordOf(node.dataset.wordsLabel ?? "", words));
  }
}
