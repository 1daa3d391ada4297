/** What an app says about its bucket and who signs for it. Types only. */
import type { StoreAction } from "../../api/trace.js";

export type OssStoreOptions = {
  /** "cn-hangzhou"; "oss-cn-hangzhou", capitals and blanks around it are accepted. */
  readonly region: string;
  readonly bucket: string;
  /** Default https://oss-{region}.aliyuncs.com. Internal, accelerate, dual-stack, custom-domain and local endpoints go here. */
  readonly endpoint?: string;
  /** Default "virtual-hosted"; "path" for IP and localhost endpoints; "cname" for a custom domain bound to the bucket, which is the `endpoint`. */
  readonly addressing?: "virtual-hosted" | "path" | "cname";
  /** Default "v4". */
  readonly signature?: "v4" | "v1";
} & (
  | { readonly credentials: Credentials | StsCredentials | CredentialsProvider; readonly signer?: never }
  | { readonly signer: RequestSigner; readonly credentials?: never }
);

export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly expiration?: Date | string | number;
}

/** The same as the STS service spells it, so that an application server may pass its answer on as it is. */
export interface StsCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken?: string;
  readonly Expiration?: Date | string | number;
}

/**
 * One call at a time for all uploads: first use, shortly before expiration, and after the store refused the key. Then at once,
 * and a second time a moment later should the new one be refused as well; a third in a row ends the upload as "credentials". What it
 * throws with the `status` 401 or 403 ends it as "forbidden" at once; anything else is asked for again.
 */
export type CredentialsProvider = (context: {
  readonly reason: "first" | "expiring" | "rejected";
  readonly signal: AbortSignal;
}) => Promise<Credentials | StsCredentials>;

/** No secret in the page: the application server signs. Called with a batch, just before the requests leave. */
export type RequestSigner = (
  requests: readonly SignableRequest[],
  context: { readonly signal: AbortSignal },
) => Promise<readonly SignedRequest[]>;

export interface SignableRequest {
  readonly action: StoreAction;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /**
   * Headers the page is going to send; those that the scheme signs must be signed as given. `content-length` of what carries
   * the file's bytes is among them: the browser writes it, so a signer may sign it, or leave it out.
   */
  readonly headers: Readonly<Record<string, string>>;
}
export interface SignedRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expiresAt?: Date | string | number;
}
