/** Builds and changes DOM nodes. Nothing is written that is the same already, so that an unchanged row costs nothing. */
import { type WordKey, wordOf } from "../words/language.js";

/** A new element with these attributes and children. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

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

export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** @param value null removes the attribute */
export function setAttribute(node: Element, name: string, value: string | null): void {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

/** @param fallback gets the focus if the node that is hidden has it, so that a keyboard user does not lose the place */
export function setVisible(node: HTMLElement, visible: boolean, fallback?: HTMLElement): void {
  if (node.hidden !== visible) return;
  if (!visible && node.contains(document.activeElement)) fallback?.focus();
  node.hidden = !visible;
}
