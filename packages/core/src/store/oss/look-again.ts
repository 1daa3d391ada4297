/** Asks the store for an object if the answer that claims to have made it names no ETag and no CRC-64. */

import { isUploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import { notThere } from "../bucket/bad-answer.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type {
  CallOptions,
  MultipartUpload,
  ObjectInfo,
  ObjectTarget,
  PartNames,
  Proof,
  SeenObject,
} from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { head, matches } from "./head-object.js";
import { partsPage } from "./list-parts.js";
import { ossDialect } from "./oss-dialect.js";
import { hasTraits } from "./traits.js";

/** An answer by which an object was made, if it is true. */
export interface Claim {
  readonly request: BucketRequest;
  readonly response: HttpResponse;
  /** What the object is to be; undefined if the request did not say it. */
  readonly target?: ObjectTarget;
  /** The parts that the object must consist of. */
  readonly parts: readonly PartNames[];
  /**
   * A time by the store's clock that is no later than the sending of the request: an older object is another one. Called after HEAD, which
   * may tell the store's time.
   */
  readonly sinceMs: () => number;
  /** The multipart upload that it was completed from, if it was. */
  readonly upload?: MultipartUpload;
}

type Seen = Pick<ObjectInfo, "size" | "etag" | "crc64">;

/**
 * Asks for the object by HEAD.
 *
 * @returns what the store shows of it; undefined if this page may not ask
 * @throws UploadError "server", temporary, if it is not there, or another object is
 */
export async function lookAgain(
  bucket: ConnectedBucket,
  claim: Claim,
  options: CallOptions,
): Promise<Seen | undefined> {
  const { request, response, parts, upload } = claim;
  try {
    const object = await head(bucket, request.key, options);
    const isOurs =
      object !== undefined &&
      isAsClaimed(object, claim) &&
      isShown(object, await matches(bucket, object, parts, options));
    if (!isOurs) throw notThere(ossDialect, request, response);
    const { size, etag, crc64 } = object;
    return { size, etag, crc64 };
  } catch (error) {
    if (!isUploadError(error) || error.code !== "forbidden") throw error;
    // A multipart upload that can still be listed was not completed.
    if (upload !== undefined && (await isListed(bucket, upload, options)))
      throw notThere(ossDialect, request, response);
    return undefined;
  }
}

function isAsClaimed({ storedAtMs, traits }: SeenObject, { sinceMs, target }: Claim): boolean {
  return storedAtMs >= sinceMs() && (target === undefined || hasTraits(traits, target) !== false);
}

/** A page may read the size under any CORS rule: what shows neither a size nor a name is no object of the service. */
function isShown({ size }: SeenObject, proof: Proof): boolean {
  return proof === "unproved" ? size !== undefined : proof !== "different";
}

/** @returns false also if this page may not list it */
async function isListed(bucket: ConnectedBucket, upload: MultipartUpload, options: CallOptions): Promise<boolean> {
  try {
    await partsPage(bucket, upload, 0, 1, options);
    return true;
  } catch (error) {
    if (isUploadError(error) && /^(upload-gone|forbidden)$/.test(error.code)) return false;
    throw error;
  }
}
