/**
 * Asks the store, before bytes are sent again, whether an attempt whose answer never came has stored them. Law: nothing is claimed that the
 * store did not show.
 */
import { isUploadError, UploadError } from "../../errors.js";
import type { ByteWorkers, Digest } from "../../workers/byte-workers.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import { describe } from "../bucket/refusal.js";
import type { CallOptions, ListedPart, ObjectTarget, StoredObject, StoredPart } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { head, matches } from "./head-object.js";
import { holds, md5Of } from "./proof.js";
import { hasTraits } from "./traits.js";

/** What is to be sent. */
interface Body {
  readonly request: BucketRequest;
  readonly body: Blob;
  readonly digest: Digest;
}

/**
 * @param list asks the store for the part; undefined if it lists none with that number
 * @returns the part, if the store has these very bytes; undefined also if it may not say
 */
export async function partBefore(
  { request, body, digest }: Body,
  list: () => Promise<ListedPart | undefined>,
  workers: ByteWorkers,
  signal: AbortSignal,
): Promise<StoredPart | undefined> {
  const listed = await asking(request, list);
  if (listed === undefined || listed.size !== body.size) return undefined;
  const named = { ...digest, md5: digest.md5 ?? (await md5Unless(listed, digest, () => md5Of(body, workers, signal))) };
  if (!holds(listed, named)) return undefined;
  return { ...listed, md5: named.md5, crc64: listed.crc64 ?? digest.crc64 };
}

/** The CRC-64 tells, where both sides have it. */
async function md5Unless(
  { crc64 }: ListedPart,
  digest: Digest,
  md5: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return crc64 !== undefined && digest.crc64 !== undefined ? undefined : await md5();
}

/**
 * @param sinceMs when the first attempt began, by the store's clock: an older object is another one. undefined if that is not known;
 *   called after HEAD, which may tell the store's time
 * @returns the object, if it is the one that was asked for, of these very bytes; undefined also if the store may not say, or if HEAD does
 *   not say all: what became of a callback, which ACL, which tags
 */
export async function objectBefore(
  bucket: ConnectedBucket,
  {
    request,
    target,
    body,
    digest,
    sinceMs,
  }: Body & { readonly target: ObjectTarget; readonly sinceMs: () => number | undefined },
  options: CallOptions,
): Promise<StoredObject | undefined> {
  if ((target.callback ?? target.acl ?? target.tags) !== undefined) return undefined;
  const object = await asking(request, async () => await head(bucket, target.key, options));
  const since = sinceMs();
  if (object === undefined || since === undefined || object.storedAtMs < since) return undefined;
  if (hasTraits(object.traits, target) !== true) return undefined;
  const names = { size: body.size, etag: undefined, md5: digest.md5, crc64: digest.crc64 };
  const proof = await matches(bucket, object, body.size === 0 ? [] : [names], options);
  if (proof !== "crc64" && proof !== "etag") return undefined;
  const { storedAtMs: _, traits: __, ...shown } = object;
  return { ...shown, body: names };
}

/** @returns undefined if this page may not ask. @throws UploadError for what was to be sent: the question belongs to that attempt */
async function asking<T>(request: BucketRequest, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!isUploadError(error)) throw error;
    if (error.code === "forbidden") return undefined;
    if (error.code !== "network" && error.code !== "stalled") throw error;
    const { action, partNumber } = request;
    const { code, message, hint } = error;
    const details = { action, partNumber, hint, cause: error };
    throw new UploadError(
      code,
      `${describe(request)} was not answered, nor was the question whether it was stored: ${message}`,
      details,
    );
  }
}
