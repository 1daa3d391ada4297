/**
 * Seam: what the uploader needs of an object store. Every implementation and every layer keeps these promises, and the same contract
 * suite runs against each of them: `test/contracts/object-store.contract.ts`. Laws: nothing is claimed that the store did not show; a
 * layer is a store that wraps a store.
 */

import type { DiagnosisCheck } from "../api/diagnosis.js";
import type { FinishOptions, ObjectTarget } from "../api/object-target.js";
import type { UploaderOptions } from "../api/uploader.js";
import type { Digest, DigestKinds } from "../workers/byte-workers.js";
import type { CallOptions, ProbeOptions } from "./call-options.js";
import type { PortableStore } from "./portable-store.js";

export type { CallOptions, FinishOptions, ObjectTarget, ProbeOptions };

declare const brand: unique symbol;
/** The server's name of one multipart upload. */
export type UploadId = string & { readonly [brand]: "UploadId" };
/** The server's opaque name for bytes, without its quotes, in upper or lower case as the server sent it. */
export type ETag = string & { readonly [brand]: "ETag" };

/**
 * Every method:
 * - rejects with the signal's reason once `options.signal` is aborted; by then nothing it started is running;
 * - rejects with nothing else but an `UploadError`;
 * - may be repeated after any failure without harm to the object (a repeated `initiate` may leave an empty orphan).
 */
export interface ObjectStore {
  /** Names the place: service, endpoint and bucket. It is part of a checkpoint's id, and holds no secret. */
  readonly location: string;
  /** The bucket's name alone. */
  readonly bucket: string;
  readonly limits: StoreLimits;
  readonly hints: StoreHints;
  /** Pure: remembers this moment, to be compared with `SeenObject.storedAtMs`. Nothing that is stored from now on is older. */
  moment(): Moment;
  /** Pure: refuses what the service would never take. @throws UploadError "invalid-option" that names the key or option */
  check(target: ObjectTarget): void;
  /** Pure: which digests the app's choice needs, of those that this service can be compared with. @throws UploadError "invalid-option" */
  digests(integrity: Integrity): DigestKinds;
  /** Pure: the unsigned URL of an object, for `UploadResult.url` and `Uploader.urlOf()`. Default: both are "". */
  urlOf?(key: string): string;
  /**
   * Pure: what the same store can be made of in a thread that outlives the page, as it is now. undefined, and the default: it needs the page.
   */
  portable?(): PortableStore | undefined;
  /**
   * Pure: everything that cannot change once a multipart upload has begun, as one text. If it differs from the text of a checkpoint, the
   * upload starts anew. What `complete` sends is not in it.
   */
  fixed(target: ObjectTarget): string;
  /**
   * Stores `body` as the object `target.key`. Resolves only when the store has shown the object: by an ETag or CRC-64 in the answer that
   * agrees with `digest`, else by `head`. Never copies either of them from `digest`. An answer without both is taken only if `head` is
   * forbidden too.
   *
   * @throws UploadError "already-exists" with `ifExists: "forbid"`; "callback-failed" although the object is stored; "corrupted"
   *   if the answer names other bytes; "server", temporary, if somebody else answered or the object is not there
   */
  putObject(target: ObjectTarget, body: Blob, digest: Digest, options: CallOptions): Promise<StoredObject>;
  /** Begins a multipart upload. An object that is already at the key stays visible and unchanged until `complete`. */
  initiate(target: ObjectTarget, options: CallOptions): Promise<UploadId>;
  /**
   * Stores one part, or replaces the part with this number. Resolves when the store has shown the part: by an ETag or CRC-64 in the answer
   * that agrees with `digest`, else by `listParts`. If listing is forbidden too, the result is `namedByUs`.
   *
   * @param number 1…`limits.maxParts`
   * @throws UploadError "upload-gone" if the upload id does not exist; "corrupted" if the answer names other bytes; "server", temporary, if
   *   somebody else answered or the part is not there
   */
  putPart(
    upload: MultipartUpload,
    number: number,
    slice: Blob,
    digest: Digest,
    options: CallOptions,
  ): Promise<StoredPart>;
  /**
   * Lists all parts, ascending by number, from as many pages as there are.
   *
   * @throws UploadError "upload-gone"; "forbidden" if the right to list was not granted
   */
  listParts(upload: MultipartUpload, options: CallOptions): Promise<readonly ListedPart[]>;
  /**
   * Makes the object of exactly `parts`. Resolves only when the store has shown it: by its own document, by an ETag or CRC-64, else by
   * `head`. If that is forbidden too, it is enough that the upload id no longer exists. Repeated after a lost answer it may fail with
   * "upload-gone".
   *
   * @param parts ascending by number
   * @throws UploadError "upload-gone"; one that `rejectsParts` recognises; "already-exists"; "callback-failed" although the object is
   *   stored; "server", temporary, if somebody else answered
   */
  complete(
    upload: MultipartUpload,
    parts: readonly StoredPart[],
    finish: FinishOptions,
    options: CallOptions,
  ): Promise<ObjectInfo>;
  /** Makes the store forget the upload and its parts. Succeeds if there is no such upload. @throws UploadError "forbidden" */
  abort(upload: MultipartUpload, options: CallOptions): Promise<void>;
  /** Asks for the object, past the browser's caches. @returns undefined if there is none. @throws UploadError "forbidden" */
  head(key: string, options: CallOptions): Promise<SeenObject | undefined>;
  /**
   * Pure: does the object that `head` showed have the content type, the metadata and whatever else of `target` HEAD repeats? False also if
   * `target` has metadata that this page may not read.
   */
  isAsAskedFor(object: SeenObject, target: ObjectTarget): boolean;
  /**
   * Does `object` consist of `parts`? Sends no request. Size and CRC-64 decide if the object shows them and every part has a CRC-64; else the
   * ETag decides, but only if a digest of ours was compared with each part; else the result is "unproved".
   *
   * @param parts ascending by number
   * @throws UploadError "network" or "worker" if the worker that hashes the ETags of the parts fails
   */
  matches(object: ObjectInfo, parts: readonly PartNames[], options: Pick<CallOptions, "signal">): Promise<Proof>;
  /** Pure: does a listed or recorded part hold the digested bytes? False also if its names cannot tell. */
  holds(part: PartNames, digest: Digest): boolean;
  /**
   * Tries each kind of request once, for `Uploader.diagnose()`: begins an upload of `key`, puts a part, lists the parts, asks for the object,
   * aborts. Repeats only what a corrected clock or a new key may cure. Waits half a minute at most for each request. Aborts the upload even
   * if it is stopped; if that is refused, a check says what is left.
   *
   * @returns one check each of "credentials", "cors", "exposed-headers", "caches", "clock" and "permissions", in that order
   * @throws only the signal's reason: failures are in the checks
   */
  probe(key: string, options: ProbeOptions): Promise<readonly DiagnosisCheck[]>;
  /** Pure: does this error of `complete` say that the parts are not as listed in it, so that they must be listed again? */
  rejectsParts(error: unknown): boolean;
}

/**
 * Gives a remembered moment by the store's clock: milliseconds since the epoch, at most some seconds early; undefined if no answer has told
 * the store's time yet. Call it as late as possible, because a later answer may tell it.
 */
export type Moment = () => number | undefined;

/** What the service allows, in bytes except `maxParts`. The last part of an object may be smaller than `minPartSize`. */
export interface StoreLimits {
  readonly minPartSize: number;
  readonly maxPartSize: number;
  readonly maxParts: number;
  readonly maxPutSize: number;
  /**
   * The service wants part numbers without gaps, or parts of one size (but the last). Default false: a part may be of any size, and its
   * number says where it begins, so that numbers have gaps.
   */
  readonly equalParts?: boolean;
}

/** For warnings to the developer: what to change in the store so that the page can prove an object, in one sentence each. */
export interface StoreHints {
  /** The page may read neither the ETag nor the CRC-64. */
  readonly nothingProves: string;
  /** The page may not read the CRC-64. */
  readonly crc64Hidden: string;
}

export type Integrity = NonNullable<UploaderOptions["integrity"]>;

export interface MultipartUpload {
  readonly key: string;
  readonly id: UploadId;
  /** Bits per second for each part. Default: no limit. */
  readonly trafficLimit?: number | undefined;
}

/** What identifies the bytes of a part; undefined if it is not known. */
export interface PartNames {
  /** In bytes. */
  readonly size: number;
  /** The server's. */
  readonly etag: ETag | undefined;
  /** Ours. */
  readonly md5?: Uint8Array<ArrayBuffer> | undefined;
  /** Unsigned. Ours or the server's: they are compared when the part is stored. */
  readonly crc64: bigint | undefined;
}

/** A part that the store acknowledged. */
export interface StoredPart extends PartNames {
  readonly number: number;
  readonly etag: ETag;
  /**
   * The ETag is our own MD5, because the page may read no ETag and list no parts. It proves nothing: `complete` compares it, and may find
   * that no such part is stored.
   */
  readonly namedByUs?: true;
}

/** A part as the server lists it. */
export interface ListedPart extends PartNames {
  readonly number: number;
  readonly etag: ETag;
}

/** What the store says of an object; undefined if it did not say it, or CORS hides it from this page. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number | undefined;
  readonly etag: ETag | undefined;
  readonly crc64: bigint | undefined;
  readonly versionId: string | undefined;
  readonly requestId: string | undefined;
  /** The application server's answer to the callback; undefined if none was asked for. */
  readonly callback: { readonly status: number; readonly body: string } | undefined;
}

/** An object that `putObject` made, and what was read from its body. */
export interface StoredObject extends ObjectInfo {
  /** For `matches`. If only the CRC-64 was digested and the store hides its own, the MD5 is here as well. */
  readonly body: PartNames;
}

/** An object that `head` showed. */
export interface SeenObject extends ObjectInfo {
  /** When it was stored: milliseconds since the epoch by the store's clock, in whole seconds. */
  readonly storedAtMs: number;
  /** Content type, metadata and the like, by the dialect's own names; for `isAsAskedFor`. */
  readonly traits: Readonly<Record<string, string>>;
}

/** What proves that an object consists of the given parts; "different" if it does not, "unproved" if nothing can tell. */
export type Proof = "crc64" | "etag" | "unproved" | "different";
