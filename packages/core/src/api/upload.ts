/** What an app sees of one upload: its source, options, states and result. Types only. */
import type { UploadError } from "../errors.js";
import type { ObjectTarget } from "./object-target.js";

export type { UploadCallback } from "./object-target.js";

/**
 * What can be uploaded. Files with a handle can be reopened after a reload without asking the user again; a bare `Blob` has no name.
 * Nothing is read before the upload begins, and never more than a few MB at a time.
 */
export type UploadSource = File | Blob | FileSystemFileHandle | PickedFile;

/** A file with, where the browser gives one, the handle that lets it be reopened after a reload without asking again. */
export interface PickedFile {
  readonly file: File;
  /** Chromium's alone. It is kept with the checkpoint, and from then on while the file is queued. */
  readonly handle?: FileSystemFileHandle | undefined;
  /** Path inside a dropped or picked folder, "/"-separated, ending in the file's name. */
  readonly path: string;
}

/** What only this page needs to know of an upload. */
export interface PageOptions {
  /**
   * Stops the upload and KEEPS what was sent: `finished` rejects with an AbortError, `resume()` goes on. Only `upload.cancel()`
   * deletes. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Anything structured-cloneable, copied when it is given, kept with the checkpoint and given back by `pending()`. Not for secrets:
   * it lies on the user's disk. Proxies that frameworks put around plain objects are copied as what they stand for. Default: none.
   *
   * @example appData: { albumId: 7, title: "Holidays" }
   */
  readonly appData?: unknown;
  /** Whose parts go first where several uploads wait for a connection. Default: "normal". */
  readonly priority?: "high" | "normal" | "low" | undefined;
}

/** Options of `upload()`. They are copied when they are given: what an app does with its object later changes nothing. */
export interface UploadOptions extends ObjectTarget, PageOptions {}

/**
 * One upload as a page holds it: its state, and what can be done with it.
 *
 * @example
 * const upload = uploader.upload(file, { key: "videos/a.mp4" });
 * upload.subscribe(({ phase, progress }) => show(phase, progress.fraction));
 * const { etag } = await upload.finished;
 */
export interface Upload {
  /** Of this handle, random: another one for each call, and after a reload. */
  readonly id: string;
  /** The object's name, as `upload()` was given it. */
  readonly key: string;
  /** What is being sent; null until a `FileSystemFileHandle` has been opened. */
  readonly file: FileInfo | null;
  /** Immutable; a new object for every change: fits `useSyncExternalStore`, a ref, a signal. */
  readonly state: UploadState;
  /**
   * At most 10 calls a second for progress, and one for every change of phase. Not called at once: begin with `state`. What a listener
   * throws is an uncaught error of the page, and stops nothing. Returns the unsubscriber.
   */
  subscribe(listener: (state: UploadState) => void): () => void;
  /** As last given to `upload()`, without `signal`. Frozen. */
  readonly options: Readonly<Omit<UploadOptions, "signal">>;
  /** As last given to `upload()`; the same as `options.appData`. */
  readonly appData: unknown;
  /**
   * Like `Animation.finished`: a promise property. Resolves with the verified object; rejects with `UploadError`, or with a
   * DOMException named "AbortError" (`isAbortError()` tells) after `cancel()`, `signal` or `close()`.
   * **It always settles, unless the upload is paused and stays so.** Replaced by a new promise when `resume()` follows a failure or
   * a stop. Never an unhandled rejection by itself.
   */
  readonly finished: Promise<UploadResult>;
  /** Aborts the requests in flight; finished parts stay. Resolves when nothing is running any more; `finished` stays pending. */
  pause(): Promise<void>;
  /** From "paused", "stopped" or "failed"; does nothing in any other phase, nor after `uploader.close()`. Also the way to try again. */
  resume(): void;
  /**
   * For a "Try now" button while `state.waiting` says "backoff" or "offline": what waits to be tried again is tried at once. Does nothing
   * where nothing waits so. After a failure `resume()` tries again.
   */
  retryNow(): void;
  /**
   * Stops, aborts the multipart upload in the store, deletes the checkpoint. Works without the right to abort, too. Stronger than a
   * stop, which is stronger than a pause, in whichever order they come. A completed upload stays.
   * @returns when nothing more is sent and the checkpoint is marked, so that nobody goes on with it; after some seconds where every
   *   byte is read for it (`fingerprint: "full"`). The rest happens in the
   *   background; what fails there, offline for example, is done by a later page. Never rejects for it
   */
  cancel(): Promise<void>;
  /**
   * One byte per part of the present plan, in the order of the file, for drawing: 0 to do, 1 in flight, 2 stored now, 3 stored before this
   * page. Parts are cut when they are sent: the plan of the rest may change. Empty once completed.
   */
  partMap(): Uint8Array;
  /** Where each part of `partMap()` begins in the file, in bytes; as long as that, and ascending. */
  partStarts(): Float64Array;
}

/** What is known of a file without reading it. */
export interface FileInfo {
  /** "" for a `Blob`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** As the browser guesses it from the name, e.g. "video/mp4"; "" where it knows none. */
  readonly type: string;
  /** Milliseconds since the epoch; 0 for a `Blob`. */
  readonly lastModified: number;
}

/** `phase` says how far it is; "completed" and "cancelled" are final, the others can go on. */
export type UploadState =
  | {
      /**
       * "queued": a few others come first; "preparing": the file is read, what is stored is asked; "uploading": parts go out;
       * "completing": every part is stored, the object is made and proved.
       */
      readonly phase: "queued" | "preparing" | "uploading" | "completing";
      readonly progress: Progress;
      /** Why nothing moves at the moment; null while something does. */
      readonly waiting: Waiting | null;
      /** A checkpoint exists: a later page can go on with it. Never so for a file that is sent in one request. */
      readonly resumable: boolean;
    }
  /** By `pause()`, or because the page left: one that comes back from the back/forward cache goes on by itself. */
  | { readonly phase: "paused"; readonly progress: Progress }
  /** By `signal` or `close()`: what was sent is kept, `finished` rejected with an AbortError. */
  | { readonly phase: "stopped"; readonly progress: Progress }
  /** `error.temporary`: `resume()` has a chance. `error.resumable`: what was sent is kept. `finished` rejected with the same error. */
  | { readonly phase: "failed"; readonly progress: Progress; readonly error: UploadError }
  /** The store has shown the object. `finished` resolved with the same result. */
  | { readonly phase: "completed"; readonly progress: Progress; readonly result: UploadResult }
  /** By `cancel()`: `finished` rejected with an AbortError. */
  | { readonly phase: "cancelled"; readonly progress: Progress };

/** Why nothing moves at the moment. */
export interface Waiting {
  /**
   * "offline": the browser says so; "backoff": a request failed and is tried again later; "credentials": the app is asked for them, or
   * to sign; "same-file": another `Upload` of this page sends the same content to the same key; "other-tab": another tab does; "slot":
   * all connections are taken by other uploads; "verifying": every part is stored, and parts of earlier pages are being compared with
   * the file before it is completed.
   */
  readonly reason: "offline" | "backoff" | "credentials" | "other-tab" | "same-file" | "slot" | "verifying";
  /** When it is tried again, milliseconds since the epoch; absent where nobody knows. */
  readonly untilMs?: number;
  /** What it waits because of, with "backoff". */
  readonly error?: UploadError;
}

/** How far an upload is. Immutable. */
export interface Progress {
  /**
   * For a progress bar, 0…1. It never goes back: not by a pause, not by a part that must be sent again, and after a reload it goes on where
   * the last recorded part left it. After a loss the rest of the bar is spread over the rest of the bytes. It moves while bytes do, also
   * while they leave the browser's buffers, by an estimate of what has arrived. 1 only when the upload is completed, of an empty file too.
   */
  readonly fraction: number;
  /** Size of the file; 0 until a handle has been opened. */
  readonly totalBytes: number;
  /**
   * Acknowledged by the store, checked, and recorded. Shrinks only when a stored part proves not to be this file's, or when the store has it no
   * more.
   */
  readonly storedBytes: number;
  /** `storedBytes` plus what the network was given of parts in flight, which may lie in its buffers. May shrink when a part must be sent again. */
  readonly sentBytes: number;
  /** Part of `storedBytes` that earlier pages had already sent. */
  readonly resumedBytes: number;
  /** What arrived at the store lately, averaged over about 12 s; 0 until there are five seconds of data, and while nothing moves. */
  readonly bytesPerSecond: number;
  /** Seconds at that speed for what has not arrived; null while there is none. */
  readonly secondsLeft: number | null;
  /** Numbers of parts: in the present plan, which may change; stored; on their way. All 0 until the upload begins. */
  readonly parts: { readonly total: number; readonly stored: number; readonly inFlight: number };
}

/** The object, as the store has shown it. */
export interface UploadResult {
  readonly bucket: string;
  /** The object's name, as `upload()` was given it. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes, letters as sent; of an object made of parts no MD5. "" where the bucket's CORS rule hides it. */
  readonly etag: string;
  /** CRC-64 of the object, unsigned decimal, as the store reports it; null where the bucket's CORS rule hides it. */
  readonly crc64: string | null;
  /**
   * What was actually proved, by a digest of ours that agrees with what the store shows. "none" only if `integrity` is, or if the
   * bucket's CORS rule hides every proof (a warning then).
   */
  readonly verified: "crc64" | "etag" | "none";
  /** Of a bucket with versioning whose CORS rule exposes `x-oss-version-id`, else null. */
  readonly versionId: string | null;
  /** The service's name of the request that showed the object, for its support; null where the CORS rule hides it. */
  readonly requestId: string | null;
  /** The application server's answer, when a callback was asked for. null also when that answer was lost on its way. */
  readonly callback: { readonly status: number; readonly body: string } | null;
  /**
   * true when nothing had to be sent: "skip-identical" found the object, or one that this upload, or another of the same file
   * and options, had made was recognised.
   */
  readonly alreadyStored: boolean;
  /** Bytes that earlier pages had sent. */
  readonly resumedBytes: number;
  /** Body bytes handed to the network in this page, resends included. */
  readonly sentBytes: number;
}
