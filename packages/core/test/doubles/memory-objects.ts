/** The requests of a memory store about whole objects. */
import type { StoreAction } from "../../src/api/trace.js";
import type { UploadCallback } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import type {
  CallOptions,
  ETag,
  ObjectInfo,
  ObjectTarget,
  SeenObject,
  StoredObject,
} from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { memoryCall } from "./memory-call.js";
import { bytesOf } from "./memory-file.js";
import { compare, hex, matches, md5Of, shown } from "./memory-names.js";
import type { MemoryObject, MemoryServer } from "./memory-server.js";

export function putObject(
  server: MemoryServer,
  target: ObjectTarget,
  body: Blob,
  digest: Digest,
  options: CallOptions,
): Promise<StoredObject> {
  return memoryCall(server, { action: "PutObject", bodyBytes: body.size }, options, async (requestId) => {
    const bytes = await bytesOf(body);
    options.signal.throwIfAborted();
    const object = server.putObject(target, bytes, hex(digest.md5));
    const answer = shown(server, object, digest);
    compare("PutObject", undefined, answer, digest);
    // What the ETag is compared with, where the CRC-64 is hidden.
    const md5 = digest.md5 ?? (digest.crc64 && answer.crc64 === undefined ? md5Of(bytes) : undefined);
    const named = { size: body.size, etag: undefined, md5, crc64: answer.crc64 ?? digest.crc64 };
    const stored = {
      ...info(server, target.key, object, requestId),
      callback: called(server, "PutObject", target.callback),
    };
    if (server.shows.etag || server.shows.crc64) return { ...stored, body: named };
    const seen = await seenOrForbidden(server, target.key);
    if (seen !== undefined && (await matches(info(server, target.key, seen, requestId), [named])) === "different") {
      throw new UploadError("server", "PutObject: another object is there", { action: "PutObject", status: 200 });
    }
    return { ...stored, body: named };
  });
}

export function head(server: MemoryServer, key: string, options: CallOptions): Promise<SeenObject | undefined> {
  return memoryCall(server, { action: "HeadObject" }, options, async (requestId) => {
    const object = server.head(key);
    if (object === undefined) return undefined;
    const { storedAtMs, target } = object;
    return { ...info(server, key, object, requestId), storedAtMs, traits: traitsOf(target, server.shows.metadata) };
  });
}

/** See `ObjectStore.isAsAskedFor`. */
export function isAsAskedFor(server: MemoryServer, { traits }: SeenObject, target: ObjectTarget): boolean {
  return (
    JSON.stringify(traits) === JSON.stringify(traitsOf(target, server.shows.metadata)) &&
    (server.shows.metadata || Object.keys(target.metadata ?? {}).length === 0)
  );
}

/** What an answer says of an object, as far as the page may read it. */
export function info(server: MemoryServer, key: string, object: MemoryObject, requestId: string): ObjectInfo {
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

/** @returns what the application server answered. @throws UploadError "callback-failed" */
export function called(
  server: MemoryServer,
  action: StoreAction,
  callback: UploadCallback | undefined,
): ObjectInfo["callback"] {
  if (callback === undefined) return undefined;
  if (server.callbackAnswer !== "fails") return server.callbackAnswer;
  const message = "the object is stored, the callback failed";
  throw new UploadError("callback-failed", message, { action, status: 203, serverCode: "CallbackFailed" });
}

async function seenOrForbidden(server: MemoryServer, key: string): Promise<MemoryObject | undefined> {
  try {
    return server.head(key);
  } catch {
    return undefined;
  }
}

function traitsOf({ contentType, metadata = {} }: ObjectTarget, showsMetadata: boolean): Record<string, string> {
  return { type: contentType ?? "application/octet-stream", ...(showsMetadata ? metadata : {}) };
}
