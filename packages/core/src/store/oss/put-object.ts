/** Stores an object by one request, and shows that it is there. */
import type { Digest } from "../../workers/byte-workers.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type { CallOptions, ObjectTarget, StoredObject } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { lookAgain } from "./look-again.js";
import { objectIn } from "./object-in.js";
import { postObjectRequest, putObjectRequest } from "./oss-requests.js";
import { namesOf, shownIn } from "./shown.js";
import { objectBefore } from "./stored-before.js";

/** See `ObjectStore.putObject`. A small object goes by PostObject first, where the bucket takes it. */
export async function putObject(
  bucket: ConnectedBucket,
  target: ObjectTarget,
  body: Blob,
  digest: Digest,
  options: CallOptions,
): Promise<StoredObject> {
  const { attempt = 1, unansweredSinceMs } = options;
  const request = putObjectRequest(target, body, digest);
  if (unansweredSinceMs !== undefined) {
    const asked = { request, target, body, digest, sinceMs: () => bucket.clock.exactly(unansweredSinceMs) };
    const object = await objectBefore(bucket, asked, options);
    if (object !== undefined) return object;
  }
  const storeBy = (request: BucketRequest) => storedBy(request, bucket, target, body, digest, options);
  const put = async () => await storeBy(request);
  const form = postObjectRequest(target, body);
  // What is sent again goes by PUT: its progress tells a slow line from a dead one, and its Content-MD5 has damage refused.
  if (attempt > 1 || !bucket.forms.mayTake(form)) return await put();
  return await bucket.forms.send(async () => await storeBy(form), put);
}

async function storedBy(
  request: BucketRequest,
  bucket: ConnectedBucket,
  target: ObjectTarget,
  body: Blob,
  digest: Digest,
  options: CallOptions,
): Promise<StoredObject> {
  const { tools, clock } = bucket;
  const sentAtMs = tools.now();
  return await bucket.call(request, options, async (response) => {
    const shown = await shownIn({ request, response, body, digest }, tools.workers, options.signal);
    const { etag, crc64 } = shown;
    const names = namesOf(shown);
    const callback = target.callback && { status: response.status, body: response.body };
    const object = { ...objectIn(target.key, response), etag, crc64, size: body.size, body: names, callback };
    if (etag !== undefined || crc64 !== undefined) return object;
    const parts = body.size === 0 ? [] : [names];
    const sinceMs = () => clock.notLaterThan(sentAtMs);
    const claim = { request, response, target, parts, sinceMs };
    return { ...object, ...(await lookAgain(bucket, claim, options)) };
  });
}
