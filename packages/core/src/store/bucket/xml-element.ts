/** Reads elements of parsed XML. Children may be missing, unknown or new. Pure. */
import type { XmlValue } from "../../workers/byte-workers.js";

export function children(element: XmlValue | undefined, name: string): readonly XmlValue[] {
  return typeof element === "object" && Object.hasOwn(element, name) ? (element[name] ?? []) : [];
}

export function child(element: XmlValue | undefined, name: string): XmlValue | undefined {
  return children(element, name)[0];
}

export function text(element: XmlValue | undefined, name: string): string | undefined {
  const value = child(element, name);
  return typeof value === "string" ? value.trim() : undefined;
}

/** The text of a child that names an object. It is percent-encoded if the answer says so, because XML cannot carry every character. */
export function decoded(root: XmlValue | undefined, name: string): string | undefined {
  const value = child(root, name);
  if (typeof value !== "string") return undefined;
  if (text(root, "EncodingType") !== "url") return value;
  try {
    return decodeURIComponent(value.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
}
