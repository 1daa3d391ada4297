/** Signs a form for PostObject by signature version 4. Pure, except for WebCrypto: page and server share it. */

import type { SigningKeys } from "../bucket/read-credentials.js";
import { type PostedObject, postFields } from "./post-fields.js";
import { algorithmV4, credentialV4, hmacV4, timestampV4, type V4Scope } from "./sign-v4.js";

export interface PostTerms {
  /** The service's time, milliseconds since the epoch. */
  readonly atMs: number;
  readonly expiresInSeconds: number;
  /** Names of fields that nobody may add, where the form lacks them. Default: none, for somebody who has the key anyway. */
  readonly keptAway?: readonly string[];
}

/**
 * Makes a policy that is good for this object alone: it fixes the key, the size and every field.
 *
 * @param object for which `postProblem` has found no problem
 * @returns all fields of the form but `file`, in the order in which they are to be sent
 */
export async function signPostV4(
  object: PostedObject,
  keys: SigningKeys,
  scope: V4Scope,
  { atMs, expiresInSeconds, keptAway = [] }: PostTerms,
): Promise<Record<string, string>> {
  const timestamp = timestampV4(atMs);
  const fields = postFields(object);
  const ofSignature: Record<string, string> = {
    "x-oss-signature-version": algorithmV4,
    "x-oss-credential": credentialV4(keys, scope, timestamp),
    "x-oss-date": timestamp,
    ...(keys.securityToken === undefined ? {} : { "x-oss-security-token": keys.securityToken }),
  };
  const said = new Set(fields.map(([name]) => name));
  const absent = keptAway.filter((name) => !said.has(name));
  const size = Number(object.headers["content-length"]);
  const policy = encoded({
    expiration: new Date(atMs + expiresInSeconds * 1000).toISOString(),
    conditions: [
      { bucket: object.bucket },
      ...fields.map(([name, value]) => ["eq", `$${name}`, value]),
      ...absent.map((name) => ["eq", `$${name}`, ""]),
      ["content-length-range", size, size],
      ...Object.entries(ofSignature).map(([name, value]) => ({ [name]: value })),
    ],
  });
  const signature = await hmacV4(policy, keys, scope, timestamp);
  return { ...Object.fromEntries(fields), policy, ...ofSignature, "x-oss-signature": signature };
}

/** Base64 of JSON in UTF-8. This text itself is signed. */
function encoded(policy: unknown): string {
  let text = "";
  // One by one: a metadata of 8 KB would be as many arguments of one call. A sixth of the time of a list that is joined.
  for (const byte of new TextEncoder().encode(JSON.stringify(policy))) text += String.fromCharCode(byte);
  return btoa(text);
}
