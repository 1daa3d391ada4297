/** The requests of a memory store about multipart uploads. */
import { UploadError } from "../../src/errors.js";
import type {
  CallOptions,
  ETag,
  FinishOptions,
  ListedPart,
  MultipartUpload,
  ObjectInfo,
  ObjectTarget,
  StoredPart,
  UploadId,
} from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { memoryCall } from "./memory-call.js";
import { bytesOf } from "./memory-file.js";
import { compare, hex, shown } from "./memory-names.js";
import { called, info } from "./memory-objects.js";
import { type Bytes, type MemoryServer, md5Hex } from "./memory-server.js";

export function initiate(server: MemoryServer, target: ObjectTarget, options: CallOptions): Promise<UploadId> {
  return memoryCall(
    server,
    { action: "InitiateMultipartUpload" },
    options,
    async () => server.initiate(target) as UploadId,
  );
}

export function putPart(
  server: MemoryServer,
  upload: MultipartUpload,
  number: number,
  slice: Blob,
  digest: Digest,
  options: CallOptions,
): Promise<StoredPart> {
  const what = { action: "UploadPart", partNumber: number, bodyBytes: slice.size } as const;
  return memoryCall(server, what, options, async () => {
    const bytes = await bytesOf(slice);
    options.signal.throwIfAborted();
    const part = server.putPart(upload.key, upload.id, number, bytes, hex(digest.md5));
    const answer = shown(server, part, digest);
    compare("UploadPart", number, answer, digest);
    const names = { number, size: slice.size, md5: digest.md5, crc64: answer.crc64 ?? digest.crc64 };
    if (answer.etag !== undefined) return { ...names, etag: answer.etag };
    return { ...names, ...nameOf(server, upload, number, bytes, digest, answer.crc64 !== undefined) };
  });
}

export function listParts(
  server: MemoryServer,
  upload: MultipartUpload,
  options: CallOptions,
): Promise<readonly ListedPart[]> {
  return memoryCall(server, { action: "ListParts" }, options, async () => listed(server, upload));
}

export function complete(
  server: MemoryServer,
  upload: MultipartUpload,
  parts: readonly StoredPart[],
  finish: FinishOptions,
  options: CallOptions,
): Promise<ObjectInfo> {
  return memoryCall(server, { action: "CompleteMultipartUpload" }, options, async (requestId) => {
    const object = server.complete(upload.key, upload.id, parts, finish);
    const callback = called(server, "CompleteMultipartUpload", finish.callback);
    // Without a callback the answer's body names the ETag, and bodies are always readable.
    const etag = callback === undefined || server.shows.etag ? (object.etag as ETag) : undefined;
    return { ...info(server, upload.key, object, requestId), size: undefined, etag, callback };
  });
}

export function abort(server: MemoryServer, upload: MultipartUpload, options: CallOptions): Promise<void> {
  return memoryCall(server, { action: "AbortMultipartUpload" }, options, async () =>
    server.abort(upload.key, upload.id),
  );
}

function listed(server: MemoryServer, upload: MultipartUpload): ListedPart[] {
  return server.listParts(upload.key, upload.id).map(([number, part]) => ({
    number,
    size: part.bytes.length,
    etag: part.etag as ETag,
    crc64: part.crc64,
  }));
}

/** @returns the ETag that Complete is told if the answer's is hidden from the page */
function nameOf(
  server: MemoryServer,
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
    const part = listed(server, upload).find((candidate) => candidate.number === number);
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
