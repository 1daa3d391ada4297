/** What `startEmulator` returns. Types only. */

import type { Readable } from "node:stream";
import type { Permission } from "./action.js";
import type { ExpiredTokenCode, TokenCredentials, TokenOptions } from "./auth/accounts.js";
import type { CorsRule } from "./cors.js";
import type { Faults } from "./faults/fault-list.js";
import type { Network } from "./http/connections.js";
import type { RequestEntry } from "./request-log.js";

/** A stored object. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal. Undefined if the sink does not hash. */
  readonly crc64: string | undefined;
  /** Base64. Undefined for an object made of parts, or if the sink does not hash and the client sent no Content-MD5. */
  readonly md5: string | undefined;
  readonly type: "Normal" | "Multipart";
  /** Milliseconds since the epoch, by the service's clock. */
  readonly lastModified: number;
  /** Content-Type, Cache-Control, … as they were sent, names in lower case, without `x-oss-meta-*`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `x-oss-meta-*` headers, names without that prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** "Standard" unless the client asked for another. */
  readonly storageClass: string;
  /** "default" (the bucket's) unless the client asked for another. */
  readonly acl: string;
  /** As sent in `x-oss-tagging`; "" for none. */
  readonly tagging: string;
  /** The `x-oss-server-side-…` headers that were sent. */
  readonly encryption: Readonly<Record<string, string>>;
  /** Id of the multipart upload that made the object. Undefined after PutObject. */
  readonly uploadId: string | undefined;
  /** Number of parts it was made of; 1 after PutObject. */
  readonly partCount: number;
}

/** An unfinished multipart upload. */
export interface UploadInfo {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch, by the service's clock. */
  readonly initiated: number;
  /** Number of stored parts. */
  readonly partCount: number;
  /** Total size of the stored parts, in bytes. */
  readonly storedBytes: number;
}

/** A stored part of an unfinished multipart upload. */
export interface PartInfo {
  /** From 1. */
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
  /** Without quotes, in upper case. */
  readonly etag: string;
  /** Unsigned decimal. Undefined if the sink does not hash. */
  readonly crc64: string | undefined;
  /** Milliseconds since the epoch, by the service's clock. */
  readonly lastModified: number;
}

/** A running emulator. Methods that take a bucket throw an Error if there is none of that name. */
export interface Emulator {
  /** `http://HOST:PORT`, for path style: `{endpoint}/{bucket}/{key}`. `http://{bucket}.localhost:PORT/{key}` works too. */
  readonly endpoint: string;
  readonly port: number;
  /** The region that V4 signatures must name. */
  readonly region: string;

  /** PEM of the key that verifies callbacks. `/_emulator/callback-key` of the control API is the same. */
  readonly callbackPublicKey: string;

  /** Makes a temporary key with its security token. */
  issueToken(options: TokenOptions): TokenCredentials;
  /** Forgets a token, so that its key is unknown. @returns false if there is no such token */
  revokeToken(accessKeyId: string): boolean;
  /**
   * Makes every token expire now, or only that of `accessKeyId`.
   *
   * @param options `as`: the error code for requests with such a token. Default: the option `expiredTokenAnswer`
   * @returns the number of tokens
   */
  expireTokens(options?: { readonly as?: ExpiredTokenCode; readonly accessKeyId?: string }): number;
  /** Replaces the permissions of a key or token. @throws Error if there is no such access key */
  setPermissions(accessKeyId: string, permissions: readonly Permission[]): void;
  /** Replaces a bucket's CORS rules. @throws TypeError if the service would not accept them */
  setCors(bucket: string, rules: readonly CorsRule[]): void;
  /** Sets how many milliseconds the service's clock is ahead of `now` (behind, if negative). Tokens age in real time all the same. */
  skewClock(offsetMs: number): void;

  /** The log: the latest 100,000 requests, oldest first. An entry changes until its request is answered or dropped. */
  readonly requests: readonly RequestEntry[];
  /** Empties the log. Ids go on counting. */
  clearRequests(): void;
  /**
   * Resolves with the first request, past or future, for which `matches` is true. It is called again whenever an entry changes.
   *
   * @throws the signal's reason once it is aborted
   */
  waitForRequest(matches: (entry: RequestEntry) => boolean, signal?: AbortSignal): Promise<RequestEntry>;
  /** Calls `listener` whenever an entry is added or changes. @returns a function that stops it */
  onRequest(listener: (entry: RequestEntry) => void): () => void;

  /** @returns undefined if there is no such object */
  object(bucket: string, key: string): ObjectInfo | undefined;
  /** All objects of a bucket, in no particular order. */
  objects(bucket: string): readonly ObjectInfo[];
  /** Streams an object's bytes, also if it is replaced or deleted meanwhile. @throws Error if there is no such object */
  readObject(bucket: string, key: string): Readable;
  /** SHA-256 of an object's bytes on disk, in lower-case hex. Rejects with an Error if there is no such object. */
  sha256(bucket: string, key: string): Promise<string>;
  /** Unfinished multipart uploads, sorted by key, then by age. */
  uploads(bucket: string): readonly UploadInfo[];
  /** Stored parts in ascending order. Empty if there is no such upload. */
  parts(bucket: string, uploadId: string): readonly PartInfo[];

  readonly faults: Faults;
  readonly network: Network;

  /** Ends every connection. Resolves when nothing of the emulator is left but its files. */
  close(): Promise<void>;
}
