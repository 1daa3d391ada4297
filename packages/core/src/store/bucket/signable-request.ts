/** The requests that an application server is asked to sign, and its answer. Types only. */
import type { StoreAction } from "../../api/trace.js";

/**
 * Has requests signed by the application server, so that the page holds no secret. It is called with a batch just before the requests are
 * sent, and resolves with a signed request for each, in the same order. An `UploadError` "forbidden" or "rejected" ends the upload that
 * asked; after any other error it is called again.
 */
export type RequestSigner = (
  requests: readonly SignableRequest[],
  context: { readonly signal: AbortSignal },
) => Promise<readonly SignedRequest[]>;

/** A request that waits to be signed. */
export interface SignableRequest {
  /** The service's name for this kind of request. */
  readonly action: StoreAction;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly bucket: string;
  /** The object's full name, not encoded. */
  readonly key: string;
  /** Names and values, not encoded; "" for a name without a value. */
  readonly query: Readonly<Record<string, string>>;
  /**
   * The headers that the page will send. Those that the scheme signs must be signed with these values. A request that carries bytes of the
   * file has `content-length` too: the browser sends it, so a signer may sign it or leave it out.
   *
   * Those of a "PostObject" are the headers that a PutObject of the same object would have, with the size of the file as `content-length`.
   * They are not sent: the signer writes them into `fields`.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same request, ready to be sent. */
export interface SignedRequest {
  /** The whole URL; of a presigned one with its signature, of a "PostObject" that of the bucket. */
  readonly url: string;
  /**
   * For a "PostObject": all fields of the form but `file`, in the order in which they are sent. A signer that does not know this action
   * may refuse it, or answer without `fields`: the page then sends PutObject.
   */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Headers to send in addition to those of the request, e.g. `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Until when it may be sent: Date, ISO text, or seconds or milliseconds since the epoch. Default: until the store refuses it. */
  readonly expiresAt?: Date | string | number | undefined;
}
