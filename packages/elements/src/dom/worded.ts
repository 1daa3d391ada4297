/** Nodes whose text is a sentence of the dictionary. `fillWords` writes it, again whenever the language changes. */
import type { WordKey } from "../words/language.js";
import { element } from "./element.js";

export function worded<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  key: WordKey,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  return element(tag, { ...attributes, "data-words": key });
}

export function wordedButton(key: WordKey, looks: string, testid: string, onClick: () => void): HTMLButtonElement {
  const node = worded("button", key, {
    type: "button",
    class: `button ${looks}`,
    part: "button",
    "data-testid": testid,
  });
  node.addEventListener("click", onClick);
  return node;
}
