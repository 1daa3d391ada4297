/** What an app holds of a bucket: everything that can be said against its options at once. The rest is loaded when it is used. */

import type { StoreAdapter } from "../../api/uploader.js";
import { UploadError } from "../../errors.js";
import { fixedOptions } from "../../upload/target.js";
import type { StoreConnection } from "../object-store.js";
import { ossPlace } from "./addressing.js";
import { checkTarget } from "./check-target.js";
import { ossDigests } from "./integrity.js";
import { readOssCredentials } from "./oss-credentials.js";
import { ossLimits } from "./oss-limits.js";
import type { OssStoreOptions } from "./oss-options.js";

/**
 * A bucket of Alibaba Cloud OSS, for `createUploader({ store })`.
 *
 * @throws UploadError "invalid-option" at once for a region, bucket, endpoint or credentials that can never work
 */
export function ossStore(options: OssStoreOptions): StoreAdapter {
  return ossConnection(options);
}

/** The same, with what only the uploader uses of it. */
export function ossConnection(options: OssStoreOptions): StoreConnection {
  const place = ossPlace(options);
  checkSigning(options);
  return {
    kind: "oss",
    limits: ossLimits,
    check: checkTarget,
    digests: ossDigests,
    fixed: fixedOptions,
    connect: async (tools) => {
      const { connectOss } = await import("./oss-store.js");
      return connectOss(options, place, tools);
    },
  };
}

function checkSigning({ credentials, signer, signature = "v4" }: OssStoreOptions): void {
  if (signature !== "v4" && signature !== "v1") {
    throw invalid(`signature ${JSON.stringify(signature)} is unknown`, 'Leave it out, or pass "v4" or "v1".');
  }
  if ((credentials === undefined) === (signer === undefined)) {
    const hint =
      "`credentials`: an object, or a function that fetches one. `signer`: a function that has requests signed.";
    throw invalid("needs either credentials or a signer", hint);
  }
  if (credentials !== undefined && typeof credentials !== "function") {
    readOssCredentials(credentials, "invalid-option", "`credentials` of ossStore()");
  }
}

function invalid(problem: string, hint: string): UploadError {
  return new UploadError("invalid-option", `ossStore: ${problem}`, { hint });
}
