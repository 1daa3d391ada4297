/** What an application server is asked to sign, and what it answers. Types only. */
import type { StoreAction } from "../../api/trace.js";

/**
 * No secret in the page: the application server signs. Called with a batch, just before the requests leave, and answers with as
 * many, in the same order. An `UploadError` "forbidden" or "rejected" ends the upload that asked; anything else is tried again.
 */
export type RequestSigner = (
  requests: readonly SignableRequest[],
  context: { readonly signal: AbortSignal },
) => Promise<readonly SignedRequest[]>;

/** A request that waits to be signed. */
export interface SignableRequest {
  /** The service's name of it. */
  readonly action: StoreAction;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly bucket: string;
  /** The object's full name, not encoded. */
  readonly key: string;
  /** Names and values, not encoded; "" for a name without a value. */
  readonly query: Readonly<Record<string, string>>;
  /**
   * Headers the page is going to send; those that the scheme signs must be signed as given. `content-length` of what carries
   * the file's bytes is among them: the browser writes it, so a signer may sign it, or leave it out.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same request, ready to leave. */
export interface SignedRequest {
  /** The whole URL, with the signature where it is a presigned one. */
  readonly url: string;
  /** To send beside those of the request, e.g. `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Until when it may leave: Date, ISO text, or seconds or milliseconds since the epoch. Default: until the store refuses it. */
  readonly expiresAt?: Date | string | number | undefined;
}
