/**
 * Decides whether stored bytes are the file's: which of size, CRC-64, MD5 and ETag proves it, and in which order. Law: nothing is claimed
 * that the store did not show.
 */

import { combineAll } from "../../crc64-ecma.js";
import { hex } from "../../hex.js";
import type { ByteWorkers, Digest } from "../../workers/byte-workers.js";
import { emptyMd5, isMd5 } from "../bucket/etag.js";
import type { ETag, ObjectInfo, PartNames, Proof } from "../object-store.js";

/** Writes an MD5 as OSS does in the ETag of a part, or of an object put by one request. */
export function etagOf(md5: Uint8Array): ETag {
  return hex(md5).toUpperCase() as ETag;
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** True only if both are known to name the same bytes. The CRC-64 decides first, because an ETag need not be an MD5. */
export function holds(part: PartNames, digest: Digest): boolean {
  if (part.size !== digest.size) return false;
  if (part.crc64 !== undefined && digest.crc64 !== undefined) return part.crc64 === digest.crc64;
  if (digest.md5 === undefined) return false;
  const name = part.md5 === undefined ? part.etag : etagOf(part.md5);
  return name?.toUpperCase() === etagOf(digest.md5);
}

/**
 * False only if the answer to a PUT names other bytes than the digest. A name that one of them lacks is not compared. If both have the
 * CRC-64 it decides, because under KMS encryption an ETag is no MD5.
 */
export function agrees(answer: Pick<PartNames, "etag" | "crc64">, digest: Digest): boolean {
  const { etag, crc64 } = answer;
  if (crc64 !== undefined && digest.crc64 !== undefined) return crc64 === digest.crc64;
  return etag === undefined || digest.md5 === undefined || etag.toUpperCase() === etagOf(digest.md5);
}

/**
 * Compares an object with the parts that it should consist of: see `ObjectStore.matches`.
 *
 * @param parts ascending by number
 * @param md5 hashes a short text of ASCII
 */
export async function proofOf(
  object: ObjectInfo,
  parts: readonly PartNames[],
  md5: (text: string) => Promise<Uint8Array>,
): Promise<Proof> {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (object.size !== undefined && object.size !== size) return "different";
  const whole = combinedCrc64(parts);
  if (object.crc64 !== undefined && whole !== undefined) return object.crc64 === whole ? "crc64" : "different";
  if (object.etag === undefined) return "unproved";
  const etag = object.etag.toUpperCase();
  const multipart = /^[0-9A-F]{32}-(\d+)$/.exec(etag);
  if (multipart === null) return proofOfWhole(etag, parts);
  const names = comparedNames(parts);
  if (names === undefined) return "unproved";
  if (Number(multipart[1]) !== parts.length) return "different";
  // Not documented, but true of every published sample: the ETag is the MD5 of the parts' ETags as ASCII text (S3 hashes the raw bytes).
  return etag === `${etagOf(await md5(names.join("")))}-${parts.length}` ? "etag" : "different";
}

/** The ETag of an object put by one request is the MD5 of its content. The names of several parts cannot tell that. */
function proofOfWhole(etag: string, parts: readonly PartNames[]): Proof {
  const [part, another] = parts;
  const name = part === undefined ? emptyMd5 : part.md5 && etagOf(part.md5);
  if (another !== undefined || name === undefined || !isMd5(etag)) return "unproved";
  return etag === name ? "etag" : "different";
}

function combinedCrc64(parts: readonly PartNames[]): bigint | undefined {
  const pieces = parts.flatMap(({ crc64, size }) => (crc64 === undefined ? [] : { crc64, length: size }));
  return pieces.length === parts.length ? combineAll(pieces) : undefined;
}

/**
 * @returns the ETags of the parts, of which the object's ETag is made. undefined if one is no MD5, or if no digest of ours was compared
 *   with a part: then the store would only agree with itself
 */
function comparedNames(parts: readonly PartNames[]): readonly string[] | undefined {
  const compared = parts.filter(({ md5, crc64 }) => md5 !== undefined || crc64 !== undefined);
  const names = compared.flatMap(({ etag, md5 }) => etag?.toUpperCase() ?? (md5 ? etagOf(md5) : []));
  return names.length === parts.length && names.every(isMd5) ? names : undefined;
}

/** Asks a worker: the page's bundle has no MD5. */
export async function md5Of(bytes: Blob, workers: ByteWorkers, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const { md5 } = await workers.digest(bytes, { md5: true, crc64: false }, { signal });
  if (md5 === undefined) throw new TypeError("a worker left out the MD5 it was asked for");
  return md5;
}
