/** The one error class. `code` tells errors apart; `instanceof` would fail for an error of another copy of the library. */

export type UploadErrorCode =
  /** No answer: offline, DNS, reset, a dead worker, or a CORS rule that refuses the request. */
  | "network"
  /** No byte moved for `stallTimeoutMs`, or the answer did not come in time. */
  | "stalled"
  /** 429, or 503 with a quota code. */
  | "throttled"
  /** Another 5xx, 400 RequestTimeout, or an answer that somebody else gave in the service's place. */
  | "server"
  /** The ETag, CRC-64 or Content-MD5 of the store does not match the bytes sent. */
  | "corrupted"
  /** The key or token is expired or unknown, the signature is wrong, or the clock is. */
  | "credentials"
  /** AccessDenied; `action` names the permission that is missing. */
  | "forbidden"
  /** NoSuchBucket. */
  | "not-found"
  /** The multipart upload vanished from the store more than once in one run. */
  | "upload-gone"
  /** `ifExists` is "forbid" and there is an object of that name. */
  | "already-exists"
  /** The file given to `PendingUpload.resume` is not the one that the upload began with. */
  | "file-changed"
  /** The file was edited, deleted or unmounted, is a directory, may not be read any more, or its drive does not answer. */
  | "file-unreadable"
  /** `PendingUpload.resume` or `discard` was called while another tab is sending the upload. */
  | "locked"
  /** The object is stored, but the callback to the application server failed. */
  | "callback-failed"
  /** The page, its Content-Security-Policy or the bucket's CORS rule is set up wrong; `hint` says what to change. */
  | "misconfigured"
  /** Any other 4xx. `serverCode` and `message` quote the service. */
  | "rejected"
  /** The worker could not be started; `hint` says what to pass. */
  | "worker"
  /** An option or argument can never work. Found before anything is read or sent. */
  | "invalid-option";

/** What `UploadError` holds beside `code` and `message`. Each field is explained there. */
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
  readonly retryAfterMs?: number | undefined;
  readonly again?: "at once" | "after" | undefined;
  readonly tooLarge?: "refused" | "guessed" | undefined;
  /** Overrides the default of the code. */
  readonly temporary?: boolean | undefined;
}

/** Codes whose errors are `temporary` by default. */
const temporaryCodes = [
  "network",
  "stalled",
  "throttled",
  "server",
  "corrupted",
  "credentials",
  "locked",
] as const satisfies readonly UploadErrorCode[];

/** After these errors the checkpoint is of no use. After every other error it is as good as before. */
const finalCodes = ["invalid-option", "callback-failed", "upload-gone"] as const satisfies readonly UploadErrorCode[];

/** The same call fails again until somebody changes something, and can then go on from the checkpoint. */
type LastingCode =
  | "forbidden"
  | "not-found"
  | "already-exists"
  | "file-changed"
  | "file-unreadable"
  | "misconfigured"
  | "rejected"
  | "worker";
type SortedCode = (typeof temporaryCodes)[number] | (typeof finalCodes)[number] | LastingCode;

/** @param code does not compile while a code is in none of the three lists */
function isOneOf(codes: readonly SortedCode[], code: UploadErrorCode): boolean {
  return codes.includes(code satisfies SortedCode);
}

export class UploadError extends Error {
  override readonly name = "UploadError";
  declare readonly code: UploadErrorCode;
  /** True if the same call may succeed later. */
  declare readonly temporary: boolean;
  /** True if `resume()` or a later page can go on from the checkpoint. */
  declare readonly resumable: boolean;
  /** One sentence for the developer: what to change. */
  declare readonly hint?: string;
  /** What was tried, by the service's name, e.g. "UploadPart"; for "forbidden" the missing permission, e.g. "oss:PutObject". */
  declare readonly action?: string;
  /** HTTP status; absent when there was no answer. */
  declare readonly status?: number;
  /** The service's error code, e.g. "AccessDenied". */
  declare readonly serverCode?: string;
  /** The service's id of the request, for a support ticket. */
  declare readonly requestId?: string;
  /** The `HostId` of the service's error document: the host that answered. */
  declare readonly hostId?: string;
  /** The service's finer error code, e.g. "0002-00000040"; its documentation explains each. */
  declare readonly ec?: string;
  /** The part that failed, from 1. */
  declare readonly partNumber?: number;
  /** How often the request was tried. */
  declare readonly attempts?: number;
  /** How long the service asks to wait, by Retry-After or x-oss-qos-delay-time. Milliseconds. Longer than patience would have lasted, if the upload failed with it. */
  declare readonly retryAfterMs?: number;
  /** The same call, signed anew, has a chance: at once, or after a rest. For the layer that repeats requests. */
  declare readonly again?: "at once" | "after";
  /**
   * The body was too large for something between page and store. "refused": it was answered 413. "guessed": bodies of this size got no
   * answer that the page may read, again and again, while small requests did.
   */
  declare readonly tooLarge?: "refused" | "guessed";

  constructor(code: UploadErrorCode, message: string, details: UploadErrorDetails = {}) {
    const { cause, temporary, ...facts } = details;
    super(message, cause === undefined ? undefined : { cause });
    const known = {
      code,
      temporary: temporary ?? isOneOf(temporaryCodes, code),
      resumable: !isOneOf(finalCodes, code),
      ...facts,
    };
    for (const [name, value] of Object.entries(known)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  /** @returns the same error with more details, e.g. the number of attempts. Details that it has already are kept */
  with(details: UploadErrorDetails): UploadError {
    // What an error does not know it does not have.
    const { name: _name, code, resumable: _resumable, ...known } = this;
    const error = new UploadError(code, this.message, { ...details, cause: this.cause ?? details.cause, ...known });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** Also true for an `UploadError` of another copy of the library. */
export function isUploadError(value: unknown): value is UploadError {
  return value instanceof Error && value.name === "UploadError" && "code" in value;
}

/**
 * True for what `Upload.finished` rejects with after `cancel()`, `signal` or `close()`, and for the default reason of
 * `AbortController.abort()`. Being stopped is not a failure.
 */
export function isAbortError(value: unknown): boolean {
  return value instanceof DOMException && value.name === "AbortError";
}
