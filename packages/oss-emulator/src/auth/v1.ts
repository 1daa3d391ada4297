/** Computes signature V1. Pure. Bucket, key and query are Unicode; all other strings are Latin-1, one char per byte. */
import { createHmac } from "node:crypto";
import { byByte } from "./encoding.js";
import type { SignableRequest } from "./v4.js";

const signedQueryNames = new Set(
  (
    "acl append bucketInfo callback callback-var cloudboxes comp continuation-token cors delete lifecycle location " +
    "logging objectMeta partNumber position qos referer regionList restore response-content-type " +
    "response-content-language response-expires response-cache-control response-content-disposition " +
    "response-content-encoding security-token sequential stat symlink tagging uploadId uploads versionId versioning " +
    "versions website"
  ).split(" "),
);

/** The path and the signed part of the query, not percent-encoded. @param extraNames further query names that are signed */
export function canonicalResource(request: SignableRequest, extraNames: readonly string[] = []): string {
  const bucket = request.bucket === undefined ? "" : `${request.bucket}/`;
  const signed = request.query
    .filter(([name]) => signedQueryNames.has(name) || name.startsWith("x-oss-") || extraNames.includes(name))
    .sort(([a], [b]) => byByte(a, b))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const path = `/${bucket}${request.key ?? ""}`;
  return signed.length === 0 ? path : `${path}?${signed.join("&")}`;
}

/**
 * The text that is signed.
 *
 * @param date the date as it was sent, or `Expires` of a presigned URL
 * @returns Latin-1, one char per byte
 */
export function stringToSignV1(request: SignableRequest, date: string, extraNames: readonly string[] = []): string {
  const ossHeaders = Object.keys(request.headers)
    .filter((name) => name.startsWith("x-oss-"))
    .sort(byByte)
    .map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`);
  return [
    request.method.toUpperCase(),
    request.headers["content-md5"] ?? "",
    request.headers["content-type"] ?? "",
    date,
    ossHeaders.join("") + Buffer.from(canonicalResource(request, extraNames), "utf8").toString("latin1"),
  ].join("\n");
}

/** @returns Base64 */
export function signatureV1(secret: string, stringToSign: string): string {
  return createHmac("sha1", secret).update(stringToSign, "latin1").digest("base64");
}
