/** What an app sees of an uploader: its options, the uploader itself, and what is listed after a reload. Types only. */
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { Diagnosis } from "./diagnosis.js";
import type { CallTrace } from "./trace.js";
import type { FileInfo, Progress, Upload, UploadCallback, UploadOptions, UploadSource } from "./upload.js";

/** Opaque to the app: what `ossStore()` returns. */
export interface StoreAdapter {
  readonly kind: string;
}

export interface UploaderOptions {
  /** Where the bytes go: `ossStore({...})`. A store is an adapter, so that another service can be added beside it. */
  readonly store: StoreAdapter;
  /** Parts in flight over all files of this uploader. A number, or "auto" (default): measured, at most 6 per origin. */
  readonly concurrency?: number | "auto";
  /** Bytes, or "auto" (default). Always raised so that the file needs at most 10,000 parts; fixed once an upload began. */
  readonly partSize?: number | "auto";
  /** Files up to this size are sent with one PutObject. Default: one part. */
  readonly singlePutBelow?: number;
  /**
   * What is computed in the workers and proved before `finished` resolves.
   * "md5+crc64" (default): every part carries Content-MD5, every answer's ETag and CRC-64 are compared, and the CRC-64
   * of the whole object, combined from the parts, must equal the one the store reports. "crc64": the same without MD5.
   * "none": only sizes and ETags as returned.
   */
  readonly integrity?: "md5+crc64" | "crc64" | "none";
  readonly retry?: RetryOptions;
  /**
   * How a file is recognised again: "sampled" (default): size and samples of the content, milliseconds for any size; what
   * earlier pages stored is compared with the file in full before completion. "full": every byte is read first. Name and
   * date are hints for the user, not identity: phones change the date when a file is picked again.
   */
  readonly fingerprint?: "sampled" | "full";
  /** Where progress survives. Default: IndexedDB. `false`: memory only. Or your own implementation. */
  readonly checkpoints?: CheckpointStore | false;
  /** Separates the uploads of several signed-in users of one browser, e.g. the user id. Default: "". */
  readonly scope?: string;
  /** Checkpoints older than this are offered no more, and their multipart upload is aborted. Default: 7 days. */
  readonly expireAfterMs?: number;
  /**
   * How many settled uploads stay in `uploads`. Beyond it the oldest completed ones go by themselves; what failed, was stopped or
   * cancelled stays until `remove()`. Default: 1,000.
   */
  readonly keepSettled?: number;
  readonly workers?: WorkerOptions;
  /** Hold a screen wake lock while bytes are moving. Default: true. */
  readonly keepAwake?: boolean;
  /** Ask before the page is left. Default "when-needed": only while something is moving that could not be resumed. */
  readonly warnBeforeUnload?: "when-needed" | "always" | "never";
  /** One call per request that ended, for monitoring and bug reports. Carries no secret and no query. */
  readonly onRequest?: (trace: RequestTrace) => void;
}

export interface RetryOptions {
  /** How long network failures, 5xx and throttling may go on, while online, without one part being stored. Default 600,000. */
  readonly giveUpAfterMs?: number;
  /** First delay; doubles, with full jitter. Default 500. */
  readonly baseDelayMs?: number;
  /** Default 30,000. The server's Retry-After or x-oss-qos-delay-time wins over it. */
  readonly maxDelayMs?: number;
  /**
   * Silence, while a body is on its way, after which the request is cut and tried again. A slow part is not a silent one; a
   * queued request is not silent either, and waiting for an answer has longer limits of its own (CompleteMultipartUpload:
   * 10 minutes). Default 30,000.
   */
  readonly stallTimeoutMs?: number;
}

export interface WorkerOptions {
  /** Default: min(4, hardwareConcurrency − 1), at least 1. */
  readonly count?: number;
  /** For a bundler or a CSP that the built-in worker URL does not suit, e.g. `() => new MyWorker()`. */
  readonly create?: () => Worker;
}

export interface RequestTrace extends CallTrace {
  /** `Upload.id` */
  readonly upload: string;
}

export interface Uploader {
  /**
   * Starts, or silently continues, the upload of `source` to `options.key`. Never throws for a bad file or network:
   * the returned upload fails. Throws `UploadError` "invalid-option" at once for a call that can never work, and
   * "misconfigured" outside a secure context (https or localhost).
   *
   * The same `File` object (or handle) to the same key, already under way on this page, gives the same `Upload`: the new
   * `acl`, `callback`, `ifExists`, `priority` and `appData` count from then on, and the new `signal` stops it as well. One that is
   * being stopped or cancelled is not under way, nor is it for a call whose signal is aborted.
   *
   * Another object of the same content (a copy, the file picked again), or the same one with options that are fixed when a
   * multipart upload begins (content type, metadata, …) and differ, is an `Upload` of its own. It waits, with
   * `waiting.reason: "same-file"`, and shows the progress of the one it waits for. When that one completes, this one reads its own
   * file, compares it with the object, and sends nothing if they agree and the same was asked for; when that one stops, this one
   * takes over. Another tab that sends the same file is waited for in the same way ("other-tab").
   */
  upload(source: UploadSource, options: UploadOptions): Upload;
  /**
   * Uploads of this page that are not settled, and the last that are (`keepSettled`). Newest last. The same array until one is
   * added or goes.
   */
  readonly uploads: readonly Upload[];
  /**
   * Takes an upload from `uploads` that is completed, cancelled, failed or stopped. Nothing else happens to it; one that goes on
   * by its `resume()` comes back. @throws UploadError "invalid-option" for one that is not settled
   */
  remove(upload: Upload): void;
  /** Unfinished uploads of earlier pages on this device, newest first. Asks the user for nothing. */
  pending(): Promise<readonly PendingUpload[]>;
  /** Called after any upload changed, was added or left. At most 10 times a second. Returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
  /**
   * Sum over a batch: every upload since last nothing was unsettled. What was cancelled counts nowhere, what failed or was stopped
   * counts with what it has stored; so a batch ends with all its bytes stored.
   */
  readonly progress: Progress;
  /**
   * Looks for the mistakes that cost people days, in this browser and at the bucket: worker, database, credentials, clock,
   * CORS rule, exposed headers, permissions. At the bucket it begins a multipart upload, puts one part of a few bytes, lists
   * it, asks for the object and aborts: nothing stays, and no object is made. What it finds is in the answer, never an error.
   * @param options.key where to try, for policies that are confined to a prefix. Default: `.ossicle-diagnose-…` in the root
   * @throws UploadError "invalid-option" for a key that can never be one; rejects with an AbortError when `close()` is called
   */
  diagnose(options?: { readonly key?: string }): Promise<Diagnosis>;
  /** Stops everything and keeps what can be resumed. */
  close(): Promise<void>;
}

export interface PendingUpload {
  readonly id: string;
  readonly key: string;
  readonly file: FileInfo;
  readonly storedBytes: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly appData: unknown;
  /** "nothing": `resume()` just works. "permission": call it inside a click. "file": pass the file, picked again. */
  readonly needs: "nothing" | "permission" | "file";
  /** It was begun with a `callback`, which is not kept on this device: `resume()` has to be given it again. */
  readonly needsCallback: boolean;
  /** Another tab is sending it now. */
  readonly active: boolean;
  /**
   * Rejects with "file-changed" when `source` is another file, or no longer the same; with "invalid-option" when it needs a
   * callback and is given none. The checkpoint is kept.
   */
  resume(
    source?: UploadSource,
    options?: { readonly signal?: AbortSignal; readonly callback?: UploadCallback },
  ): Promise<Upload>;
  /** Aborts in the store, then deletes the checkpoint. */
  discard(): Promise<void>;
}
