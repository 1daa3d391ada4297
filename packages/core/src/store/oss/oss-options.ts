/** What an app says about its bucket and who signs for it. Types only. */
import type { RequestSigner } from "../bucket/signable-request.js";

/** Which bucket it is, and how to get there. */
export interface PlaceOptions {
  /** The bucket's region id, e.g. "cn-hangzhou"; "oss-cn-hangzhou", capitals and blanks around it are accepted. */
  readonly region: string;
  /** The bucket's name alone, 3–63 of a–z, 0–9 and -. */
  readonly bucket: string;
  /**
   * Scheme, host and perhaps port; https without a scheme. Internal, accelerate, dual-stack, custom-domain and local endpoints go
   * here. Default: `https://oss-{region}.aliyuncs.com`.
   */
  readonly endpoint?: string | undefined;
  /**
   * Where the bucket's name stands in URLs. "virtual-hosted" (default): before the endpoint's host; "path" (default for IP addresses
   * and localhost): behind it; "cname": nowhere, `endpoint` is a custom domain that is bound to the bucket.
   */
  readonly addressing?: "virtual-hosted" | "path" | "cname" | undefined;
}

/** Who signs: either `credentials`, and the page signs, or `signer`, and it holds no key. Neither or both is "invalid-option". */
export type SigningOptions = {
  /** Version of the signature that the page makes of `credentials`. Default: "v4". */
  readonly signature?: "v4" | "v1" | undefined;
} & (
  | {
      /** A function is asked when it is needed, and again in time; an object is used as it is until it is refused. */
      readonly credentials: Credentials | StsCredentials | CredentialsProvider;
      readonly signer?: never;
    }
  | {
      /** Has requests signed elsewhere, e.g. `signAt("/api/sign")`. */
      readonly signer: RequestSigner;
      readonly credentials?: never;
    }
);

/** Options of `ossStore()`. They are copied when they are given. */
export type OssStoreOptions = PlaceOptions & SigningOptions;

/** Temporary ones of a role that may only upload: everything in a page can be read by whoever opens it. */
export interface Credentials {
  /** One that begins with "STS." needs a `securityToken`. */
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
  /** Date, ISO text, or seconds or milliseconds since the epoch. Default: good until the store refuses them. */
  readonly expiration?: Date | string | number | undefined;
}

/** The same as the STS service spells it, so that an application server may pass its answer on as it is. */
export interface StsCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken?: string | undefined;
  /** As `Credentials.expiration`. */
  readonly Expiration?: Date | string | number | undefined;
}

/**
 * One call at a time for all uploads: first use, shortly before expiration, and after the store refused the key. Then at once,
 * and a second time a moment later should the new one be refused as well; a third in a row ends the upload as "credentials".
 * One that throws is asked again as long as patience lasts, but for what has the `status` 401 or 403, which ends the upload as
 * "forbidden", and an `UploadError`, which ends it as it is.
 */
export type CredentialsProvider = (context: {
  /** Why it is asked: nothing was fetched yet, what there is ends soon, or the store refused it. */
  readonly reason: "first" | "expiring" | "rejected";
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}) => Promise<Credentials | StsCredentials>;
