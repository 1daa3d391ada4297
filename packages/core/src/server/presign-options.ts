/** Which bucket, whose keys, and what a page may have signed. Types only. */
import type { Credentials, OssStoreOptions, StsCredentials } from "../store/oss/oss-options.js";
import type { Allowance } from "./signable-headers.js";

/** Options of `presign()` and `createSignHandler()`. One that can never work throws "invalid-option". */
export interface PresignOptions {
  /** The bucket's region id, as for `ossStore`. */
  readonly region: string;
  /** The only bucket that is signed for. */
  readonly bucket: string;
  /** As for `ossStore`: what the page can reach, not the server. Default: the region's public endpoint. */
  readonly endpoint?: string | undefined;
  /** As for `ossStore`. */
  readonly addressing?: NonNullable<OssStoreOptions["addressing"]> | undefined;
  /** A function is called once for each batch; keep what it returns if fetching it costs something. */
  readonly credentials: Credentials | StsCredentials | (() => Promise<Credentials | StsCredentials>);
  /** How long a signed URL is good, 1–604,800. Default 900; a security token's own end may come first. */
  readonly expiresInSeconds?: number | undefined;
  /**
   * What a page may ask for beside storing a file: an ACL, a callback, a KMS key of its choice, a storage class. Default: none
   * of them; who allows one decides about its value in `authorize`.
   */
  readonly allow?: readonly Allowance[] | undefined;
  /**
   * The most that one object may have, in bytes. Each request states and signs its length; before Complete is signed the
   * stored parts are listed and summed, with the same `credentials`, which then need oss:ListParts. Default: no limit.
   */
  readonly maxBytes?: number | undefined;
  /** What asks for that list, e.g. to go through a proxy. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}
