/** Makes pages of a sorted listing. Keys that are equal up to a delimiter after the prefix are listed once, as a common prefix. Pure. */

import type { Query } from "../http/target.js";
import { invalidArgument } from "../oss-error.js";

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last item or common prefix of the page. */
  readonly last: { readonly name: string; readonly item: T | undefined } | undefined;
}

/** Compares in UTF-8 order, which differs from JavaScript's UTF-16 order for characters beyond the basic plane. */
export function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Reads a number from the query; `fallback` if it is not there. @throws OssError `InvalidArgument` */
export function integerOf(query: Query, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name) ?? "";
  if (text === "") return fallback;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= min && value <= max) return value;
  throw invalidArgument(name, text, `Argument ${name} must be an integer between ${min} and ${max}.`);
}

/** The name under which a key is listed: the key itself, or its common prefix. */
function listedName(key: string, { prefix, delimiter }: ListOptions): { name: string; isPrefix: boolean } {
  const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? { name: key, isPrefix: false } : { name: key.slice(0, at + delimiter.length), isPrefix: true };
}

/**
 * @param sorted  all items, in the order of the listing
 * @param isAfter whether the item that is listed under that name comes after the marker
 */
export function pageOf<T extends { readonly key: string }>(
  sorted: readonly T[],
  options: ListOptions,
  isAfter: (name: string, item: T, isPrefix: boolean) => boolean,
): Page<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: Page<T>["last"];
  for (const item of sorted) {
    if (!item.key.startsWith(options.prefix)) continue;
    const { name, isPrefix } = listedName(item.key, options);
    if ((isPrefix && prefixes.at(-1) === name) || !isAfter(name, item, isPrefix)) continue;
    if (items.length + prefixes.length >= options.limit) return { items, prefixes, isTruncated: true, last };
    if (isPrefix) prefixes.push(name);
    else items.push(item);
    last = { name, item: isPrefix ? undefined : item };
  }
  return { items, prefixes, isTruncated: false, last };
}
