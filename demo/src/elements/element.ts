/** Building and changing DOM: written only where something is different, so that an unchanged row costs nothing. */
import { type WordKey, wordOf } from "../words/language.js";

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

/** An element with a sentence of the page, which follows the language while it is in the document. */
export function worded<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  key: WordKey,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  return element(tag, { ...attributes, "data-words": key }, wordOf(key));
}

/** An element of the static page. */
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

/**
 * Shows or hides; hiding what has the focus hands the focus to `fallback`, so that a keyboard user keeps the place.
 */
export function setVisible(node: HTMLElement, visible: boolean, fallback?: HTMLElement): void {
  if (node.hidden !== visible) return;
  if (!visible && node.contains(document.activeElement)) fallback?.focus();
  node.hidden = !visible;
}
