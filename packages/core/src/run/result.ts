/** Makes the `UploadResult` from what the store said of the object. Pure. */

import type { UploadResult } from "../api/upload.js";
import type { ObjectInfo, Proof } from "../store/object-store.js";
import type { RunContext } from "./context.js";

/** @param proof "unproved" becomes `verified: "none"` */
export function resultOf(
  context: RunContext,
  object: ObjectInfo,
  proof: Exclude<Proof, "different">,
  alreadyStored: boolean,
): UploadResult {
  const { world, file, reporter, target } = context;
  return {
    bucket: world.store.bucket,
    key: target.key,
    url: world.store.urlOf?.(target.key) ?? "",
    size: file.size,
    etag: object.etag ?? "",
    crc64: object.crc64?.toString() ?? null,
    verified: proof === "unproved" ? "none" : proof,
    versionId: object.versionId ?? null,
    requestId: object.requestId ?? null,
    callback: object.callback ?? null,
    alreadyStored,
    ...reporter.totals,
  };
}
