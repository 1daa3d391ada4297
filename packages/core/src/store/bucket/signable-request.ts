/** What an application server is asked to sign, and what it answers. Types only. */
import type { StoreAction } from "../../api/trace.js";

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
