/** Builds and changes DOM nodes. Nothing is written that is the same already, so that an unchanged row costs nothing. */

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
  if (!visible && hasFocus(node)) fallback?.focus();
  node.hidden = !visible;
}

/** Also within a shadow tree, where the document only names its host. */
export function hasFocus(node: Node): boolean {
  const root = node.getRootNode() as Document | ShadowRoot;
  return root.activeElement !== undefined && node.contains(root.activeElement);
}
