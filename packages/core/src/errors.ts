/** The one error class, told apart by `code`. Crossing threads and bundles is decided by the code, never by `instanceof`. */

export type UploadErrorCode =
  /** No answer: offline, DNS, reset, a dead worker, or a CORS rule that refuses the request. */
  | "network"
  /** No byte moved for `stallTimeoutMs`, or no answer came within its limit. */
  | "stalled"
  /** 429, or 503 with a quota code. */
  | "throttled"
  /** Other 5xx, 400 RequestTimeout, an answer that is not the service's. */
  | "server"
  /** ETag, CRC-64 or Content-MD5 disagree. */
  | "corrupted"
  /** Expired, unknown, wrong signature, clock. */
  | "credentials"
  /** AccessDenied; `action` names the permission that is missing. */
  | "forbidden"
  /** NoSuchBucket. */
  | "not-found"
  /** NoSuchUpload again after a restart. */
  | "upload-gone"
  /** `ifExists: "forbid"` and an object of that name is there. */
  | "already-exists"
  /** Not the file that the checkpoint belongs to. */
  | "file-changed"
  /** Edited, deleted, unmounted, a directory, permission withdrawn. */
  | "file-unreadable"
  /** `PendingUpload.resume` or `discard` while another tab is sending it. */
  | "locked"
  /** The object IS stored; the application server's callback failed. */
  | "callback-failed"
  /** For example: the bucket's CORS rule hides what proves a part; `hint` is the rule to add. */
  | "misconfigured"
  /** Any other 4xx: the service's own words are in `serverCode` and `message`. */
  | "rejected"
  /** The worker could not be started; `hint` says what to pass. */
  | "worker"
  /** Caught before anything was read or sent. */
  | "invalid-option";

/** What is known about a failure beside its code and message. */
export interface UploadErrorDetails {
  readonly hint?: string | undefined;
  readonly action?: string | undefined;
  readonly status?: number | undefined;
  readonly serverCode?: string | undefined;
  readonly requestId?: string | undefined;
  readonly hostId?: string | undefined;
  readonly ec?: string | undefined;
  readonly partNumber?: number | undefined;
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
  /** How long the service asked to be left alone: Retry-After, x-oss-qos-delay-time. */
  readonly retryAfterMs?: number | undefined;
  /** What the store says of repeating this very call, where it knows more than the code tells. */
  readonly again?: "at once" | "after" | undefined;
  /** Overrides what the code says; e.g. credentials that could not be fetched may be fetched later. */
  readonly temporary?: boolean | undefined;
}

/** Would the same call have a chance later? */
const temporaryCodes: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  "network",
  "stalled",
  "throttled",
  "server",
  "corrupted",
  "credentials",
  "locked",
]);

/** After these the checkpoint is of no use. Every other failure leaves it as good as it was. */
const finalCodes: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  "invalid-option",
  "callback-failed",
  "file-changed",
  "upload-gone",
]);

export class UploadError extends Error {
  override readonly name = "UploadError";
  declare readonly code: UploadErrorCode;
  /** Would the same call have a chance later? */
  declare readonly temporary: boolean;
  /** Is the checkpoint still good? */
  declare readonly resumable: boolean;
  /** One sentence for the developer: what to change. */
  declare readonly hint?: string;
  /** The service's name of what was tried, e.g. "UploadPart"; for "forbidden" the missing permission, e.g. "oss:PutObject". */
  declare readonly action?: string;
  /** HTTP status; absent when there was no answer. */
  declare readonly status?: number;
  /** What the service said, e.g. "AccessDenied". */
  declare readonly serverCode?: string;
  declare readonly requestId?: string;
  declare readonly hostId?: string;
  declare readonly ec?: string;
  declare readonly partNumber?: number;
  declare readonly attempts?: number;
  /** How long the service asked to be left alone. */
  declare readonly retryAfterMs?: number;
  /** The same call, signed anew, has a chance: at once, or after a rest. For the layer that repeats requests. */
  declare readonly again?: "at once" | "after";

  constructor(code: UploadErrorCode, message: string, details: UploadErrorDetails = {}) {
    const { cause, temporary, ...facts } = details;
    super(message, cause === undefined ? undefined : { cause });
    const known = {
      code,
      temporary: temporary ?? temporaryCodes.has(code),
      resumable: !finalCodes.has(code),
      ...facts,
    };
    for (const [name, value] of Object.entries(known)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  /** The same failure with more facts, e.g. how many attempts were made. Facts already known stand. */
  with(details: UploadErrorDetails): UploadError {
    const { message, code, temporary, cause, hint, action, status, serverCode, requestId, hostId, ec } = this;
    const { partNumber, attempts, retryAfterMs, again } = this;
    const known = { temporary, cause, hint, action, status, serverCode, requestId, hostId, ec };
    const merged: Record<string, unknown> = { ...details };
    for (const [name, value] of Object.entries({ ...known, partNumber, attempts, retryAfterMs, again })) {
      if (value !== undefined) merged[name] = value;
    }
    const error = new UploadError(code, message, merged);
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** Also true for an `UploadError` of another copy of the library, or one that came through `postMessage`. */
export function isUploadError(value: unknown): value is UploadError {
  return value instanceof Error && value.name === "UploadError" && "code" in value;
}

/** True for what `AbortController.abort()` rejects with: stopping is not a failure. */
export function isAbortError(value: unknown): boolean {
  return value instanceof DOMException && value.name === "AbortError";
}
