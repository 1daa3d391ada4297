/** What proves that stored bytes are the file's: which of size, CRC-64, MD5 and ETag decides, and in which order. Law 3. */

import { combineAll } from "../../crc64-ecma.js";
import { hex } from "../../hex.js";
import type { ByteWorkers, Digest } from "../../workers/byte-workers.js";
import { emptyMd5, isMd5 } from "../bucket/etag.js";
import type { ETag, ObjectInfo, PartNames, Proof } from "../object-store.js";

/** How OSS writes an MD5: as the ETag of a part or of an object put whole. */
export function etagOf(md5: Uint8Array): ETag {
  return hex(md5).toUpperCase() as ETag;
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** True only if both are known to name the same bytes; CRC-64 first, because the ETag need not be an MD5. */
export function holds(part: PartNames, digest: Digest): boolean {
  if (part.size !== digest.size) return false;
  if (part.crc64 !== undefined && digest.crc64 !== undefined) return part.crc64 === digest.crc64;
  if (digest.md5 === undefined) return false;
  const name = part.md5 === undefined ? part.etag : etagOf(part.md5);
  return name?.toUpperCase() === etagOf(digest.md5);
}

/**
 * True unless the answer to a PUT names other bytes than the digest does. What either of them hides cannot disagree. Where both
 * know the CRC-64 it decides: under KMS encryption an ETag is no MD5.
 */
export function agrees(answer: Pick<PartNames, "etag" | "crc64">, digest: Digest): boolean {
  const { etag, crc64 } = answer;
  if (crc64 !== undefined && digest.crc64 !== undefined) return crc64 === digest.crc64;
  return etag === undefined || digest.md5 === undefined || etag.toUpperCase() === etagOf(digest.md5);
}

/**
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
  // Undocumented, but true of every published sample: the MD5 of the part ETags as ASCII text (S3 hashes the raw bytes).
  return etag === `${etagOf(await md5(names.join("")))}-${parts.length}` ? "etag" : "different";
}

/** The ETag of an object put whole is the MD5 of its content, which the names of several parts do not tell. */
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
 * The names that the object's ETag is made of: the store's, as it gave them.
 *
 * @returns undefined when one of them is of another kind, or when no digest of ours was compared with a part: what agrees then is
 *   the store with itself
 */
function comparedNames(parts: readonly PartNames[]): readonly string[] | undefined {
  const compared = parts.filter(({ md5, crc64 }) => md5 !== undefined || crc64 !== undefined);
  const names = compared.flatMap(({ etag, md5 }) => etag?.toUpperCase() ?? (md5 ? etagOf(md5) : []));
  return names.length === parts.length && names.every(isMd5) ? names : undefined;
}

/** Made in a worker: the page's bundle has no MD5. */
export async function md5Of(bytes: Blob, workers: ByteWorkers, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const { md5 } = await workers.digest(bytes, { md5: true, crc64: false }, { signal });
  if (md5 === undefined) throw new TypeError("a worker left out the MD5 it was asked for");
  return md5;
}
