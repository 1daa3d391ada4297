/**
 * What the uploader needs of an object store, and what every implementation and layer owes it. Seam. Laws 3 and 6.
 * The same contract suite runs against each of them: `test/contracts/object-store.contract.ts`.
 */

import type { DiagnosisCheck } from "../api/diagnosis.js";
import type { FinishOptions, ObjectTarget } from "../api/object-target.js";
import type { CallTrace } from "../api/trace.js";
import type { Waiting } from "../api/upload.js";
import type { UploaderOptions } from "../api/uploader.js";
import type { UploadError } from "../errors.js";
import type { ByteWorkers, Digest, DigestKinds } from "../workers/byte-workers.js";

export type { FinishOptions, ObjectTarget };

declare const brand: unique symbol;
/** The server's name of one multipart upload. */
export type UploadId = string & { readonly [brand]: "UploadId" };
/** The server's opaque name for bytes, without quotes, letters as sent. */
export type ETag = string & { readonly [brand]: "ETag" };

/**
 * Every method:
 * - rejects with the signal's reason once `options.signal` is aborted, and by then nothing it started is running;
 * - otherwise fails with an `UploadError` alone;
 * - may be repeated after any failure without harm to the object (a repeated `initiate` may leave an empty orphan).
 */
export interface ObjectStore {
  /** Names the place: service, endpoint and bucket. Part of a checkpoint's identity; holds no secret. */
  readonly location: string;
  readonly bucket: string;
  readonly limits: StoreLimits;
  readonly hints: StoreHints;
  /** Takes note of this moment: what is stored from now on is not older than it. */
  moment(): Moment;
  /** Pure. @throws UploadError "invalid-option" for a key or an option that the service would never take */
  check(target: ObjectTarget): void;
  /** Pure: digests that this service can be compared with, as many as the app wants. @throws UploadError "invalid-option" */
  digests(integrity: Integrity): DigestKinds;
  /**
   * Pure: all that is fixed when a multipart upload begins, as one text, to be compared. Where it differs from what an upload began
   * with, the upload starts anew. What `complete` says is no part of it.
   */
  fixed(target: ObjectTarget): string;
  /**
   * Stores `body` as the object `target.key`, and resolves only when the store has shown it: by an ETag or CRC-64 in the answer
   * that agrees with `digest`, else by `head`. Neither is ever filled in from `digest`. Only where `head` is forbidden as well
   * may an answer without both stand.
   * @throws UploadError "already-exists" with `ifExists: "forbid"`; "callback-failed" although the object is stored; "corrupted"
   *   when the answer names other bytes; "server", temporary, when somebody else answered, or the object is not there
   */
  putObject(target: ObjectTarget, body: Blob, digest: Digest, options: CallOptions): Promise<StoredObject>;
  /** Begins a multipart upload. An object already at the key stays visible and unchanged until `complete`. */
  initiate(target: ObjectTarget, options: CallOptions): Promise<UploadId>;
  /**
   * Stores one part; the same number again replaces it. Resolves when the store has shown the part: by an ETag or CRC-64 in the
   * answer that agrees with `digest`, else by `listParts`. Where that is forbidden as well the result is `namedByUs`.
   * @param number 1…`limits.maxParts`
   * @throws UploadError "upload-gone" when the upload id does not exist, "corrupted" when the answer names other bytes, "server",
   *   temporary, when somebody else answered, or the part is not there
   */
  putPart(
    upload: MultipartUpload,
    number: number,
    slice: Blob,
    digest: Digest,
    options: CallOptions,
  ): Promise<StoredPart>;
  /**
   * All parts, ascending, however many pages it takes.
   * @throws UploadError "upload-gone", "forbidden" when the right to list was not granted
   */
  listParts(upload: MultipartUpload, options: CallOptions): Promise<readonly ListedPart[]>;
  /**
   * Makes the object of exactly `parts`, and resolves only when the store has said so: by its own document, by an ETag or
   * CRC-64, else by `head`. Where that is forbidden too, an upload id that is gone has to do. Repeating it after a lost answer
   * may give "upload-gone".
   * @param parts ascending by number
   * @throws UploadError "upload-gone"; one that `rejectsParts` recognises; "already-exists"; "callback-failed" although
   *   the object is stored; "server", temporary, when somebody else answered
   */
  complete(
    upload: MultipartUpload,
    parts: readonly StoredPart[],
    finish: FinishOptions,
    options: CallOptions,
  ): Promise<ObjectInfo>;
  /** Forgets the upload and its parts. One that does not exist is success. @throws UploadError "forbidden" */
  abort(upload: MultipartUpload, options: CallOptions): Promise<void>;
  /** Never answered by a cache of the browser. @returns undefined when there is no such object. @throws UploadError "forbidden" */
  head(key: string, options: CallOptions): Promise<SeenObject | undefined>;
  /**
   * Pure: is what `head` showed the object that `target` asks for, as far as its headers tell: content type, metadata, and what
   * else HEAD repeats? False where it differs, and where metadata was asked for and is hidden from this page.
   */
  isAsAskedFor(object: SeenObject, target: ObjectTarget): boolean;
  /**
   * Does `object` consist of `parts`? Asks the store nothing. Its size and CRC-64 decide where the object shows them and every
   * part names its own, else the ETag, and that only where a digest of ours was compared with each part; "unproved" when
   * nothing could tell.
   * @param parts ascending by number
   * @throws UploadError "network" or "worker" when the hands that hash the part names fail
   */
  matches(object: ObjectInfo, parts: readonly PartNames[], options: Pick<CallOptions, "signal">): Promise<Proof>;
  /** Pure: does a listed or recorded part hold the digested bytes? False when it names nothing that could tell. */
  holds(part: PartNames, digest: Digest): boolean;
  /**
   * Tries each kind of request once, for `Uploader.diagnose()`: begins an upload of `key`, puts a part, lists, heads, aborts.
   * Repeats nothing but what a corrected clock or a new key may cure, waits for no request longer than half a minute, leaves
   * no upload behind unless aborting is refused, and then says so.
   * @returns a check each of "credentials", "cors", "exposed-headers", "caches", "clock" and "permissions", in that order
   * @throws the signal's reason alone: what fails is a finding
   */
  probe(key: string, options: ProbeOptions): Promise<readonly DiagnosisCheck[]>;
  /** Pure: is this answer to `complete` about the list of parts, so that the parts must be looked at again? */
  rejectsParts(error: unknown): boolean;
}

/**
 * A moment by the store's clock, milliseconds since the epoch, at most some seconds early. Asked when it is needed: an answer may
 * have told the store's time meanwhile. undefined as long as none has.
 */
export type Moment = () => number | undefined;

/** Bytes, except `maxParts`. */
export interface StoreLimits {
  readonly minPartSize: number;
  readonly maxPartSize: number;
  readonly maxParts: number;
  readonly maxPutSize: number;
}

/** What the developer is told where the page may not read what proves an object: what to change, in one sentence. */
export interface StoreHints {
  readonly nothingProves: string;
  readonly crc64Hidden: string;
}

export type Integrity = NonNullable<UploaderOptions["integrity"]>;

export interface MultipartUpload {
  readonly key: string;
  readonly id: UploadId;
  readonly trafficLimit?: number | undefined;
}

/** What names the bytes of a part. CRC-64 unsigned. */
export interface PartNames {
  readonly size: number;
  readonly etag: ETag | undefined;
  readonly md5?: Uint8Array<ArrayBuffer> | undefined;
  readonly crc64: bigint | undefined;
}

/** A part that the store acknowledged. */
export interface StoredPart extends PartNames {
  readonly number: number;
  readonly etag: ETag;
  /**
   * The ETag is the MD5 that we took, because the page may read no ETag and list no parts. It proves nothing: `complete`
   * compares it, and may find that no such part is stored.
   */
  readonly namedByUs?: true;
}

/** A part as the server lists it. */
export interface ListedPart extends PartNames {
  readonly number: number;
  readonly etag: ETag;
}

/** What the store says of an object; undefined where it did not say or CORS hides it. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number | undefined;
  readonly etag: ETag | undefined;
  readonly crc64: bigint | undefined;
  readonly versionId: string | undefined;
  readonly requestId: string | undefined;
  readonly callback: { readonly status: number; readonly body: string } | undefined;
}

/** An object that `putObject` made, and what was read from its body. */
export interface StoredObject extends ObjectInfo {
  /** Digests of the body, for `matches`; the MD5 also where only the CRC-64 was asked for and the store hides its own. */
  readonly body: PartNames;
}

/** An object that `head` showed. */
export interface SeenObject extends ObjectInfo {
  /** When it was stored, milliseconds since the epoch by the store's clock, exact to the second. */
  readonly storedAtMs: number;
  /** What it is beside its bytes, in the dialect's own words; for `isAsAskedFor`. */
  readonly traits: Readonly<Record<string, string>>;
}

export type Proof = "crc64" | "etag" | "unproved" | "different";

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Body bytes of the present attempt handed to the network so far; 0 when an attempt begins, and when one has failed. */
  readonly onSent?: (bytes: number) => void;
  /** Why nothing moves at the moment; null when it goes on. */
  readonly onWaiting?: (waiting: Waiting | null) => void;
  /** Order among calls that wait for a connection. Default "normal". */
  readonly priority?: "high" | "normal" | "low";
  /** 1 for the first try; counted by the layer that retries. */
  readonly attempt?: number;
  /** How often this very call failed with an error that says `again`: a store says so a few times at most. */
  readonly refusals?: number;
  /**
   * Asked by the layer that retries before it repeats the call.
   * @param attempt  the one that failed, counted from 1
   * @throws whatever is to end the call instead
   */
  readonly beforeRepeating?: (error: UploadError, attempt: number) => Promise<void>;
  /** One call per request that ended. */
  readonly onRequest?: (trace: CallTrace) => void;
  /** The last time at which this upload got something done, on the layer's clock: patience is measured from it. */
  readonly lastProgressAt?: () => number;
}

export interface ProbeOptions extends Pick<CallOptions, "signal" | "onRequest"> {
  /** Does the browser believe that it is online? */
  readonly online: () => boolean;
}

/** How an adapter such as `ossStore()` becomes a store: the uploader lends it its hands and its clock. */
export interface StoreConnection extends Pick<ObjectStore, "limits" | "check" | "digests" | "fixed"> {
  readonly kind: string;
  /** May load code. @throws whatever the browser says when that fails */
  connect(tools: StoreTools): Promise<ObjectStore>;
}

export interface StoreTools {
  readonly workers: ByteWorkers;
  /** Milliseconds since the epoch by the page's clock, which may be wrong. */
  readonly now: () => number;
  readonly stallTimeoutMs: number;
  /** Does the browser believe that it is online? Without it: yes. */
  readonly online?: () => boolean;
  /** Lets the store give up on an app that does not answer; without it, it waits. Rejects with the signal's reason. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}
