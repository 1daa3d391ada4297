/** The options of signing on the application server: the bucket, the key, and what a page may ask to have signed. Types only. */
import type { Credentials, OssStoreOptions, StsCredentials } from "../store/oss/oss-options.js";
import type { Allowance } from "./signable-headers.js";

export interface PresignOptions {
  readonly region: string;
  readonly bucket: string;
  /** As for `ossStore`: the endpoint that the page uses, not the server. Default: the region's public endpoint. */
  readonly endpoint?: string;
  readonly addressing?: NonNullable<OssStoreOptions["addressing"]>;
  /** A function is called once for each batch of requests. Cache inside it what is slow or costly to fetch. */
  readonly credentials: Credentials | StsCredentials | (() => Promise<Credentials | StsCredentials>);
  /** How many seconds a signed URL is valid, 1–604,800. Default 900. A security token may end sooner. */
  readonly expiresInSeconds?: number;
  /**
   * What a page may ask for beside storing a file: an ACL, a callback, a KMS key of its choice, a storage class. Default: none. If you
   * allow one, check its value in `authorize`.
   */
  readonly allow?: readonly Allowance[];
  /**
   * The largest allowed object, in bytes. Each request states its length, which is signed. Before a Complete is signed the stored parts
   * are listed and summed, with the same `credentials`, which then need oss:ListParts. Default: no limit.
   */
  readonly maxBytes?: number;
  /** Sends the request for that list; e.g. one that uses a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}
