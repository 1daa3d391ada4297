/** Makes an object of the stored parts, and shows that it is there. */
import { isUploadError, type UploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import { readCompleted } from "../bucket/answers.js";
import { foreign, withOwnNames } from "../bucket/bad-answer.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type { CallOptions, FinishOptions, MultipartUpload, ObjectInfo, StoredPart } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { lookAgain } from "./look-again.js";
import { namesObjectOf, objectIn } from "./object-in.js";
import { ossDialect } from "./oss-dialect.js";
import { completeRequest } from "./oss-requests.js";

/** See `ObjectStore.complete`. */
export async function complete(
  bucket: ConnectedBucket,
  upload: MultipartUpload,
  parts: readonly StoredPart[],
  finish: FinishOptions,
  options: CallOptions,
): Promise<ObjectInfo> {
  const request = completeRequest(upload, parts, finish);
  const sentAtMs = bucket.tools.now();
  try {
    return await bucket.call(request, options, async (response) => {
      if (finish.callback === undefined) return completed(request, response, parts.length);
      const callback = { status: response.status, body: response.body };
      const object = { ...objectIn(upload.key, response), callback };
      if (namesObjectOf(parts.length, object)) return object;
      const sinceMs = () => bucket.clock.notLaterThan(sentAtMs);
      const claim = { request, response, parts, sinceMs, upload };
      return { ...object, ...(await lookAgain(bucket, claim, options)) };
    });
  } catch (error) {
    throw rejectsParts(error) && parts.some(({ namedByUs }) => namedByUs) ? withOwnNames(ossDialect, error) : error;
  }
}

/** @returns the object that the service's own document, or else a header, names. @throws UploadError "server", temporary */
function completed(request: BucketRequest, response: HttpResponse, parts: number): ObjectInfo {
  const { key } = request;
  const object = objectIn(key, response);
  const document = readCompleted(response.xml);
  const isNamed = document !== undefined || namesObjectOf(parts, object);
  if (!isNamed || (document?.key ?? key) !== key) throw foreign(ossDialect, request, response);
  return { ...object, etag: object.etag ?? document?.etag };
}

/** See `ObjectStore.rejectsParts`. */
export function rejectsParts(error: unknown): error is UploadError {
  return (
    isUploadError(error) &&
    error.action === "CompleteMultipartUpload" &&
    /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/.test(error.serverCode ?? "")
  );
}
