/** Reads what the headers of an answer say of an object, as far as this page may read them. Pure. */

import type { HttpResponse } from "../../workers/byte-workers.js";
import { wholeNumber } from "../bucket/answers.js";
import { readETag } from "../bucket/etag.js";
import type { ObjectInfo, SeenObject } from "../object-store.js";
import { readCrc64 } from "./read-crc64.js";
import { traitsIn } from "./traits.js";

/** The two forms of OSS: of an object put by one request, and of one made of parts. An ETag of another form is not the service's. */
const objectETag = /^[0-9A-F]{32}(-\d+)?$/i;

/** @returns what the headers say; undefined for what they do not say or the page may not read */
export function objectIn(key: string, { headers }: HttpResponse): ObjectInfo {
  const etag = readETag(headers.etag);
  return {
    key,
    size: undefined,
    etag: etag !== undefined && objectETag.test(etag) ? etag : undefined,
    crc64: readCrc64(headers["x-oss-hash-crc64ecma"]),
    versionId: headers["x-oss-version-id"],
    requestId: headers["x-oss-request-id"],
    callback: undefined,
  };
}

/** Do the names belong to an object made of so many parts? Its ETag ends in their number. A CRC-64 of 0 is that of an empty body. */
export function namesObjectOf(parts: number, { etag, crc64 }: Pick<ObjectInfo, "etag" | "crc64">): boolean {
  return (crc64 !== undefined && crc64 !== 0n) || etag?.endsWith(`-${parts}`) === true;
}

/** @param response to HEAD, known to be the service's: so it has a Last-Modified */
export function seenObject(key: string, response: HttpResponse): SeenObject {
  const { headers } = response;
  const storedAtMs = Date.parse(headers["last-modified"] ?? "");
  return {
    ...objectIn(key, response),
    size: wholeNumber(headers["content-length"]),
    storedAtMs: Number.isNaN(storedAtMs) ? 0 : storedAtMs,
    traits: traitsIn(headers),
  };
}
