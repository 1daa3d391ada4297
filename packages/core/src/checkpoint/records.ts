/**
 * Writes and reads the records of a checkpoint. Each carries a digest of its content, the seal. If the seal of a head does not match,
 * the upload starts over; a part record whose seal does not match counts as absent. Pure.
 */

import type { FileInfo } from "../api/upload.js";
import { crc64 } from "../crc64-ecma.js";
import type { Note } from "../queued-note.js";
import type { ObjectTarget, StoredPart, UploadId } from "../store/object-store.js";

/** The head record: everything that a later page needs to go on and to complete. */
export interface Head {
  readonly uploadId: UploadId;
  /** The store's `location`. */
  readonly location: string;
  readonly scope: string;
  readonly fingerprint: string;
  readonly file: FileInfo;
  /** The unit of the part numbers: part n begins at (n − 1) times so many bytes. In earlier versions every part was of that size. */
  readonly partSize: number;
  /** Without the callback: its URL and variables may be secrets, which are not written down. */
  readonly target: Omit<ObjectTarget, "callback">;
  /** True if the upload began with a callback: it is never completed without one. */
  readonly needsCallback: boolean;
  /**
   * The mark: a time by the store's clock just before Complete was first sent. undefined if it was never sent, or the page could not
   * read the store's time. Flushed before Complete is sent: without it no object at the key is taken for this upload's.
   */
  readonly completingSince?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** True if the upload was cancelled: the next page aborts it in the store and removes the checkpoint. */
  readonly cancelled: boolean;
  /** True if the user paused it, and no page has gone on with it since. */
  readonly paused: boolean;
}

/** Values beside the sealed content: the app's data is kept as it is, and a handle cannot be digested. */
export interface HeadExtras {
  readonly handle?: FileSystemFileHandle | undefined;
  readonly appData?: unknown;
}

/**
 * The version of the record format. It stays in this field in every later format, so that a page that still runs this version of the
 * library recognises records of a later one and leaves them alone.
 */
export const version = 3;
/** In the first format the target held the callback, and there was no mark. The second did not say what was paused. */
const readable: readonly unknown[] = [1, 2, version];

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

type Otherwise = {
  readonly [Option in Exclude<keyof ObjectTarget, AsTheyAre>]:
    | "never"
    | (NonNullable<ObjectTarget[Option]> extends Date ? "as text" : never);
};
/** How the others are: "never" for what may be a secret, so that the next page has to be given it again; a date as text. */
const otherwise: Otherwise = {
  expires: "as text",
  callback: "never",
};

/** @returns `target` with each option as `convert` has it; an option that becomes undefined is left out */
function converted(target: object, convert: (value: unknown, how: "never" | "as text" | undefined) => unknown): object {
  const entries = Object.entries(target).map(([name, value]) => {
    const how = Object.hasOwn(otherwise, name) ? otherwise[name as keyof typeof otherwise] : undefined;
    return [name, value === undefined ? value : convert(value, how)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export function sealHead(head: Head | Note, extras: HeadExtras): unknown {
  const target = converted(head.target, (value, how) => {
    if (how === "never") return undefined;
    return how === "as text" ? (value as Date).toISOString() : value;
  });
  const plain = { ...head, version, target };
  return { plain, seal: sealOf(plain), ...extras };
}

/** @returns undefined for anything but an undamaged head of this version or an earlier one */
export function readHead(record: unknown): (HeadExtras & { readonly head: Head }) | undefined {
  const read = readSealed(record);
  return read?.head.uploadId === undefined ? undefined : read;
}

/** @returns undefined for anything but an undamaged note. One that has a result is none: see done-record.ts */
export function readNote(record: unknown): (HeadExtras & { readonly note: Note }) | undefined {
  const read = readSealed(record);
  if (read === undefined || read.head.uploadId !== undefined || "result" in read.head) return undefined;
  const { head: note, ...extras } = read;
  return { note, ...extras };
}

/** @returns undefined for what is damaged, or of a later version */
export function readSealed(record: unknown): (HeadExtras & { readonly head: Head }) | undefined {
  const plain = openSeal(record);
  if (plain === undefined || !readable.includes(plain.version)) return undefined;
  const { handle, appData } = record as HeadExtras;
  const { callback, ...target } = plain.target as Readonly<Record<string, unknown>>;
  const head = {
    ...plain,
    needsCallback: plain.needsCallback === true || callback !== undefined,
    paused: plain.paused === true,
    target: converted(target, (value, how) => (how === "as text" ? new Date(value as string) : value)),
  };
  return { head: head as unknown as Head, handle, appData };
}

/** What can be guessed from a head that `readHead` rejects. Any of it may be damaged. */
export interface Wreck {
  /** True if a later version of the library wrote the head: it is probably not damaged. */
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

/**
 * @param at    milliseconds since the epoch
 * @param shown how full the progress bar was, 0…1: the next page begins there
 */
export function sealPart(uploadId: UploadId, part: StoredPart, at: number, shown = 0): unknown {
  const { number, size, etag, crc64: crc, namedByUs } = part;
  const plain = { uploadId, number, size, etag, crc64: crc?.toString(), at, shown, ...(namedByUs && { namedByUs }) };
  return { plain, seal: sealOf(plain) };
}

/** What takes the place of a part's record whose bytes turned out to be others: it is of no upload, so it is read as no part. */
export function sealNoPart(number: number): unknown {
  const plain = { number };
  return { plain, seal: sealOf(plain) };
}

/** @returns undefined for anything but an undamaged record of a part of this upload id */
export function readPart(
  record: unknown,
  uploadId: UploadId,
): { readonly part: StoredPart; readonly at: number; readonly shown: number } | undefined {
  const plain = openSeal(record);
  if (plain?.uploadId !== uploadId) return undefined;
  const { number, size, etag, crc64: crc, at, shown, namedByUs } = plain as unknown as PlainPart;
  const crc64 = crc === undefined ? undefined : BigInt(crc);
  return {
    part: { number, size, etag, crc64, ...(namedByUs && { namedByUs }) },
    at,
    shown: typeof shown === "number" && shown > 0 ? shown : 0,
  };
}

/** @returns how full the progress bar was when the last of these was written */
export function lastShown(records: readonly { readonly shown: number }[]): number {
  return records.reduce((most, { shown }) => Math.max(most, shown), 0);
}

interface PlainPart extends Pick<StoredPart, "number" | "size" | "etag" | "namedByUs"> {
  readonly crc64?: string;
  readonly at: number;
  /** Earlier versions of the library did not write it. */
  readonly shown?: unknown;
}

/** @returns the part number of an undamaged part record of any upload */
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
    // Content that JSON cannot express was not written by us.
    return undefined;
  }
}

function sealOf(plain: object): string {
  return crc64(new TextEncoder().encode(JSON.stringify(plain))).toString(16);
}
