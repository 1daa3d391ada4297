/** Parses any well-formed XML into plain values whose leaves are strings. Workers have no DOMParser. */
import { XMLParser } from "fast-xml-parser";
import type { XmlValue } from "./contract.js";

/** One node as the parser gives it with `preserveOrder`: a record with one key, its name. No element's name begins with "#". */
type Node = Readonly<Record<string, unknown>>;
const textName = "#text";
const cdataName = "#cdata";

/** `decodeEntities` decodes entities: the parser would expand those that a DOCTYPE declares, and would not decode numbers. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  textNodeName: textName,
  cdataPropName: cdataName,
  onDangerousProperty: (name) => name,
});

/**
 * @returns undefined for a text that is not one well-formed element: another format, an HTML page, anything with a DOCTYPE
 *   (attacks by XML use the entities that it declares), elements more than 100 deep, and element names such as `__proto__`,
 *   which the parser refuses
 */
export function parseXml(text: string): XmlValue | undefined {
  const document = text.replace(/^\uFEFF/, "").trim();
  if (!document.startsWith("<") || !document.endsWith(">") || /<!DOCTYPE/i.test(document)) return undefined;
  try {
    const roots = (parser.parse(document, true) as readonly Node[]).filter(isElement);
    return roots.length === 1 ? toRecord(roots) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(node: Node): string {
  return Object.keys(node)[0] ?? "";
}

function isElement(node: Node): boolean {
  return !nameOf(node).startsWith("#");
}

function toValue(children: readonly Node[]): XmlValue {
  const elements = children.filter(isElement);
  return elements.length > 0 ? toRecord(elements) : children.map(toText).join("");
}

function toRecord(elements: readonly Node[]): XmlValue {
  const lists = new Map<string, XmlValue[]>();
  for (const element of elements) {
    const name = nameOf(element);
    const list = lists.get(name) ?? [];
    list.push(toValue(element[name] as readonly Node[]));
    lists.set(name, list);
  }
  return Object.fromEntries(lists);
}

function toText(node: Node): string {
  const name = nameOf(node);
  if (name === textName) return decodeEntities(String(node[name]));
  return (node[name] as readonly Node[]).map((cdata) => String(cdata[textName])).join("");
}

const predefined: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** @throws for any other entity: without a DOCTYPE to declare it, it is not well-formed */
function decodeEntities(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (entity, name: string) => {
    const known = predefined.get(name) ?? fromNumber(name);
    if (known === undefined || !entity.endsWith(";")) throw new SyntaxError(`unknown entity ${entity}`);
    return known;
  });
}

function fromNumber(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name) ?? [];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** @see https://www.w3.org/TR/xml/#charsets */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
