/** Reads the documents that buckets answer with. Elements may be missing, unknown or new. Pure. */
import type { XmlValue } from "../../workers/byte-workers.js";
import type { ETag, ListedPart, UploadId } from "../object-store.js";
import { readETag } from "./etag.js";
import { child, children, decoded, text } from "./xml-element.js";

export interface Initiated {
  readonly uploadId: UploadId;
  /** The key of the object that the upload is for; undefined if the answer does not say it. */
  readonly key: string | undefined;
}

export interface Completed {
  readonly etag: ETag | undefined;
  /** The key of the object that was made; undefined if the answer does not say it. */
  readonly key: string | undefined;
}

/** One page of ListParts. */
export interface PartsPage {
  readonly parts: readonly ListedPart[];
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

/** What an error document of any such service says. */
export interface ErrorDocument {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
}

/** @returns undefined if it is no such document, or has no upload id */
export function readInitiated(xml: XmlValue | undefined): Initiated | undefined {
  const root = child(xml, "InitiateMultipartUploadResult");
  const uploadId = text(root, "UploadId");
  if (uploadId === undefined || uploadId === "") return undefined;
  return { uploadId: uploadId as UploadId, key: decoded(root, "Key") };
}

/**
 * @param crc64Of reads the CRC-64 of a listed part, if the service lists one
 * @returns undefined if it is no such document, or one of its parts makes no sense
 */
export function readPartsPage(
  xml: XmlValue | undefined,
  crc64Of: (part: XmlValue) => bigint | undefined,
): PartsPage | undefined {
  const root = child(xml, "ListPartsResult");
  if (root === undefined) return undefined;
  const parts: ListedPart[] = [];
  for (const element of children(root, "Part")) {
    const number = wholeNumber(text(element, "PartNumber"));
    const size = wholeNumber(text(element, "Size"));
    const etag = readETag(text(element, "ETag"));
    if (number === undefined || size === undefined || etag === undefined) return undefined;
    parts.push({ number, size, etag, crc64: crc64Of(element) });
  }
  if (text(root, "IsTruncated")?.toLowerCase() !== "true") return { parts, next: undefined };
  const next = wholeNumber(text(root, "NextPartNumberMarker")) ?? parts.at(-1)?.number;
  return next === undefined ? undefined : { parts, next };
}

/** @returns undefined if it is no such document: after a callback it is the application server's answer */
export function readCompleted(xml: XmlValue | undefined): Completed | undefined {
  const root = child(xml, "CompleteMultipartUploadResult");
  return root === undefined ? undefined : { etag: readETag(text(root, "ETag")), key: decoded(root, "Key") };
}

/** @returns the content of an error document; undefined if it is none */
export function errorIn(xml: XmlValue | undefined): XmlValue | undefined {
  return child(xml, "Error");
}

/** @returns undefined if it is no error document */
export function readErrorDocument(xml: XmlValue | undefined): ErrorDocument | undefined {
  const root = errorIn(xml);
  if (root === undefined) return undefined;
  return {
    code: text(root, "Code"),
    message: text(root, "Message"),
    requestId: text(root, "RequestId"),
    hostId: text(root, "HostId"),
  };
}

/** @returns undefined for anything but decimal digits, or if a number cannot hold them exactly */
export function wholeNumber(given: string | undefined): number | undefined {
  const digits = given?.trim();
  if (digits === undefined || !/^\d{1,16}$/.test(digits)) return undefined;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : undefined;
}
