/** The options of signing on the application server: the bucket, the key, and what a page may ask to have signed. Types only. */
import type { Credentials, OssStoreOptions, StsCredentials } from "../store/oss/oss-options.js";
import type { Allowance } from "./signable-headers.js";

/** Options of `presign()` and `createSignHandler()`. One that can never work throws "invalid-option". */
export interface PresignOptions {
  /** The bucket's region id, as for `ossStore`. */
  readonly region: string;
  /** The only bucket that is signed for. */
  readonly bucket: string;
  /** As for `ossStore`: the endpoint that the page uses, not the server. Default: the region's public endpoint. */
  readonly endpoint?: string | undefined;
  /** As for `ossStore`. */
  readonly addressing?: NonNullable<OssStoreOptions["addressing"]> | undefined;
  /** A function is called once for each batch of requests. Cache inside it what is slow or costly to fetch. */
  readonly credentials: Credentials | StsCredentials | (() => Promise<Credentials | StsCredentials>);
  /** How many seconds a signed URL is valid, 1–604,800. Default 900. A form is valid for 300 at most; a security token may end sooner. */
  readonly expiresInSeconds?: number | undefined;
  /**
   * What a page may ask for beside storing a file: an ACL, a callback, a KMS key of its choice, a storage class. Default: none. If you
   * allow one, check its value in `authorize`.
   */
  readonly allow?: readonly Allowance[] | undefined;
  /**
   * The largest allowed object, in bytes. Each request states its length, which is signed. Before a Complete is signed the stored parts
   * are listed and summed, with the same `credentials`, which then need oss:ListParts. Default: no limit.
   */
  readonly maxBytes?: number | undefined;
  /** Sends the request for that list; e.g. one that uses a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}
