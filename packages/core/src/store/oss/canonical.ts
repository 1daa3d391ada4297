/** How OSS writes query strings and headers, on the wire and in what both signature versions sign. Pure. */
import { UploadError } from "../../errors.js";
import { hasControlCharacter, isHeaderName } from "../bucket/header-values.js";
import { encode } from "../bucket/percent-encoding.js";
import type { SignableRequest } from "../bucket/signable-request.js";

/** `key` "" is the bucket itself. */
export type RequestToSign = Pick<SignableRequest, "method" | "bucket" | "key" | "query" | "headers">;

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

/**
 * Names in lower case, values trimmed.
 *
 * @throws UploadError "rejected" for what would be another header than it looks like
 */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Map<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  for (const [name, value] of entries) {
    // What is signed is lines of `name:value`: a colon, a line break or a second spelling would sign another header.
    if (!isHeaderName(name)) throw unsignable("the name of a header is none");
    if (hasControlCharacter(value)) throw unsignable(`the header ${name} has a control character`);
  }
  const sorted = new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (sorted.size < entries.length) throw unsignable("a header comes in two spellings");
  return sorted;
}

/**
 * The last look before a signature; whoever asks for one has checked its request already. V1 signs key and parameters
 * unencoded, where a line break would end them.
 *
 * @throws UploadError "rejected"
 */
export function checkSignable({ bucket, key, query }: Pick<RequestToSign, "bucket" | "key" | "query">): void {
  if (hasControlCharacter(bucket + key)) throw unsignable("the key has a control character");
  for (const [name, value] of Object.entries(query)) {
    if (hasControlCharacter(name + value)) throw unsignable("a parameter has a control character");
  }
}

function unsignable(problem: string): UploadError {
  return new UploadError("rejected", `Refused to sign: ${problem}`);
}
