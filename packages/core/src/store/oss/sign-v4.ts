/** OSS signature version 4, as a header and as a query. Pure, except for WebCrypto: it runs on pages, in Node and on edge runtimes. */

import { hex } from "../../hex.js";
import { encodeKey } from "../bucket/percent-encoding.js";
import type { SigningKeys } from "../bucket/read-credentials.js";
import { canonicalHeaders, checkSignable, type RequestToSign } from "./canonical.js";
import { queryString } from "./query-string.js";

export const algorithmV4 = "OSS4-HMAC-SHA256";
const unsignedPayload = "UNSIGNED-PAYLOAD";

export interface V4Scope {
  /** The region id: "cn-hangzhou". For the product "oss-cloudbox" the id of the cloud box. */
  readonly region: string;
  /** Default "oss". */
  readonly product?: string;
}

/**
 * Signs with an Authorization header.
 *
 * @param atMs the service's time, milliseconds since the epoch; OSS refuses one that is more than 15 minutes off
 * @param additionalHeaders names of headers to sign besides content-type, content-md5 and x-oss-*, which always are. Default: none
 * @returns all headers to send: the request's own and those of the signature
 */
export async function signV4(
  request: RequestToSign,
  keys: SigningKeys,
  scope: V4Scope,
  atMs: number,
  additionalHeaders: readonly string[] = [],
): Promise<Record<string, string>> {
  const timestamp = timestampV4(atMs);
  const headers: Record<string, string> = {
    ...request.headers,
    "x-oss-content-sha256": unsignedPayload,
    "x-oss-date": timestamp,
  };
  if (keys.securityToken !== undefined) headers["x-oss-security-token"] = keys.securityToken;
  const additional = signedBeside(headers, additionalHeaders);
  const signature = await signatureV4(canonicalRequestV4({ ...request, headers }, additional), keys, scope, timestamp);
  const names = additional.length === 0 ? "" : `,AdditionalHeaders=${additional.join(";")}`;
  const credential = credentialV4(keys, scope, timestamp);
  headers.authorization = `${algorithmV4} Credential=${credential}${names},Signature=${signature}`;
  return headers;
}

/**
 * Signs with query parameters, so that a sender without a key can use the URL. Content-Type, Content-MD5 and x-oss-* of `request.headers` are
 * signed too: the request must have exactly these, with exactly these values.
 *
 * @param atMs the service's time, milliseconds since the epoch
 * @param expiresInSeconds 1…604,800; a security token may expire earlier
 * @param additionalHeaders as for `signV4`
 * @returns the whole query to send
 */
export async function presignV4(
  request: RequestToSign,
  keys: SigningKeys,
  scope: V4Scope,
  atMs: number,
  expiresInSeconds: number,
  additionalHeaders: readonly string[] = [],
): Promise<Record<string, string>> {
  const timestamp = timestampV4(atMs);
  const additional = signedBeside(request.headers, additionalHeaders);
  const query: Record<string, string> = {
    ...request.query,
    "x-oss-signature-version": algorithmV4,
    "x-oss-credential": credentialV4(keys, scope, timestamp),
    "x-oss-date": timestamp,
    "x-oss-expires": String(expiresInSeconds),
  };
  if (keys.securityToken !== undefined) query["x-oss-security-token"] = keys.securityToken;
  if (additional.length > 0) query["x-oss-additional-headers"] = additional.join(";");
  const canonical = canonicalRequestV4({ ...request, query }, additional);
  query["x-oss-signature"] = await signatureV4(canonical, keys, scope, timestamp);
  return query;
}

/**
 * @param additional names of further headers to sign: in lower case, ascending, all of them present
 * @throws UploadError "rejected" for control characters, and for headers that would be signed as others
 */
export function canonicalRequestV4(request: RequestToSign, additional: readonly string[]): string {
  checkSignable(request);
  const headers = canonicalHeaders(request.headers);
  const signed = [...headers].filter(([name]) => alwaysSigned(name) || additional.includes(name));
  return [
    request.method,
    // The bucket is part of it under every addressing, also with a custom domain.
    request.bucket === "" ? "/" : `/${request.bucket}/${encodeKey(request.key)}`,
    queryString(request.query),
    signed.map(([name, value]) => `${name}:${value}\n`).join(""),
    additional.join(";"),
    headers.get("x-oss-content-sha256") ?? unsignedPayload,
  ].join("\n");
}

/** @param timestamp as `timestampV4` writes it. @returns hexadecimal in lower case */
export async function signatureV4(
  canonicalRequest: string,
  keys: SigningKeys,
  scope: V4Scope,
  timestamp: string,
): Promise<string> {
  const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(canonicalRequest))));
  const text = `${algorithmV4}\n${timestamp}\n${scopePath(scope, timestamp)}\n${hash}`;
  return await hmacV4(text, keys, scope, timestamp);
}

/** Signs a text by the key of that day, region and product. @returns hexadecimal in lower case */
export async function hmacV4(text: string, keys: SigningKeys, scope: V4Scope, timestamp: string): Promise<string> {
  const key = await signingKey(keys, scopePath(scope, timestamp));
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(text))));
}

/** @returns for example "AKID/20231216/cn-hangzhou/oss/aliyun_v4_request" */
export function credentialV4(keys: SigningKeys, scope: V4Scope, timestamp: string): string {
  return `${keys.accessKeyId}/${scopePath(scope, timestamp)}`;
}

/** @returns for example "20231216T162057Z" */
export function timestampV4(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");
}

function alwaysSigned(name: string): boolean {
  return name === "content-type" || name === "content-md5" || name.startsWith("x-oss-");
}

function signedBeside(headers: Readonly<Record<string, string>>, wanted: readonly string[]): string[] {
  const present = canonicalHeaders(headers);
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  return [...names].filter((name) => !alwaysSigned(name) && present.has(name)).sort();
}

function scopePath({ region, product = "oss" }: V4Scope, timestamp: string): string {
  return `${timestamp.slice(0, 8)}/${region}/${product}/aliyun_v4_request`;
}

/** By the object with the keys, which is replaced with the credentials: a derived key lives no longer than the credentials. */
const derived = new WeakMap<SigningKeys, { readonly path: string; readonly key: Promise<CryptoKey> }>();

function signingKey(keys: SigningKeys, path: string): Promise<CryptoKey> {
  const kept = derived.get(keys);
  if (kept?.path === path) return kept.key;
  const key = deriveKey(keys.accessKeySecret, path);
  derived.set(keys, { path, key });
  return key;
}

async function deriveKey(secret: string, path: string): Promise<CryptoKey> {
  let key = await hmacKey(utf8(`aliyun_v4${secret}`));
  for (const step of path.split("/")) key = await hmacKey(await crypto.subtle.sign("HMAC", key, utf8(step)));
  return key;
}

async function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
