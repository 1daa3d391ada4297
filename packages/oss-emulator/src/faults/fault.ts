/** The kinds of faults, and the spec that says to which requests a fault applies. Types only. */
import type { Action } from "../action.js";
import type { ExpiredTokenCode } from "../auth/accounts.js";

/**
 * What goes wrong with a request. Its `effect` is the change that the operation makes to the store: `before-effect` is after the
 * body was read and before that change; `before-answer` is after it.
 */
export type Fault =
  /** The connection is closed before the body is read. The operation does not run. */
  | { readonly kind: "refuse" }
  /**
   * The connection is reset. The operation has no effect. Default: `in-body`, which is after `afterBytes` bytes of the body (default:
   * half of them); `before-body` for a request without a body.
   */
  | { readonly kind: "reset"; readonly when?: "before-body" | "in-body" | "after-body"; readonly afterBytes?: number }
  /**
   * The emulator reads and sends nothing until the fault is released. `when` and `afterBytes` are as for `reset`; `before-answer` is
   * after the effect. A server that does not read does not see the client leave, so the request counts as under way until then.
   */
  | {
      readonly kind: "stall";
      readonly when?: "before-body" | "in-body" | "before-answer";
      readonly afterBytes?: number;
    }
  /** The body is read. Then the request waits until the fault is released. Default: `before-answer`. */
  | { readonly kind: "hold"; readonly when?: "before-effect" | "before-answer" }
  /** The request waits for `ms` milliseconds. Default: `before-answer`. */
  | { readonly kind: "delay"; readonly ms: number; readonly when?: "before-body" | "before-effect" | "before-answer" }
  /** The operation runs. Then the connection is reset in place of the answer. */
  | { readonly kind: "lose-answer" }
  /**
   * One bit of the body flips. `stored` (default): after the Content-MD5 check, so the wrong bytes are stored, and the answer has their
   * digests. `received`: before the check, which refuses the request if it has a Content-MD5.
   */
  | { readonly kind: "corrupt"; readonly what?: "stored" | "received" }
  /** The right bytes are stored, but the answer's ETag, and its CRC-64 if it has one, are those of other bytes. */
  | { readonly kind: "wrong-etag" }
  /** The part or object gets an ETag that is not its MD5, as under KMS encryption. Its CRC-64 is right. */
  | { readonly kind: "opaque-etag" }
  /**
   * 503 in place of the operation. `code`: default `UploadTrafficRateLimitExceeded`. `delayMs` is sent as `x-oss-qos-delay-time`,
   * `retryAfterSeconds` as `Retry-After`.
   */
  | {
      readonly kind: "slow-down";
      readonly code?: string;
      readonly delayMs?: number;
      readonly retryAfterSeconds?: number;
    }
  /**
   * An error of the service in place of the operation. `effect: true`: the operation runs first. `cors: false`: the answer has no CORS
   * headers, so no page can read it.
   */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
      readonly cors?: boolean;
    }
  /**
   * A proxy's HTML page in place of the answer, without the service's headers. `status`: default 502. `effect` and `cors` are as for
   * `error`.
   */
  | { readonly kind: "html"; readonly status?: number; readonly effect?: boolean; readonly cors?: boolean }
  /**
   * The answer of a stranger, which is anything between page and store: a service worker, a gateway, a captive portal. It has
   * `headers` and the bucket's CORS headers, but none of the service's. `status`: default 200. `body`: default "". `effect` and
   * `cors` are as for `error`.
   */
  | {
      readonly kind: "stranger";
      readonly status?: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
      readonly cors?: boolean;
      /** The `Location` header of a redirect, for a `status` of 3xx, such as `/_emulator/elsewhere`. */
      readonly location?: string;
    }
  /** The answer has no CORS headers, so no page can read it. `refusals: true`: only an answer with a status of 400 or above. */
  | { readonly kind: "without-cors"; readonly refusals?: boolean }
  /** The operation runs. The XML document of its answer ends in the middle. */
  | { readonly kind: "truncate-answer" }
  /** Half of the body is read, then the answer is 400 `RequestTimeout`. The operation has no effect. */
  | { readonly kind: "request-timeout" }
  /**
   * The token that signed the request expires, for this request and all later ones. `as`: the error code, by default the emulator's
   * `expiredTokenAnswer`. A permanent key cannot expire; then only this request is refused.
   */
  | { readonly kind: "expire-token"; readonly as?: ExpiredTokenCode }
  /** The upload that the request names is removed before the operation runs, as by a lifecycle rule. */
  | { readonly kind: "gone" }
  /** The operation runs. If it succeeds, its answer is 203 `CallbackFailed`. */
  | { readonly kind: "callback-failed" }
  /** The bodies of this request and its answer go no faster than so many bytes per second. */
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  /** From this request on the service's clock is `ms` milliseconds ahead (behind, if negative). */
  | { readonly kind: "clock-skew"; readonly ms: number };

export type FaultKind = Fault["kind"];

/** A kind without required fields, which may stand for the whole fault. */
export type FaultName = Exclude<FaultKind, "delay" | "error" | "throttle" | "clock-skew">;

/** A fault, and the requests to which it applies: those that match all given fields. */
export interface FaultSpec {
  /** One operation, several, or "any". */
  readonly on: Action | readonly Action[] | "any";
  /** Default: any bucket. */
  readonly bucket?: string;
  /** Default: any key. */
  readonly key?: string;
  /** Default: any part, and requests without a part number. */
  readonly partNumber?: number;
  /** true: only requests with a signature, in a header or in the URL. false: only requests without. Default: both. */
  readonly signed?: boolean;
  /** Number of matching requests that pass before the fault applies. Default: 0. */
  readonly after?: number;
  /** Number of requests to which the fault applies, from 1; "always" for all. Default: 1. */
  readonly times?: number | "always";
  readonly fault: Fault | FaultName;
}

/** A checked spec. Its fault is an object, also if only its name was given. */
export interface ParsedSpec extends Omit<FaultSpec, "fault"> {
  readonly fault: Fault;
}
