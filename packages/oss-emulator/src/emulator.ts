/** The emulator as its users see it. Types only. */

import type { Readable } from "node:stream";
import type { Permission } from "./action.js";
import type { ExpiredTokenCode, TokenCredentials, TokenOptions } from "./auth/accounts.js";
import type { CorsRule } from "./cors.js";
import type { Faults } from "./faults/fault-list.js";
import type { Network } from "./http/connections.js";
import type { RequestEntry } from "./request-log.js";

/** An object as stored. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal; undefined where hashing is off. */
  readonly crc64: string | undefined;
  /** Base64; undefined for objects made of parts. */
  readonly md5: string | undefined;
  readonly type: "Normal" | "Multipart";
  /** Milliseconds since the epoch, by the service's clock. */
  readonly lastModified: number;
  /** Content-Type and its like, names in lower case, without `x-oss-meta-*`. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-oss-meta-*` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly acl: string;
  /** As sent in `x-oss-tagging`. */
  readonly tagging: string;
  readonly encryption: Readonly<Record<string, string>>;
  /** The upload it was completed from. */
  readonly uploadId: string | undefined;
  /** 1 for PutObject. */
  readonly partCount: number;
}

export interface UploadInfo {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: number;
  readonly partCount: number;
  readonly storedBytes: number;
}

export interface PartInfo {
  readonly partNumber: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal; undefined where hashing is off. */
  readonly crc64: string | undefined;
  readonly lastModified: number;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`: path style, `{endpoint}/{bucket}/{key}`. `http://{bucket}.localhost:PORT` works too. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;

  issueToken(options: TokenOptions): TokenCredentials;
  /** Its key is unknown from now on. @returns whether there was such a token */
  revokeToken(accessKeyId: string): boolean;
  /** Ends every token now, or one. @returns how many */
  expireTokens(options?: { readonly as?: ExpiredTokenCode; readonly accessKeyId?: string }): number;
  setPermissions(accessKeyId: string, permissions: readonly Permission[]): void;
  setCors(bucket: string, rules: readonly CorsRule[]): void;
  /** Sets how far the service's clock is from `now`. Tokens keep ageing in real time. */
  skewClock(offsetMs: number): void;

  /** Every request, oldest first; the entries are live. */
  readonly requests: readonly RequestEntry[];
  clearRequests(): void;
  /** The first request, past or future, for which `matches` holds; asked again whenever an entry changes. */
  waitForRequest(matches: (entry: RequestEntry) => boolean, signal?: AbortSignal): Promise<RequestEntry>;
  /** Called whenever an entry is added or changes. @returns how to stop it */
  onRequest(listener: (entry: RequestEntry) => void): () => void;

  object(bucket: string, key: string): ObjectInfo | undefined;
  objects(bucket: string): readonly ObjectInfo[];
  /** The bytes of an object. It may be replaced or deleted meanwhile. @throws Error when there is none */
  readObject(bucket: string, key: string): Readable;
  /** Lower-case hex, read from the disk. @throws Error when there is none */
  sha256(bucket: string, key: string): Promise<string>;
  /** Unfinished uploads, by key, then age. */
  uploads(bucket: string): readonly UploadInfo[];
  /** Ascending; empty when there is no such upload. */
  parts(bucket: string, uploadId: string): readonly PartInfo[];

  readonly faults: Faults;
  readonly network: Network;

  /** Ends every connection and resolves when nothing of the emulator is left but its files. */
  close(): Promise<void>;
}
