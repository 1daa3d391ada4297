/** One request to the store, as monitoring sees it. Types only. */
import type { UploadErrorCode } from "../errors.js";

/** The calls by the service's own names. */
export type StoreAction =
  | "PutObject"
  | "InitiateMultipartUpload"
  | "UploadPart"
  | "ListParts"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "HeadObject";

/** One request that ended. No secret, no query. */
export interface CallTrace {
  readonly action: StoreAction;
  readonly partNumber: number | null;
  readonly attempt: number;
  readonly bodyBytes: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly requestId: string | null;
  readonly error: UploadErrorCode | null;
}
