/** Signs requests of a page with keys that the page never sees. Runs wherever WebCrypto does; no DOM. */
import type {
  Credentials,
  OssStoreOptions,
  SignableRequest,
  SignedRequest,
  StsCredentials,
} from "../store/oss/oss-options.js";
import { readSignables } from "./signable.js";
import type { Allowance } from "./signable-headers.js";
import { signing } from "./signing.js";

export interface PresignOptions {
  readonly region: string;
  readonly bucket: string;
  /** As for `ossStore`: what the page can reach, not the server. Default: the region's public endpoint. */
  readonly endpoint?: string;
  readonly addressing?: NonNullable<OssStoreOptions["addressing"]>;
  /** A function is called once for each batch; keep what it returns if fetching it costs something. */
  readonly credentials: Credentials | StsCredentials | (() => Promise<Credentials | StsCredentials>);
  /** How long a signed URL is good, 1–604,800. Default 900; a security token's own end may come first. */
  readonly expiresInSeconds?: number;
  /**
   * What a page may ask for beside storing a file: an ACL, a callback, a KMS key of its choice, a storage class. Default: none
   * of them; who allows one decides about its value in `authorize`.
   */
  readonly allow?: readonly Allowance[];
  /**
   * The most that one object may have, in bytes. Each request states and signs its length; before Complete is signed the
   * stored parts are listed and summed, with the same `credentials`, which then need oss:ListParts. Default: no limit.
   */
  readonly maxBytes?: number;
  /** What asks for that list, e.g. to go through a proxy. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

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
