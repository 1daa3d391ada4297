/** Signs requests of a page with keys that the page never sees. Needs WebCrypto, and no DOM. */

import type { SignableRequest, SignedRequest } from "../store/bucket/signable-request.js";
import type { PresignOptions } from "./presign-options.js";
import { readSignables } from "./signable.js";
import { signing } from "./signing.js";

/**
 * Presigns a batch of requests with V4 query signatures; a "PostObject" as a form for that one object. It signs only requests that are part of an upload to `options.bucket`. Decide
 * before, from the same `requests`, whether this user may write to these keys. Names of headers must be in lower case, as they are
 * signed: a check for `content-type` would not see `Content-Type`.
 *
 * @returns a signed request for each, in the same order
 * @throws UploadError "rejected" with the status 400 for a request that is not part of an upload, 413 if it is larger than `maxBytes`;
 *   "forbidden" with 403 for another bucket; "server" with 502 if the service does not list the parts; "invalid-option"
 * @see https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
 */
export async function presign(requests: readonly SignableRequest[], options: PresignOptions): Promise<SignedRequest[]> {
  const { rules, readKeys, sign } = signing(options);
  const checked = readSignables(requests, { ...rules, namesAsSigned: true });
  return await sign(checked, await readKeys());
}
