/** Writes XML as the service does. */

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

/** `<name>text</name>`, escaped. */
export function element(name: string, text: string | number): string {
  return `<${name}>${escapeText(String(text))}</${name}>`;
}

/** An element whose children are already XML. */
export function parent(name: string, children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

/** A whole document; `children` are already XML. */
export function xmlDocument(root: string, children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parent(root, children)}`;
}
