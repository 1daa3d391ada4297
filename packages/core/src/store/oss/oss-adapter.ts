/** `ossStore()`: checks the options at once, and loads everything else when it is used. */

import type { StoreAdapter } from "../../api/uploader.js";
import { refuseForeignNames } from "../../foreign-names.js";
import { checking, invalid, oneOf, record } from "../../invalid-option.js";
import { fixedOptions } from "../../upload/target.js";
import type { StoreConnection } from "../store-connection.js";
import { ossPlace } from "./addressing.js";
import { checkTarget } from "./check-target.js";
import { ossDigests } from "./integrity.js";
import { readOssCredentials } from "./oss-credentials.js";
import { ossLimits } from "./oss-limits.js";
import type { OssStoreOptions, SigningOptions } from "./oss-options.js";

/**
 * A bucket of Alibaba Cloud OSS, for `createUploader({ store })`. Sends no request: `uploader.diagnose()` tries the bucket.
 *
 * @example ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: async () => (await fetch("/api/sts")).json() })
 * @throws UploadError "invalid-option" at once for a region, bucket, endpoint or credentials that can never work
 */
export function ossStore(options: OssStoreOptions): StoreAdapter {
  return ossConnection(options);
}

/** As `ossStore`, with the type that only the uploader knows. */
export function ossConnection(given: OssStoreOptions): StoreConnection {
  return checking("ossStore()", () => {
    record("The options of ossStore()", given);
    const { region, bucket, endpoint, addressing, signature = "v4", credentials, signer, ...others } = given;
    refuseForeignNames("ossStore()", others satisfies Readonly<Record<string, never>>);
    const asGiven = { region, bucket, endpoint, addressing };
    const place = ossPlace(asGiven);
    const signing = checkSigning(signature, credentials, signer);
    return {
      kind: "oss",
      limits: ossLimits,
      check: checkTarget,
      digests: ossDigests,
      fixed: fixedOptions,
      urlOf: (key) => place.urlOf(key, {}),
      connect: async (tools) => {
        const { connectOss } = await import("./oss-store.js");
        return connectOss(signing, place, tools, asGiven);
      },
    };
  });
}

/** @returns a copy, so that later changes of the app's object have no effect */
function checkSigning(
  signature: SigningOptions["signature"],
  credentials: SigningOptions["credentials"],
  signer: SigningOptions["signer"],
): SigningOptions {
  oneOf("ossStore: signature", signature, ["v4", "v1"]);
  if ((credentials === undefined) === (signer === undefined)) {
    const hint =
      "`credentials`: an object, or a function that fetches one. `signer`: a function that has requests signed.";
    throw invalid("ossStore: needs either credentials or a signer", hint);
  }
  if (signer !== undefined) {
    if (typeof signer === "function") return { signature, signer };
    throw invalid("ossStore: signer is not a function", "Pass signAt(url).");
  }
  if (typeof credentials === "function") return { signature, credentials };
  const { expiresAtMs, ...keys } = readOssCredentials(credentials, "invalid-option", "`credentials` of ossStore()");
  return {
    signature,
    credentials: { ...keys, expiration: expiresAtMs === undefined ? undefined : new Date(expiresAtMs) },
  };
}
