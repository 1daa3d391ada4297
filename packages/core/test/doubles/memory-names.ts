/** What names bytes in a `MemoryServer`, and what these names prove. */
import type { StoreAction } from "../../src/api/trace.js";
import { combineAll } from "../../src/crc64-ecma.js";
import { UploadError } from "../../src/errors.js";
import type { ETag, ObjectInfo, PartNames, Proof } from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { type Bytes, type MemoryServer, md5Hex, multipartETag } from "./memory-server.js";

/** What the answer to a PUT names, as far as the page may read it. */
export function shown(
  server: MemoryServer,
  stored: { readonly etag: string; readonly crc64: bigint },
  digest: Digest,
): PartNames {
  return {
    size: digest.size,
    etag: server.shows.etag ? (stored.etag as ETag) : undefined,
    crc64: server.shows.crc64 ? stored.crc64 : undefined,
  };
}

/** @throws UploadError "corrupted" if the answer names other bytes than the digest */
export function compare(action: StoreAction, partNumber: number | undefined, answer: PartNames, digest: Digest): void {
  const md5 = hex(digest.md5);
  const sameMd5 = md5 === undefined || answer.etag === undefined || answer.etag === md5;
  const sameCrc = digest.crc64 === undefined || answer.crc64 === undefined || answer.crc64 === digest.crc64;
  if (!sameMd5 || !sameCrc) {
    throw new UploadError("corrupted", `${action}: the answer names other bytes`, { action, partNumber, status: 200 });
  }
}

/** See `ObjectStore.matches`. */
export async function matches(object: ObjectInfo, parts: readonly PartNames[]): Promise<Proof> {
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

/** See `ObjectStore.holds`. */
export function holds(part: PartNames, digest: Digest): boolean {
  if (part.size !== digest.size) return false;
  if (part.crc64 !== undefined && digest.crc64 !== undefined) return part.crc64 === digest.crc64;
  const name = hex(part.md5) ?? part.etag;
  return digest.md5 !== undefined && name === hex(digest.md5);
}

export function md5Of(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(md5Hex(bytes), "hex"));
}

export function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString("hex").toUpperCase();
}
