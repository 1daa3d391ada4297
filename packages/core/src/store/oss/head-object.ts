/** What HEAD shows of an object, and whether that is an object of the given parts. */
import type { CallOptions, ObjectInfo, PartNames, Proof, SeenObject } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { seenObject } from "./object-in.js";
import { headRequest } from "./oss-requests.js";
import { md5Of, proofOf } from "./proof.js";

/** See `ObjectStore.head`. */
export async function head(
  bucket: ConnectedBucket,
  key: string,
  options: CallOptions,
): Promise<SeenObject | undefined> {
  return await bucket.call(headRequest(key), options, (response) =>
    response.status === 404 ? undefined : seenObject(key, response),
  );
}

/** See `ObjectStore.matches`. */
export async function matches(
  { tools }: ConnectedBucket,
  object: ObjectInfo,
  parts: readonly PartNames[],
  { signal }: Pick<CallOptions, "signal">,
): Promise<Proof> {
  signal.throwIfAborted();
  return await proofOf(object, parts, async (text) => await md5Of(new Blob([text]), tools.workers, signal));
}
