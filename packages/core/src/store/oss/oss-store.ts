/**
 * Alibaba Cloud OSS behind the `ObjectStore` seam: each method stands in a file of its own, and they are put together here. Laws: nothing
 * is claimed that the store did not show; a layer is a store that wraps a store.
 */
import { loading } from "../../not-loaded.js";
import { fixedOptions } from "../../upload/target.js";
import type { ObjectStore } from "../object-store.js";
import type { StoreTools } from "../store-connection.js";
import type { OssPlace } from "./addressing.js";
import { checkTarget } from "./check-target.js";
import { complete, rejectsParts } from "./complete.js";
import { type ConnectedBucket, connectBucket } from "./connected-bucket.js";
import { head, matches } from "./head-object.js";
import { ossDigests } from "./integrity.js";
import { listParts } from "./list-parts.js";
import { abort, initiate, putPart } from "./multipart.js";
import { ossHints } from "./oss-dialect.js";
import { ossLimits } from "./oss-limits.js";
import type { PlaceOptions, SigningOptions } from "./oss-options.js";
import { portableOss } from "./portable-oss.js";
import { holds } from "./proof.js";
import { putObject } from "./put-object.js";
import { hasTraits } from "./traits.js";

/** @param options that `ossStore` has checked. @param asGiven what `place` was read from. Without it the store needs its page. @returns a plain object with methods of its own, because layers spread it */
export function connectOss(
  options: SigningOptions,
  place: OssPlace,
  tools: StoreTools,
  asGiven?: PlaceOptions,
): ObjectStore {
  const bucket = connectBucket(options, place, tools);
  const ofBucket =
    <Given extends unknown[], Result>(method: (bucket: ConnectedBucket, ...given: Given) => Result) =>
    (...given: Given) =>
      method(bucket, ...given);
  return {
    location: place.location,
    bucket: place.bucket,
    limits: ossLimits,
    hints: ossHints,
    digests: ossDigests,
    fixed: fixedOptions,
    urlOf: (key) => place.urlOf(key, {}),
    portable: () => asGiven && portableOss(asGiven, options, bucket.inHand),
    moment: () => {
      const pageMs = tools.now();
      // Known now where it can be: once the page's clock is set, what it said before can no longer be corrected.
      const known = bucket.clock.exactly(pageMs);
      return () => known ?? bucket.clock.exactly(pageMs);
    },
    check: checkTarget,
    holds,
    putObject: ofBucket(putObject),
    initiate: ofBucket(initiate),
    putPart: ofBucket(putPart),
    listParts: ofBucket(listParts),
    complete: ofBucket(complete),
    abort: ofBucket(abort),
    head: ofBucket(head),
    matches: ofBucket(matches),
    isAsAskedFor: ({ traits }, target) => hasTraits(traits, target) === true,
    // Loaded by pages that diagnose alone: with what it says, it is a fifth of this chunk.
    probe: async (...asked) => (await loading("diagnosis", import("./oss-probe.js"))).ossProbe(bucket)(...asked),
    rejectsParts,
  };
}
