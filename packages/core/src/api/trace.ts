/** One request to the store, as monitoring sees it. Types only. */
import type { UploadErrorCode } from "../errors.js";

/** The calls by the service's own names. */
export type StoreAction =
  | "PutObject"
  | "PostObject"
  | "InitiateMultipartUpload"
  | "UploadPart"
  | "ListParts"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "HeadObject";

/** One request that ended. No secret, no query. */
export interface CallTrace {
  readonly action: StoreAction;
  /** From 1; null for requests that carry no part. */
  readonly partNumber: number | null;
  /** 1 for the first try of a call. */
  readonly attempt: number;
  /** Bytes that the request carried, or would have. */
  readonly bodyBytes: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Until the answer was read, in milliseconds. */
  readonly durationMs: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** The service's name of the request, for its support; null where there was no answer, or the CORS rule hides it. */
  readonly requestId: string | null;
  /** null when the answer was of use. A later attempt may make it good. */
  readonly error: UploadErrorCode | null;
}
