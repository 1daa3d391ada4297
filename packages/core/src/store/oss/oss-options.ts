/** The options of `ossStore()`. Types only. */
import type { RequestSigner } from "../bucket/signable-request.js";

/** Which bucket it is, and how to reach it. */
export interface PlaceOptions {
  /** The bucket's region id, e.g. "cn-hangzhou"; "oss-cn-hangzhou", capitals and blanks around it are accepted. */
  readonly region: string;
  /** The bucket's name alone, 3–63 of a–z, 0–9 and -. */
  readonly bucket: string;
  /**
   * Scheme, host and, if needed, port; the scheme may be left out for https. For internal, accelerate, dual-stack, custom-domain and local
   * endpoints. Default: `https://oss-{region}.aliyuncs.com`.
   */
  readonly endpoint?: string | undefined;
  /**
   * Where URLs have the bucket's name. "virtual-hosted" (default): before the endpoint's host. "path" (default for IP addresses and
   * localhost): after it. "cname": nowhere, because the endpoint is a custom domain that is bound to the bucket.
   */
  readonly addressing?: "virtual-hosted" | "path" | "cname" | undefined;
}

/** Who signs: the page, with `credentials`, or your server, by `signer`. Neither or both throws "invalid-option". */
export type SigningOptions = {
  /** Version of the signature that the page makes with `credentials`. Default: "v4". */
  readonly signature?: "v4" | "v1" | undefined;
} & (
  | {
      /** A function is called when credentials are needed, and again before they expire. An object is used until the store refuses it. */
      readonly credentials: Credentials | StsCredentials | CredentialsProvider;
      readonly signer?: never;
    }
  | {
      /** Has requests signed elsewhere, e.g. `signAt("/api/sign")`. */
      readonly signer: RequestSigner;
      readonly credentials?: never;
    }
);

/** Options of `ossStore()`, which copies them. */
export type OssStoreOptions = PlaceOptions & SigningOptions;

/** Give temporary credentials of a role that may only upload: every visitor can read what is in a page. */
export interface Credentials {
  /** If it begins with "STS.", a `securityToken` is needed. */
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of a temporary key. Default: none. */
  readonly securityToken?: string | undefined;
  /** Date, ISO text, or seconds or milliseconds since the epoch. Default: good until the store refuses them. */
  readonly expiration?: Date | string | number | undefined;
}

/** `Credentials` in the spelling of the STS service, so that an application server may pass its answer on unchanged. */
export interface StsCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken?: string | undefined;
  /** As `Credentials.expiration`. */
  readonly Expiration?: Date | string | number | undefined;
}

/**
 * Called on first use, shortly before the expiration, and after the store refused the key; never twice at the same time, however many
 * uploads there are. After a refusal it is called at once, and if the new key is refused too, once more a moment later; the third refusal in
 * a row ends the upload with "credentials". If it throws, it is called again until `giveUpAfterMs` has passed; but an error with the
 * `status` 401 or 403 ends the upload with "forbidden", and an `UploadError` of the app as it is.
 */
export type CredentialsProvider = (context: {
  /** Why it is called: nothing was fetched yet, the credentials expire soon, or the store refused them. */
  readonly reason: "first" | "expiring" | "rejected";
  /** Aborted when no upload waits for the answer any more. */
  readonly signal: AbortSignal;
}) => Promise<Credentials | StsCredentials>;
