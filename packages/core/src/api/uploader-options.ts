/** What an app may say to `createUploader()`. Types only. */
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { CallTrace } from "./trace.js";

/** Opaque to the app: what `ossStore()` returns. */
export interface StoreAdapter {
  /** Which service it is, e.g. "oss". */
  readonly kind: string;
}

/** Options of `createUploader()`. They are copied when they are given; one that can never work throws "invalid-option". */
export interface UploaderOptions {
  /** Where the bytes go: `ossStore({...})`. A store is an adapter, so that another service can be added beside it. */
  readonly store: StoreAdapter;
  /** Parts in flight over all files of this uploader. A number, or "auto" (default): as many as carry more, at most 6 per origin. */
  readonly concurrency?: number | "auto" | undefined;
  /**
   * Bytes: all parts have this size, raised so that the file needs at most 10,000. "auto" (default): parts begin with 128 KiB and follow
   * what was stored, to about two seconds of the line, 64 MiB at most. What is stored stays as it was cut.
   */
  readonly partSize?: number | "auto" | undefined;
  /**
   * Bytes: files up to this size are sent in one request, 5 GiB at most. Default: 256 KiB, and up to 8 MiB what the line carries in two
   * seconds, once it is known; with a number as `partSize` that number.
   */
  readonly singlePutBelow?: number | undefined;
  /**
   * How files below 1 MiB that fit one request are sent. "post" (default): by PostObject, in one round trip and without a CORS preflight, if
   * it can say all options of the file; where the bucket, its CORS rule or the signer takes none, and with signature version 1, by
   * PutObject. "put": always by PutObject.
   */
  readonly smallFiles?: "post" | "put" | undefined;
  /**
   * What is computed in the workers and proved before `finished` resolves.
   * "md5+crc64" (default): every part carries Content-MD5, every answer's ETag and CRC-64 are compared, and the CRC-64
   * of the whole object, combined from the parts, must equal the one the store reports. "crc64": the same without MD5.
   * "none": only sizes and ETags as returned.
   */
  readonly integrity?: "md5+crc64" | "crc64" | "none" | undefined;
  /** How patient the uploader is. Default: ten minutes of trouble, see there. */
  readonly retry?: RetryOptions | undefined;
  /**
   * How a file is recognised again: "sampled" (default): size and samples of the content, milliseconds for any size; what
   * earlier pages stored is compared with the file in full before completion. "full": every byte is read first. Name and
   * date are hints for the user, not identity: phones change the date when a file is picked again.
   */
  readonly fingerprint?: "sampled" | "full" | undefined;
  /** Where progress survives. Default: IndexedDB. `false`: memory only. Or your own implementation. */
  readonly checkpoints?: CheckpointStore | false | undefined;
  /** Separates the uploads of several signed-in users of one browser, e.g. the user id. Default: "". */
  readonly scope?: string | undefined;
  /** Checkpoints older than this are offered no more, and their multipart upload is aborted. Default: 7 days. */
  readonly expireAfterMs?: number | undefined;
  /**
   * Leave the files of unfinished uploads with a keeper when the page is left, so that the next page goes on without a file picker: a service
   * worker in which `@ossicle/core/keeper` was imported. It holds references for at most five minutes, no content. Default: true; where
   * there is no such worker nothing is left.
   */
  readonly keepFiles?: boolean | undefined;
  /**
   * How many settled uploads stay in `uploads`. Beyond it the oldest completed ones go by themselves; what failed, was stopped or
   * cancelled stays until `remove()`. Default: 1,000.
   */
  readonly keepSettled?: number | undefined;
  /** The threads that hash and send. */
  readonly workers?: WorkerOptions | undefined;
  /** Hold a screen wake lock while bytes are moving. Default: true. */
  readonly keepAwake?: boolean | undefined;
  /**
   * What becomes of uploads when the page is left: a reload, a link, a closed tab. "pause" (default): they stop, and the next page goes on.
   * "finish": where the browser can (Chromium 148 and later), they go on without a page, for five minutes at most; what was completed is told
   * by the next page's `pending()`, with `result`. A paused upload stays paused. Only a token in hand, or `signAt()` with what its
   * `init` last gave, goes along: with a `signer` function, `checkpoints` or `workers.create` of your own it is "pause". `diagnose()` says
   * what it is here.
   */
  readonly afterPage?: "pause" | "finish" | undefined;
  /** Ask before the page is left. Default "when-needed": only while something is under way, or queued, that could not be resumed. */
  readonly warnBeforeUnload?: "when-needed" | "always" | "never" | undefined;
  /** One call per request that ended, for monitoring and bug reports. Carries no secret and no query. */
  readonly onRequest?: ((trace: RequestTrace) => void) | undefined;
}

/** Patience, in milliseconds. */
export interface RetryOptions {
  /** How long network failures, 5xx and throttling may go on, while online, without one part being stored. Default 600,000. */
  readonly giveUpAfterMs?: number | undefined;
  /** First delay; doubles with each attempt, and is drawn at random between 0 and that. Default 500. */
  readonly baseDelayMs?: number | undefined;
  /** The longest delay. Default 30,000. A Retry-After or x-oss-qos-delay-time wins over it; beyond `giveUpAfterMs` the upload fails at once. */
  readonly maxDelayMs?: number | undefined;
  /**
   * Silence, while a body is on its way, after which the request is cut and tried again. A slow part is not a silent one; a
   * queued request is not silent either. The answer to a body may take as long, and longer by the time in which what lies in the
   * browser's buffers leaves on this line; other requests have limits of their own (30 s; CompleteMultipartUpload: 10 minutes). A file of which no byte comes for so long is "file-unreadable": its drive hangs. Default 30,000.
   */
  readonly stallTimeoutMs?: number | undefined;
}

/** The threads that hash and send. */
export interface WorkerOptions {
  /** How many, a whole number. Default: min(4, hardwareConcurrency − 1), at least 1. */
  readonly count?: number | undefined;
  /** For a bundler or a CSP that the built-in worker URL does not suit, e.g. `() => new MyWorker()`. */
  readonly create?: (() => Worker) | undefined;
}

/** A request that ended, and whose it was. */
export interface RequestTrace extends CallTrace {
  /** `Upload.id`; "" for requests of `pending()` and `diagnose()`. */
  readonly upload: string;
}
