/** What an app says about its bucket and who signs for it. Types only. */
import type { RequestSigner } from "../bucket/signable-request.js";

export type OssStoreOptions = {
  /** "cn-hangzhou"; "oss-cn-hangzhou" is accepted. */
  readonly region: string;
  readonly bucket: string;
  /** Default https://oss-{region}.aliyuncs.com. Internal, accelerate, dual-stack, custom-domain and local endpoints go here. */
  readonly endpoint?: string;
  /** Default "virtual-hosted"; "path" for IP and localhost endpoints; "cname" for a custom domain bound to the bucket. */
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
 * and a second time a moment later should the new one be refused as well; a third in a row ends the upload as "credentials".
 */
export type CredentialsProvider = (context: {
  readonly reason: "first" | "expiring" | "rejected";
  readonly signal: AbortSignal;
}) => Promise<Credentials | StsCredentials>;
