/** Begins a multipart upload, stores its parts, and aborts it. */
import type { Digest } from "../../workers/byte-workers.js";
import { readInitiated } from "../bucket/answers.js";
import { foreign } from "../bucket/bad-answer.js";
import type { CallOptions, MultipartUpload, ObjectTarget, StoredPart, UploadId } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { partsPage } from "./list-parts.js";
import { abortRequest, initiateRequest, putPartRequest } from "./oss-requests.js";
import { storedPart } from "./shown.js";
import { partBefore } from "./stored-before.js";

/** See `ObjectStore.initiate`. */
export async function initiate(bucket: ConnectedBucket, target: ObjectTarget, options: CallOptions): Promise<UploadId> {
  const request = initiateRequest(target);
  return await bucket.call(request, options, (response) => {
    const initiated = readInitiated(response.xml);
    // Another key is seen where something on the way rewrites paths: the parts would go to another object.
    if (initiated === undefined || (initiated.key ?? target.key) !== target.key)
      throw foreign(bucket.dialect, request, response);
    return initiated.uploadId;
  });
}

/** See `ObjectStore.putPart`. */
export async function putPart(
  bucket: ConnectedBucket,
  upload: MultipartUpload,
  number: number,
  slice: Blob,
  digest: Digest,
  options: CallOptions,
): Promise<StoredPart> {
  const request = putPartRequest(upload, number, slice, digest);
  const list = async () => {
    const { parts } = await partsPage(bucket, upload, number - 1, 1, options);
    return parts.find((part) => part.number === number);
  };
  if (options.unansweredSinceMs !== undefined) {
    const part = await partBefore({ request, body: slice, digest }, list, bucket.tools.workers, options.signal);
    if (part !== undefined) return part;
  }
  return await bucket.call(request, options, async (response) => {
    const answered = { request, response, body: slice, digest, number };
    return await storedPart(answered, list, bucket.tools.workers, options.signal);
  });
}

/** See `ObjectStore.abort`. */
export async function abort(bucket: ConnectedBucket, upload: MultipartUpload, options: CallOptions): Promise<void> {
  await bucket.call(abortRequest(upload), options, () => undefined);
}
