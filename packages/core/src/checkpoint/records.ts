/**
 * What a checkpoint's records say, and how damage shows: each carries a digest of its plain content. A head that does not
 * fit its digest means starting over; a part record that does not means that the part's record is absent. Pure.
 */

import type { FileInfo } from "../api/upload.js";
import { crc64 } from "../crc64-ecma.js";
import type { ObjectTarget, StoredPart, UploadId } from "../store/object-store.js";

/** Everything that a later page needs to go on, and to complete. */
export interface Head {
  readonly uploadId: UploadId;
  /** The store's `location`. */
  readonly location: string;
  readonly scope: string;
  readonly fingerprint: string;
  readonly file: FileInfo;
  readonly partSize: number;
  /** Without the callback: its URL and variables may be secrets, which are not written down. */
  readonly target: Omit<ObjectTarget, "callback">;
  /** It began with a callback, and is not to be completed without one. */
  readonly needsCallback: boolean;
  /**
   * A time by the store's clock before Complete was sent for the first time; undefined = it never was, or the page could not
   * read the store's time. Written and flushed before it is sent, because only then may an object that is found at the key be
   * this upload's.
   */
  readonly completingSince?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The user wants it gone: what is left of it is aborted in the store and then removed, by whichever page comes first. */
  readonly cancelled: boolean;
}

/** Kept beside the head, as they are: they are not ours to read, and a handle has no content to digest. */
export interface HeadExtras {
  readonly handle?: FileSystemFileHandle | undefined;
  readonly appData?: unknown;
}

/**
 * Another number means another meaning: such a head is not understood, and the upload starts over. Whatever a later version
 * changes, its number is in this place, so that pages which still run this one know to leave its records alone.
 */
const version = 2;
/** The same, but for a target that held the callback, and without a word of Complete. */
const firstVersion = 1;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };
type JsonOption = {
  [Option in keyof ObjectTarget]-?: NonNullable<ObjectTarget[Option]> extends Json ? Option : never;
}[keyof ObjectTarget];
type OneOf<Options extends JsonOption> = Options;

/** Options that are written down as they are: JSON can say them, and they are no secret. */
type AsTheyAre = OneOf<
  | "key"
  | "contentType"
  | "cacheControl"
  | "contentDisposition"
  | "contentEncoding"
  | "metadata"
  | "tags"
  | "acl"
  | "storageClass"
  | "encryption"
  | "ifExists"
  | "trafficLimit"
>;

/** How the others are: "never" for what may be a secret, so that the next page has to be given it again. */
const otherwise: Readonly<Record<Exclude<keyof ObjectTarget, AsTheyAre>, "never" | "as text">> = {
  expires: "as text",
  callback: "never",
};

function howIsWritten(name: string): "never" | "as text" | undefined {
  return Object.hasOwn(otherwise, name) ? otherwise[name as keyof typeof otherwise] : undefined;
}

export function sealHead(head: Head, extras: HeadExtras): unknown {
  const target = Object.entries(head.target).flatMap(([name, value]) => {
    const how = howIsWritten(name);
    return how === "never" || value === undefined
      ? []
      : [[name, how === "as text" ? (value as Date).toISOString() : value]];
  });
  const plain = { ...head, version, target: Object.fromEntries(target) };
  return { plain, seal: sealOf(plain), ...extras };
}

/** @returns undefined for anything that is not a whole head of this version or an earlier one */
export function readHead(record: unknown): (HeadExtras & { readonly head: Head }) | undefined {
  const plain = openSeal(record);
  if (plain?.version !== version && plain?.version !== firstVersion) return undefined;
  const { handle, appData } = record as HeadExtras;
  const { callback, ...target } = plain.target as Readonly<Record<string, unknown>>;
  const read = Object.entries(target).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, howIsWritten(name) === "as text" ? new Date(value as string) : value]];
  });
  const head = {
    ...plain,
    needsCallback: plain.needsCallback === true || callback !== undefined,
    target: Object.fromEntries(read),
  };
  return { head: head as unknown as Head, handle, appData };
}

/** What can still be read of a head that `readHead` does not understand; nothing of it is certain. */
export interface Wreck {
  /** Of a later version of the library: not damaged, only not ours to judge. */
  readonly isLater: boolean;
  readonly location: string | undefined;
  readonly scope: string | undefined;
  readonly key: string | undefined;
  readonly uploadId: UploadId | undefined;
}

export function readWreck(record: unknown): Wreck {
  const plain = recordOf(recordOf(record).plain);
  return {
    isLater: typeof plain.version === "number" && plain.version > version,
    location: textOf(plain.location),
    scope: textOf(plain.scope),
    key: textOf(recordOf(plain.target).key),
    uploadId: textOf(plain.uploadId) as UploadId | undefined,
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** @param at milliseconds since the epoch */
export function sealPart(uploadId: UploadId, part: StoredPart, at: number): unknown {
  const { number, size, etag, crc64: crc, namedByUs } = part;
  const plain = { uploadId, number, size, etag, crc64: crc?.toString(), at, ...(namedByUs && { namedByUs }) };
  return { plain, seal: sealOf(plain) };
}

/** @returns undefined for anything that is not a whole record of a part of this upload id */
export function readPart(
  record: unknown,
  uploadId: UploadId,
): { readonly part: StoredPart; readonly at: number } | undefined {
  const plain = openSeal(record);
  if (plain?.uploadId !== uploadId) return undefined;
  const { number, size, etag, crc64: crc, at, namedByUs } = plain as unknown as PlainPart;
  const crc64 = crc === undefined ? undefined : BigInt(crc);
  return { part: { number, size, etag, crc64, ...(namedByUs && { namedByUs }) }, at };
}

interface PlainPart extends Pick<StoredPart, "number" | "size" | "etag" | "namedByUs"> {
  readonly crc64?: string;
  readonly at: number;
}

/** @returns the number of the part that a whole record is of, whatever its upload */
export function partNumberOf(record: unknown): number | undefined {
  const number = openSeal(record)?.number;
  return typeof number === "number" ? number : undefined;
}

function openSeal(record: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof record !== "object" || record === null) return undefined;
  const { plain, seal } = record as { plain?: unknown; seal?: unknown };
  if (typeof plain !== "object" || plain === null) return undefined;
  try {
    return sealOf(plain) === seal ? (plain as Record<string, unknown>) : undefined;
  } catch {
    // What cannot be written as JSON was never written by us.
    return undefined;
  }
}

function sealOf(plain: object): string {
  return crc64(new TextEncoder().encode(JSON.stringify(plain))).toString(16);
}
