/**
 * Compares what the service shows of sent bytes, in its answer or in a listing, with their digest. Law: nothing is claimed that the store
 * did not show.
 */

import { isUploadError } from "../../errors.js";
import type { ByteWorkers, Digest, HttpResponse } from "../../workers/byte-workers.js";
import { corrupted, hiddenETag, notThere, otherETag } from "../bucket/bad-answer.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import { isMd5, isMd5OfNothing, readETag } from "../bucket/etag.js";
import type { ETag, ListedPart, PartNames, StoredPart } from "../object-store.js";
import { ossDialect } from "./oss-dialect.js";
import { agrees, etagOf, holds, md5Of } from "./proof.js";
import { readCrc64 } from "./read-crc64.js";

/** A body that was sent, and the answer to it. */
export interface Answered {
  readonly request: BucketRequest;
  readonly response: HttpResponse;
  readonly body: Blob;
  readonly digest: Digest;
}

/** What an answer shows. `etag` and `crc64` are the service's own, and agree with the digest as far as both are known. */
export interface Shown {
  readonly etag: ETag | undefined;
  readonly crc64: bigint | undefined;
  /** The digest; with an MD5 that was not asked for, if nothing else could be compared. */
  readonly digest: Digest;
}

/** @throws UploadError "corrupted" when the answer names other bytes */
export async function shownIn(
  { request, response, body, digest }: Answered,
  workers: ByteWorkers,
  signal: AbortSignal,
): Promise<Shown> {
  const { headers } = response;
  const given = readETag(headers.etag);
  // An ETag of another form is not the service's. Nor are the ETag and CRC-64 of an empty body, if the body was not empty.
  const isName = given !== undefined && isMd5(given) && (body.size === 0 || !isMd5OfNothing(given));
  const etag = isName ? given : undefined;
  const answered = readCrc64(headers["x-oss-hash-crc64ecma"]);
  const crc64 = body.size > 0 && answered === 0n ? undefined : answered;
  // Only the CRC-64 was digested, and the service's is hidden: the bytes are read again for their MD5, to compare it with the ETag.
  const instead = digest.crc64 !== undefined && digest.md5 === undefined && crc64 === undefined && etag !== undefined;
  const compared = instead ? { ...digest, md5: await md5Of(body, workers, signal) } : digest;
  if (!agrees({ etag, crc64 }, compared)) {
    throw crc64 === undefined ? otherETag(ossDialect, request, response) : corrupted(ossDialect, request, response);
  }
  return { etag, crc64, digest: compared };
}

export function namesOf({ crc64, digest }: Shown): PartNames {
  return { size: digest.size, etag: undefined, md5: digest.md5, crc64: crc64 ?? digest.crc64 };
}

/**
 * @param list asks the service for the part; undefined if it lists none with that number
 * @returns the part that was stored
 * @throws UploadError "corrupted" if the answer names other bytes; "server", temporary, if the part is not there; "misconfigured" if its
 *   ETag cannot be known
 */
export async function storedPart(
  answered: Answered & { readonly number: number },
  list: () => Promise<ListedPart | undefined>,
  workers: ByteWorkers,
  signal: AbortSignal,
): Promise<StoredPart> {
  const { number, request, response, body, digest } = answered;
  const shown = await shownIn(answered, workers, signal);
  const part = { ...namesOf(shown), number, size: body.size };
  if (shown.etag !== undefined) return { ...part, etag: shown.etag };
  const isDigested = digest.md5 !== undefined || digest.crc64 !== undefined;
  const named = async (): Promise<StoredPart> => {
    const md5 = digest.md5 ?? (await md5Of(body, workers, signal));
    return { ...part, md5, etag: etagOf(md5), namedByUs: true };
  };
  // The CRC-64 has shown the bytes; only the ETag is hidden.
  if (shown.crc64 !== undefined && isDigested) return await named();
  try {
    const listed = await list();
    if (listed === undefined || listed.size !== body.size) throw notThere(ossDialect, request, response);
    if (!isDigested) return { ...part, etag: listed.etag };
    const md5 = digest.md5 ?? (listed.crc64 === undefined ? await md5Of(body, workers, signal) : undefined);
    if (!holds(listed, { ...digest, md5 })) throw notThere(ossDialect, request, response);
    return { ...part, md5, etag: listed.etag };
  } catch (error) {
    if (!isUploadError(error) || error.code !== "forbidden") throw error;
    if (!isDigested) throw hiddenETag(ossDialect, request, response);
    return await named();
  }
}
