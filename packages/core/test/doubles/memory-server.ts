/** What a store keeps, in memory, as strict as the service: several "pages" may connect to one server, and die. */

import { createHash } from "node:crypto";
import type { StoreAction } from "../../src/api/trace.js";
import { crc64 } from "../../src/crc64-ecma.js";
import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../../src/errors.js";
import type { FinishOptions, ObjectTarget } from "../../src/store/object-store.js";

export type Bytes = Uint8Array<ArrayBuffer>;

export interface MemoryObject {
  readonly bytes: Bytes;
  readonly etag: string;
  readonly crc64: bigint;
  readonly versionId: string;
  /** As given when it began. */
  readonly target: ObjectTarget;
  /** Milliseconds, by the server's own clock. */
  readonly storedAtMs: number;
}

export interface MemoryPart {
  readonly bytes: Bytes;
  readonly etag: string;
  readonly crc64: bigint;
}

export interface MemoryUpload {
  readonly key: string;
  readonly target: ObjectTarget;
  readonly parts: Map<number, MemoryPart>;
}

/** A call that arrived, in order of arrival, whether or not it succeeded. */
export interface MemoryCall {
  readonly action: StoreAction;
  readonly key: string;
  readonly uploadId: string | undefined;
  readonly partNumber: number | undefined;
  /** Bytes of the part. */
  readonly size: number | undefined;
}

export interface MemoryServerOptions {
  /** Bytes. Default 1. */
  readonly minPartSize?: number;
  /** Default 10,000. */
  readonly maxParts?: number;
}

export interface ClaimedPart {
  readonly number: number;
  readonly etag: string;
}

export class MemoryServer {
  readonly bucket = "memory";
  readonly minPartSize: number;
  readonly maxParts: number;
  readonly objects = new Map<string, MemoryObject>();
  readonly uploads = new Map<string, MemoryUpload>();
  /** What the page's credentials allow beside oss:PutObject. */
  readonly permissions = { list: true, head: true, abort: true };
  /** What the bucket's CORS rule lets a page read of an answer's headers. Listings are bodies: always readable. */
  readonly shows = { etag: true, crc64: true, metadata: true, date: true };
  /** How the application server answers callbacks. */
  callbackAnswer: { readonly status: number; readonly body: string } | "fails" = { status: 200, body: '{"ok":true}' };
  readonly calls: MemoryCall[] = [];
  /** The server's clock, milliseconds; it moves on with every call. */
  nowMs = 1;
  #ids = 0;
  #requests = 0;

  constructor(options: MemoryServerOptions = {}) {
    this.minPartSize = options.minPartSize ?? 1;
    this.maxParts = options.maxParts ?? 10_000;
  }

  /** How often a call arrived; for "UploadPart" also of one part number over all upload ids. */
  count(action: StoreAction, partNumber?: number): number {
    const wanted = (call: MemoryCall) =>
      call.action === action && (partNumber === undefined || call.partNumber === partNumber);
    return this.calls.filter(wanted).length;
  }

  /** @param contentMd5 upper-case hexadecimal, checked on arrival */
  putObject(target: ObjectTarget, bytes: Bytes, contentMd5?: string): MemoryObject {
    this.#arrived("PutObject", target.key);
    if (contentMd5 !== undefined && md5Hex(bytes) !== contentMd5) fail("corrupted", "PutObject", 400, "InvalidDigest");
    this.#forbidOverwrite("PutObject", target.key, target.ifExists);
    return this.#store(target, bytes, md5Hex(bytes));
  }

  initiate(target: ObjectTarget): string {
    this.#arrived("InitiateMultipartUpload", target.key);
    this.#forbidOverwrite("InitiateMultipartUpload", target.key, target.ifExists);
    const id = (++this.#ids).toString(16).toUpperCase().padStart(32, "0");
    this.uploads.set(id, { key: target.key, target, parts: new Map() });
    return id;
  }

  /** Also what a test calls for a PUT of a dead page that lands late. */
  putPart(key: string, id: string, number: number, bytes: Bytes, contentMd5?: string): MemoryPart {
    this.#arrived("UploadPart", key, id, number, bytes.length);
    if (!Number.isInteger(number) || number < 1 || number > this.maxParts) {
      fail("rejected", "UploadPart", 400, "InvalidArgument", { partNumber: number });
    }
    const upload = this.#uploadFor("UploadPart", key, id);
    const part = { bytes: bytes.slice(), etag: md5Hex(bytes), crc64: crc64(bytes) };
    if (contentMd5 !== undefined && part.etag !== contentMd5) {
      fail("corrupted", "UploadPart", 400, "InvalidDigest", { partNumber: number });
    }
    upload.parts.set(number, part);
    return part;
  }

  listParts(key: string, id: string): readonly (readonly [number, MemoryPart])[] {
    this.#arrived("ListParts", key, id);
    if (!this.permissions.list) fail("forbidden", "oss:ListParts", 403, "AccessDenied");
    return [...this.#uploadFor("ListParts", key, id).parts].sort(([a], [b]) => a - b);
  }

  complete(key: string, id: string, claimed: readonly ClaimedPart[], finish: FinishOptions): MemoryObject {
    const action = "CompleteMultipartUpload";
    this.#arrived(action, key, id);
    const upload = this.#uploadFor(action, key, id);
    if (claimed.length === 0) fail("rejected", action, 400, "MalformedXML");
    const parts = claimed.map(({ number, etag }, index) => {
      if (number <= (claimed[index - 1]?.number ?? 0)) fail("rejected", action, 400, "InvalidPartOrder");
      const part = upload.parts.get(number);
      if (part?.etag !== etag.toUpperCase()) fail("rejected", action, 400, "InvalidPart");
      return part;
    });
    if (parts.slice(0, -1).some((part) => part.bytes.length < this.minPartSize)) {
      fail("rejected", action, 400, "EntityTooSmall");
    }
    this.#forbidOverwrite(action, key, finish.ifExists);
    this.uploads.delete(id);
    return this.#store(upload.target, joined(parts.map((part) => part.bytes)), multipartETag(parts));
  }

  abort(key: string, id: string): void {
    this.#arrived("AbortMultipartUpload", key, id);
    if (!this.permissions.abort) fail("forbidden", "oss:AbortMultipartUpload", 403, "AccessDenied");
    this.uploads.delete(id);
  }

  head(key: string): MemoryObject | undefined {
    this.#arrived("HeadObject", key);
    if (!this.permissions.head) fail("forbidden", "oss:GetObject", 403, "AccessDenied");
    return this.objects.get(key);
  }

  nextRequestId(): string {
    return (++this.#requests).toString(16).toUpperCase().padStart(24, "0");
  }

  #arrived(action: StoreAction, key: string, uploadId?: string, partNumber?: number, size?: number): void {
    this.nowMs += 1;
    this.calls.push({ action, key, uploadId, partNumber, size });
  }

  #uploadFor(action: StoreAction, key: string, id: string): MemoryUpload {
    const upload = this.uploads.get(id);
    return upload?.key === key ? upload : fail("upload-gone", action, 404, "NoSuchUpload");
  }

  #forbidOverwrite(action: StoreAction, key: string, ifExists: ObjectTarget["ifExists"]): void {
    if (ifExists === "forbid" && this.objects.has(key)) fail("already-exists", action, 409, "FileAlreadyExists");
  }

  #store(target: ObjectTarget, bytes: Bytes, etag: string): MemoryObject {
    const storedAtMs = this.nowMs;
    const object = {
      bytes: bytes.slice(),
      etag,
      crc64: crc64(bytes),
      versionId: `v${++this.#ids}`,
      target,
      storedAtMs,
    };
    this.objects.set(target.key, object);
    return object;
  }
}

export function md5Hex(bytes: Uint8Array | string): string {
  return createHash("md5").update(bytes).digest("hex").toUpperCase();
}

/** The service's undocumented rule: MD5 of the part ETags as ASCII, and their number. */
export function multipartETag(parts: readonly { readonly etag: string }[]): string {
  return `${md5Hex(parts.map((part) => part.etag).join(""))}-${parts.length}`;
}

function joined(pieces: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function fail(
  code: UploadErrorCode,
  /** Or the permission that is missing. */
  action: StoreAction | `oss:${string}`,
  status: number,
  serverCode: string,
  details: UploadErrorDetails = {},
): never {
  throw new UploadError(code, `${action} failed: ${status} ${serverCode}`, { action, status, serverCode, ...details });
}
