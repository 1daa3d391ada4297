/** Nodes of the page around the elements: those of index.html, and those whose text changes with the language. */
import { element } from "@ossicle/elements/dom/element.js";
import { type WordKey, wordOf } from "../words/language.js";

/** A new element with a sentence as its text. While it is in the document its text changes with the language. */
export function worded<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  key: WordKey,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  return element(tag, { ...attributes, "data-words": key }, wordOf(key));
}

/** An element of index.html. @throws Error if there is none of this id and type */
export function byId<Type extends Element>(id: string, type: abstract new () => Type): Type {
  const node = document.getElementById(id);
  if (node instanceof type) return node;
  throw new Error(`index.html has no ${type.name} #${id}`);
}
