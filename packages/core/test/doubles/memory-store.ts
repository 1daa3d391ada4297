/**
 * The second implementation of `ObjectStore`: a page's connection to a `MemoryServer`. No timers: a request takes one
 * microtask to arrive, its effect happens, the answer takes one back; an abort between the two loses the answer.
 */

import type { StoreAction } from "../../src/api/trace.js";
import type { UploadCallback } from "../../src/api/upload.js";
import { combineAll } from "../../src/crc64-ecma.js";
import { isUploadError, UploadError } from "../../src/errors.js";
import type {
  CallOptions,
  ETag,
  ListedPart,
  MultipartUpload,
  ObjectInfo,
  ObjectStore,
  ObjectTarget,
  PartNames,
  Proof,
  StoredPart,
  UploadId,
} from "../../src/store/object-store.js";
import { fixedOptions } from "../../src/upload/target.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { bytesOf } from "./memory-file.js";
import { memoryProbe } from "./memory-probe.js";
import { type Bytes, type MemoryObject, type MemoryServer, md5Hex, multipartETag } from "./memory-server.js";

export { MemoryServer, type MemoryServerOptions } from "./memory-server.js";

interface Call {
  readonly action: StoreAction;
  readonly partNumber?: number;
  readonly bodyBytes?: number;
}

export function memoryStore(server: MemoryServer): ObjectStore {
  return {
    location: `memory://${server.bucket}`,
    bucket: server.bucket,
    limits: { minPartSize: server.minPartSize, maxPartSize: 2 ** 32, maxParts: server.maxParts, maxPutSize: 2 ** 32 },

    hints: { nothingProves: "Show the ETag and the CRC-64.", crc64Hidden: "Show the CRC-64." },
    digests: (integrity) => ({ md5: integrity === "md5+crc64", crc64: integrity !== "none" }),
    fixed: fixedOptions,

    check: ({ key }) => {
      if (key === "") throw new UploadError("invalid-option", "key is empty");
    },

    // What is stored from now on is stored by a call, which the clock counts.
    moment: () => {
      const next = server.nowMs + 1;
      return () => (server.shows.date ? next : undefined);
    },

    putObject: (target, body, digest, options) =>
      call({ action: "PutObject", bodyBytes: body.size }, options, async (requestId) => {
        const bytes = await bytesOf(body);
        options.signal.throwIfAborted();
        const object = server.putObject(target, bytes, hex(digest.md5));
        const answer = shown(object, digest);
        compare("PutObject", undefined, answer, digest);
        // What the ETag is compared with, where the CRC-64 is hidden.
        const md5 = digest.md5 ?? (digest.crc64 && answer.crc64 === undefined ? md5Of(bytes) : undefined);
        const named = { size: body.size, etag: undefined, md5, crc64: answer.crc64 ?? digest.crc64 };
        const stored = { ...info(target.key, object, requestId), callback: called("PutObject", target.callback) };
        if (server.shows.etag || server.shows.crc64) return { ...stored, body: named };
        const seen = await seenOrForbidden(target.key);
        if (seen !== undefined && (await matches(info(target.key, seen, requestId), [named])) === "different") {
          throw new UploadError("server", "PutObject: another object is there", { action: "PutObject", status: 200 });
        }
        return { ...stored, body: named };
      }),

    initiate: (target, options) =>
      call({ action: "InitiateMultipartUpload" }, options, async () => server.initiate(target) as UploadId),

    putPart: (upload, number, slice, digest, options) =>
      call({ action: "UploadPart", partNumber: number, bodyBytes: slice.size }, options, async () => {
        const bytes = await bytesOf(slice);
        options.signal.throwIfAborted();
        const part = server.putPart(upload.key, upload.id, number, bytes, hex(digest.md5));
        const answer = shown(part, digest);
        compare("UploadPart", number, answer, digest);
        const names = { number, size: slice.size, md5: digest.md5, crc64: answer.crc64 ?? digest.crc64 };
        if (answer.etag !== undefined) return { ...names, etag: answer.etag };
        return { ...names, ...nameOf(upload, number, bytes, digest, answer.crc64 !== undefined) };
      }),

    listParts: (upload, options) => call({ action: "ListParts" }, options, async () => listed(upload)),

    complete: (upload, parts, finish, options) =>
      call({ action: "CompleteMultipartUpload" }, options, async (requestId) => {
        const object = server.complete(upload.key, upload.id, parts, finish);
        const callback = called("CompleteMultipartUpload", finish.callback);
        // Without a callback the answer's body names the ETag, and bodies are always readable.
        const etag = callback === undefined || server.shows.etag ? (object.etag as ETag) : undefined;
        return { ...info(upload.key, object, requestId), size: undefined, etag, callback };
      }),

    abort: (upload, options) =>
      call({ action: "AbortMultipartUpload" }, options, async () => server.abort(upload.key, upload.id)),

    head: (key, options) =>
      call({ action: "HeadObject" }, options, async (requestId) => {
        const object = server.head(key);
        if (object === undefined) return undefined;
        const { storedAtMs, target } = object;
        return { ...info(key, object, requestId), storedAtMs, traits: traitsOf(target, server.shows.metadata) };
      }),

    probe: (key, options) => memoryProbe(memoryStore(server), key, options),

    matches,
    holds,
    isAsAskedFor: ({ traits }, target) =>
      JSON.stringify(traits) === JSON.stringify(traitsOf(target, server.shows.metadata)) &&
      (server.shows.metadata || Object.keys(target.metadata ?? {}).length === 0),
    rejectsParts: (error) =>
      isUploadError(error) &&
      error.action === "CompleteMultipartUpload" &&
      ["InvalidPart", "InvalidPartOrder", "EntityTooSmall"].includes(error.serverCode ?? ""),
  };

  async function call<T>(what: Call, options: CallOptions, effect: (requestId: string) => Promise<T>): Promise<T> {
    const { signal } = options;
    signal.throwIfAborted();
    const requestId = server.nextRequestId();
    let error: unknown;
    try {
      if (what.bodyBytes !== undefined) options.onSent?.(0);
      await null;
      signal.throwIfAborted();
      const result = await effect(requestId);
      if (what.bodyBytes !== undefined) options.onSent?.(what.bodyBytes);
      await null;
      signal.throwIfAborted();
      return result;
    } catch (thrown) {
      error = thrown;
      if (isUploadError(thrown)) throw thrown.with({ requestId, partNumber: what.partNumber });
      throw thrown;
    } finally {
      options.onRequest?.({
        action: what.action,
        partNumber: what.partNumber ?? null,
        attempt: options.attempt ?? 1,
        bodyBytes: what.bodyBytes ?? 0,
        startedAt: 0,
        durationMs: 0,
        status: error === undefined ? 200 : isUploadError(error) ? (error.status ?? 200) : 0,
        requestId: error === undefined || isUploadError(error) ? requestId : null,
        error: isUploadError(error) ? error.code : null,
      });
    }
  }

  function shown(stored: { readonly etag: string; readonly crc64: bigint }, digest: Digest): PartNames {
    return {
      size: digest.size,
      etag: server.shows.etag ? (stored.etag as ETag) : undefined,
      crc64: server.shows.crc64 ? stored.crc64 : undefined,
    };
  }

  function info(key: string, object: MemoryObject, requestId: string): ObjectInfo {
    return {
      key,
      size: object.bytes.length,
      etag: server.shows.etag ? (object.etag as ETag) : undefined,
      crc64: server.shows.crc64 ? object.crc64 : undefined,
      versionId: object.versionId,
      requestId,
      callback: undefined,
    };
  }

  function listed(upload: MultipartUpload): ListedPart[] {
    return server.listParts(upload.key, upload.id).map(([number, part]) => ({
      number,
      size: part.bytes.length,
      etag: part.etag as ETag,
      crc64: part.crc64,
    }));
  }

  /** What Complete is told where the answer's ETag is hidden. */
  function nameOf(
    upload: MultipartUpload,
    number: number,
    bytes: Bytes,
    digest: Digest,
    isShown: boolean,
  ): Pick<StoredPart, "etag" | "namedByUs"> {
    const isDigested = digest.md5 !== undefined || digest.crc64 !== undefined;
    const ourName = { etag: md5Hex(bytes) as ETag, namedByUs: true } as const;
    if (isDigested && isShown) return ourName;
    try {
      const part = listed(upload).find((candidate) => candidate.number === number);
      if (part !== undefined) return { etag: part.etag };
    } catch (cause) {
      if (isDigested) return ourName;
      throw new UploadError("misconfigured", `UploadPart ${number} was stored, but its ETag is hidden`, {
        action: "UploadPart",
        partNumber: number,
        cause,
      });
    }
    throw new UploadError("upload-gone", `part ${number} is gone`, { action: "UploadPart", partNumber: number });
  }

  async function seenOrForbidden(key: string): Promise<MemoryObject | undefined> {
    try {
      return server.head(key);
    } catch {
      return undefined;
    }
  }

  function called(action: StoreAction, callback: UploadCallback | undefined): ObjectInfo["callback"] {
    if (callback === undefined) return undefined;
    if (server.callbackAnswer !== "fails") return server.callbackAnswer;
    const message = "the object is stored, the callback failed";
    throw new UploadError("callback-failed", message, { action, status: 203, serverCode: "CallbackFailed" });
  }
}

function compare(action: StoreAction, partNumber: number | undefined, answer: PartNames, digest: Digest): void {
  const md5 = hex(digest.md5);
  const sameMd5 = md5 === undefined || answer.etag === undefined || answer.etag === md5;
  const sameCrc = digest.crc64 === undefined || answer.crc64 === undefined || answer.crc64 === digest.crc64;
  if (!sameMd5 || !sameCrc) {
    throw new UploadError("corrupted", `${action}: the answer names other bytes`, { action, partNumber, status: 200 });
  }
}

async function matches(object: ObjectInfo, parts: readonly PartNames[]): Promise<Proof> {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (object.size !== undefined && object.size !== size) return "different";
  const crcs = parts.flatMap((part) => (part.crc64 === undefined ? [] : { crc64: part.crc64, length: part.size }));
  const whole = crcs.length === parts.length ? combineAll(crcs) : undefined;
  if (object.crc64 !== undefined && whole !== undefined) return object.crc64 === whole ? "crc64" : "different";
  if (object.etag === undefined) return "unproved";
  if (!object.etag.includes("-")) {
    if (parts.length > 1) return "unproved";
    const name = parts.length === 0 ? md5Hex("") : hex(parts[0]?.md5);
    if (name === undefined) return "unproved";
    return object.etag === name ? "etag" : "different";
  }
  const compared = parts.filter(({ md5, crc64 }) => md5 !== undefined || crc64 !== undefined);
  const names = compared.flatMap((part) => part.etag ?? hex(part.md5) ?? []);
  if (names.length < parts.length) return "unproved";
  return object.etag === multipartETag(names.map((etag) => ({ etag }))) ? "etag" : "different";
}

function traitsOf({ contentType, metadata = {} }: ObjectTarget, showsMetadata: boolean): Record<string, string> {
  return { type: contentType ?? "application/octet-stream", ...(showsMetadata ? metadata : {}) };
}

function md5Of(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(md5Hex(bytes), "hex"));
}

function holds(part: PartNames, digest: Digest): boolean {
  if (part.size !== digest.size) return false;
  if (part.crc64 !== undefined && digest.crc64 !== undefined) return part.crc64 === digest.crc64;
  const name = hex(part.md5) ?? part.etag;
  return digest.md5 !== undefined && name === hex(digest.md5);
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString("hex").toUpperCase();
}
