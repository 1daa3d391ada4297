/** OSS signature version 1, as a header and as a query, for buckets that do not take version 4. Pure, except for WebCrypto. */
import type { SigningKeys } from "../bucket/read-credentials.js";
import { canonicalHeaders, checkSignable, type RequestToSign } from "./canonical.js";

/** The query parameters that are signed, besides x-oss-*. Parameters of paging and encoding are not. */
const subResources =
  "acl append bucketInfo callback callback-var cloudboxes comp continuation-token cors delete lifecycle location " +
  "logging objectMeta partNumber position qos referer regionList response-cache-control " +
  "response-content-disposition response-content-encoding response-content-language response-content-type " +
  "response-expires restore security-token sequential stat symlink tagging uploadId uploads versionId versioning " +
  "versions website";

/**
 * Signs with an Authorization header. The date is in x-oss-date, because a page cannot set Date.
 *
 * @param atMs the service's time, milliseconds since the epoch
 * @returns all headers to send: the request's own and those of the signature
 */
export async function signV1(request: RequestToSign, keys: SigningKeys, atMs: number): Promise<Record<string, string>> {
  const date = new Date(atMs).toUTCString();
  const headers: Record<string, string> = { ...request.headers, "x-oss-date": date };
  if (keys.securityToken !== undefined) headers["x-oss-security-token"] = keys.securityToken;
  const signature = await hmacSha1(keys, stringToSignV1({ ...request, headers }, date));
  headers.authorization = `OSS ${keys.accessKeyId}:${signature}`;
  return headers;
}

/**
 * Signs with query parameters. Content-Type, Content-MD5 and x-oss-* of `request.headers` must be sent as they were signed.
 *
 * @param expiresAtSeconds seconds since the epoch
 * @returns the whole query to send
 */
export async function presignV1(
  request: RequestToSign,
  keys: SigningKeys,
  expiresAtSeconds: number,
): Promise<Record<string, string>> {
  const query: Record<string, string> = { ...request.query };
  if (keys.securityToken !== undefined) query["security-token"] = keys.securityToken;
  const Signature = await hmacSha1(keys, stringToSignV1({ ...request, query }, String(expiresAtSeconds)));
  return { ...query, OSSAccessKeyId: keys.accessKeyId, Expires: String(expiresAtSeconds), Signature };
}

/**
 * @param date as it is in x-oss-date, or the expiry in seconds since the epoch
 * @param moreSubResources names of further query parameters to sign
 * @throws UploadError "rejected" for control characters, and for headers that would be signed as others
 */
export function stringToSignV1(request: RequestToSign, date: string, moreSubResources: readonly string[] = []): string {
  checkSignable(request);
  const headers = canonicalHeaders(request.headers);
  const ossHeaders = [...headers].filter(([name]) => name.startsWith("x-oss-"));
  const signed = new Set([...subResources.split(" "), ...moreSubResources]);
  const signedQuery = Object.entries(request.query)
    .filter(([name]) => signed.has(name) || name.startsWith("x-oss-"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const path = request.bucket === "" ? "/" : `/${request.bucket}/${request.key}`;
  return [
    request.method,
    headers.get("content-md5") ?? "",
    headers.get("content-type") ?? "",
    date,
    ...ossHeaders.map(([name, value]) => `${name}:${value}`),
    path + (signedQuery.length === 0 ? "" : `?${signedQuery.join("&")}`),
  ].join("\n");
}

async function hmacSha1(keys: SigningKeys, text: string): Promise<string> {
  const utf8 = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", utf8.encode(keys.accessKeySecret), algorithm, false, ["sign"]);
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(text)))));
}
