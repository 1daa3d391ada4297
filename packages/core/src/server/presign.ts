/** Signs requests of a page with keys that the page never sees. Runs wherever WebCrypto does; no DOM. */

import type { SignableRequest, SignedRequest } from "../store/bucket/signable-request.js";
import type { PresignOptions } from "./presign-options.js";
import { readSignables } from "./signable.js";
import { signing } from "./signing.js";

/**
 * Presigns a batch with V4 query signatures, for `options.bucket` alone, and only requests that are part of an upload. Whether
 * this user may write to these keys is for the caller to decide first, by what is given here and nothing else; so names of
 * headers have to be in lower case, as they are signed: a check for `content-type` does not see `Content-Type`.
 *
 * @returns one signed request for each, in the same order
 * @throws UploadError "rejected" for a request that is not one of an upload, with `status: 413` where it is larger than
 *   `maxBytes`; "forbidden" for another bucket; "server" when the service does not list the parts; "invalid-option"
 * @see https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
 */
export async function presign(requests: readonly SignableRequest[], options: PresignOptions): Promise<SignedRequest[]> {
  const { rules, readKeys, sign } = signing(options);
  const checked = readSignables(requests, { ...rules, namesAsSigned: true });
  return await sign(checked, await readKeys());
}
