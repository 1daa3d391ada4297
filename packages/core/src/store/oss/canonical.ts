/** Headers in the form in which both signature versions sign them, and what neither signs. Pure. */
import { UploadError } from "../../errors.js";
import { hasControlCharacter, isHeaderName } from "../bucket/header-values.js";
import type { SignableRequest } from "../bucket/signable-request.js";

/** A request to sign. The key "" means the bucket itself. */
export type RequestToSign = Pick<SignableRequest, "method" | "bucket" | "key" | "query" | "headers">;

/**
 * @returns names in lower case, ascending, with trimmed values
 * @throws UploadError "rejected" for a name or value that would be signed as another header than it looks like
 */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Map<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  for (const [name, value] of entries) {
    // Lines of `name:value` are signed. With a colon, a line break or a second spelling they would say another header.
    if (!isHeaderName(name)) throw unsignable("the name of a header is none");
    if (hasControlCharacter(value)) throw unsignable(`the header ${name} has a control character`);
  }
  const sorted = new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (sorted.size < entries.length) throw unsignable("a header comes in two spellings");
  return sorted;
}

/**
 * Refuses control characters once more before a signature is made, although callers have checked their requests. V1 signs key and
 * parameters unencoded, and a line break would end them.
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
