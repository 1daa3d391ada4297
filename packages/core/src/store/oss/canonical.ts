/** How OSS writes keys, query strings and headers, on the wire and in what both signature versions sign. Pure. */
import type { SignableRequest } from "./oss-options.js";

/** `key` "" is the bucket itself. */
export type RequestToSign = Pick<SignableRequest, "method" | "bucket" | "key" | "query" | "headers">;

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

/** Percent-encodes every byte of the UTF-8 but `A–Z a–z 0–9 - . _ ~`. Throws URIError on a lone surrogate. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As `encode`, but a key's slashes stay. */
export function encodeKey(key: string): string {
  return encode(key).replaceAll("%2F", "/");
}

/**
 * Sorted by the encoded name in byte order, an empty value without "=": what is signed and also what is sent, so the two
 * cannot differ. Not `localeCompare`, which misorders mixed case (ali-oss 6.23.0).
 */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join("&");
}

/** Names in lower case, values trimmed. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Map<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
