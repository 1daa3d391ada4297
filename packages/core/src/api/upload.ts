/** What an app sees of one upload: its source, options, states and result. Types only. */
import type { UploadError } from "../errors.js";

export type UploadSource = File | Blob | FileSystemFileHandle | PickedFile;

/** A file with, where the browser gives one, the handle that lets it be reopened after a reload without asking again. */
export interface PickedFile {
  readonly file: File;
  readonly handle?: FileSystemFileHandle;
  /** Path inside a dropped or picked folder, "/"-separated, ending in the file's name. */
  readonly path: string;
}

export interface UploadOptions {
  /** The object's full name in the bucket, 1–1023 bytes of UTF-8. */
  readonly key: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly expires?: Date;
  /**
   * Becomes `x-oss-meta-*`, 8 KiB at most. Names of letters, digits and hyphens, which the service shows in lower case. Values that are
   * not plain ASCII, or have a "%", are percent-encoded: `decodeMetadata` reads them back.
   */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly acl?: "default" | "private" | "public-read" | "public-read-write";
  readonly storageClass?: "Standard" | "IA" | "Archive" | "ColdArchive" | "DeepColdArchive";
  readonly encryption?: { readonly algorithm: "AES256" | "KMS" | "SM4"; readonly kmsKeyId?: string };
  /**
   * The store calls this application server once the object exists. Not kept with the checkpoint: URL and variables may be
   * secrets. An upload that was begun with one is never completed without one.
   */
  readonly callback?: UploadCallback;
  /** "replace" (default), "forbid" (fails with "already-exists"), or "skip-identical": nothing is sent if the same bytes are there. */
  readonly ifExists?: "replace" | "forbid" | "skip-identical";
  /** Bits per second for one connection, as the service limits it (819,200–838,860,800). */
  readonly trafficLimit?: number;
  readonly priority?: "high" | "normal" | "low";
  /** Stops the upload and KEEPS what was sent. Only `upload.cancel()` deletes. */
  readonly signal?: AbortSignal;
  /** Anything structured-cloneable; given back by `pending()`. */
  readonly appData?: unknown;
}

export interface UploadCallback {
  readonly url: string | readonly string[];
  readonly body: string;
  readonly host?: string;
  readonly contentType?: "application/x-www-form-urlencoded" | "application/json";
  readonly sni?: boolean;
  /** Names without the `x:` prefix. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  /** null until a `FileSystemFileHandle` has been opened. */
  readonly file: FileInfo | null;
  /** Immutable; a new object for every change: fits `useSyncExternalStore`, a ref, a signal. */
  readonly state: UploadState;
  /** At most 10 calls a second for progress, and one for every change of phase. Returns the unsubscriber. */
  subscribe(listener: (state: UploadState) => void): () => void;
  /**
   * Like `Animation.finished`: a promise property. Resolves with the verified object; rejects with `UploadError`, or
   * with an `AbortError` DOMException after `cancel()`, `signal` or `close()`. Pending while paused. Replaced by a new
   * promise when `resume()` follows a failure. Never an unhandled rejection by itself.
   */
  readonly finished: Promise<UploadResult>;
  /** Aborts the requests in flight; finished parts stay. */
  pause(): Promise<void>;
  /** From "paused", "stopped" or "failed". */
  resume(): void;
  /** Stops, aborts the multipart upload in the store, deletes the checkpoint. Works without the right to abort, too. */
  cancel(): Promise<void>;
  /** One byte per part, for drawing: 0 to do, 1 in flight, 2 stored now, 3 stored before this page. */
  partMap(): Uint8Array;
}

export interface FileInfo {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly lastModified: number;
}

export type UploadState =
  | {
      readonly phase: "queued" | "preparing" | "uploading" | "completing";
      readonly progress: Progress;
      readonly waiting: Waiting | null;
      readonly resumable: boolean;
    }
  /** By `pause()`, or because the page left: one that comes back from the back/forward cache goes on by itself. */
  | { readonly phase: "paused"; readonly progress: Progress }
  /** By `signal` or `close()`: what was sent is kept, `finished` rejected with an AbortError. */
  | { readonly phase: "stopped"; readonly progress: Progress }
  | { readonly phase: "failed"; readonly progress: Progress; readonly error: UploadError }
  | { readonly phase: "completed"; readonly progress: Progress; readonly result: UploadResult }
  | { readonly phase: "cancelled"; readonly progress: Progress };

/** Why nothing moves at the moment. */
export interface Waiting {
  /** "verifying": every part is stored; parts of earlier pages are being compared with the file before it is completed. */
  readonly reason: "offline" | "backoff" | "credentials" | "other-tab" | "slot" | "verifying";
  readonly untilMs?: number;
  readonly error?: UploadError;
}

export interface Progress {
  readonly totalBytes: number;
  /** Acknowledged by the store, checked, and recorded. Shrinks only when a stored part proves not to be this file's. */
  readonly storedBytes: number;
  /** storedBytes plus what is in flight. May shrink when a part must be sent again. */
  readonly sentBytes: number;
  /** Part of storedBytes that earlier pages had already sent. */
  readonly resumedBytes: number;
  /** Smoothed over about 2 s of wall-clock time. */
  readonly bytesPerSecond: number;
  /** null until it means something. */
  readonly secondsLeft: number | null;
  readonly parts: { readonly total: number; readonly stored: number; readonly inFlight: number };
}

export interface UploadResult {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Unsigned decimal, as the store reports it. */
  readonly crc64: string | null;
  /**
   * What was actually proved, by a digest of ours that agrees with what the store shows. "none" only if `integrity` is, or if the
   * bucket's CORS rule hides every proof (a warning then).
   */
  readonly verified: "crc64" | "etag" | "none";
  readonly versionId: string | null;
  readonly requestId: string | null;
  /** The application server's answer, when a callback was asked for. null also when that answer was lost on its way. */
  readonly callback: { readonly status: number; readonly body: string } | null;
  /**
   * true when nothing had to be sent: "skip-identical" found the object, or one that this upload, or another of the same file
   * and options, had made was recognised.
   */
  readonly alreadyStored: boolean;
  readonly resumedBytes: number;
  /** Body bytes handed to the network in this page, resends included. */
  readonly sentBytes: number;
}
