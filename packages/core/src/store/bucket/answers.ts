/** Parsed XML in, small typed values out. Tolerant: children may be missing, unknown or new. Pure. */
import type { XmlValue } from "../../workers/byte-workers.js";
import type { ETag, ListedPart, UploadId } from "../object-store.js";

export interface Initiated {
  readonly uploadId: UploadId;
  /** The object it is for, where the answer says so. */
  readonly key: string | undefined;
}

export interface Completed {
  readonly etag: ETag | undefined;
  /** The object that was made, where the answer says so. */
  readonly key: string | undefined;
}

/** One page of ListParts. */
export interface PartsPage {
  readonly parts: readonly ListedPart[];
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

export interface ErrorDocument {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
  readonly ec: string | undefined;
  /** The service's time, milliseconds since the epoch, where the error is about time. */
  readonly serverTimeMs: number | undefined;
  /** Where the bucket really is, when it was asked for at the wrong place. */
  readonly endpoint: string | undefined;
  /** The RAM action that was not granted, e.g. "oss:PutObject", where the service says which. */
  readonly missingPermission: string | undefined;
}

export function readInitiated(xml: XmlValue | undefined): Initiated | undefined {
  const root = child(xml, "InitiateMultipartUploadResult");
  const uploadId = text(root, "UploadId");
  if (uploadId === undefined || uploadId === "") return undefined;
  return { uploadId: uploadId as UploadId, key: decoded(root, "Key") };
}

/** @returns undefined when it is no such answer, or one part of it makes no sense */
export function readPartsPage(xml: XmlValue | undefined): PartsPage | undefined {
  const root = child(xml, "ListPartsResult");
  if (root === undefined) return undefined;
  const parts: ListedPart[] = [];
  for (const element of children(root, "Part")) {
    const number = wholeNumber(text(element, "PartNumber"));
    const size = wholeNumber(text(element, "Size"));
    const etag = readETag(text(element, "ETag"));
    if (number === undefined || size === undefined || etag === undefined) return undefined;
    parts.push({ number, size, etag, crc64: readCrc64(text(element, "HashCrc64ecma")) });
  }
  if (text(root, "IsTruncated")?.toLowerCase() !== "true") return { parts, next: undefined };
  const next = wholeNumber(text(root, "NextPartNumberMarker")) ?? parts.at(-1)?.number;
  return next === undefined ? undefined : { parts, next };
}

/** @returns undefined when it is no such answer, e.g. the application server's after a callback */
export function readCompleted(xml: XmlValue | undefined): Completed | undefined {
  const root = child(xml, "CompleteMultipartUploadResult");
  return root === undefined ? undefined : { etag: readETag(text(root, "ETag")), key: decoded(root, "Key") };
}

/** @returns undefined when it is no error document */
export function readErrorDocument(xml: XmlValue | undefined): ErrorDocument | undefined {
  const root = child(xml, "Error");
  if (root === undefined) return undefined;
  const time = Date.parse(text(root, "ServerTime") ?? "");
  const permission = text(child(root, "AccessDeniedDetail"), "AuthAction");
  return {
    code: text(root, "Code"),
    message: text(root, "Message"),
    requestId: text(root, "RequestId"),
    hostId: text(root, "HostId"),
    ec: text(root, "EC"),
    serverTimeMs: Number.isNaN(time) ? undefined : time,
    endpoint: text(root, "Endpoint"),
    missingPermission: permission !== undefined && /^[a-z]+:\w+$/i.test(permission) ? permission : undefined,
  };
}

/** Of a header or an element; its quotes go, its letters stay. */
export function readETag(given: string | undefined): ETag | undefined {
  const etag = given
    ?.trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
  return etag === undefined || etag === "" ? undefined : (etag as ETag);
}

/** Unsigned decimal; it does not fit a number. */
export function readCrc64(given: string | undefined): bigint | undefined {
  const digits = given?.trim();
  if (digits === undefined || !/^\d{1,20}$/.test(digits)) return undefined;
  const crc64 = BigInt(digits);
  return crc64 < 2n ** 64n ? crc64 : undefined;
}

export function wholeNumber(given: string | undefined): number | undefined {
  const digits = given?.trim();
  if (digits === undefined || !/^\d{1,16}$/.test(digits)) return undefined;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : undefined;
}

function children(element: XmlValue | undefined, name: string): readonly XmlValue[] {
  return typeof element === "object" && Object.hasOwn(element, name) ? (element[name] ?? []) : [];
}

function child(element: XmlValue | undefined, name: string): XmlValue | undefined {
  return children(element, name)[0];
}

function text(element: XmlValue | undefined, name: string): string | undefined {
  const value = child(element, name);
  return typeof value === "string" ? value.trim() : undefined;
}

/** A key-like child; percent-encoded when the answer says so, because XML cannot carry every character. */
function decoded(root: XmlValue | undefined, name: string): string | undefined {
  const value = child(root, name);
  if (typeof value !== "string" || text(root, "EncodingType") !== "url")
    return typeof value === "string" ? value : undefined;
  try {
    return decodeURIComponent(value.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
}
