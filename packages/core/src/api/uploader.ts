/** What an app sees of an uploader: the uploader itself, and what is listed after a reload. Types only. */
import type { Diagnosis } from "./diagnosis.js";
import type { FileInfo, Progress, Upload, UploadCallback, UploadOptions, UploadSource } from "./upload.js";

export type {
  RequestTrace,
  RetryOptions,
  StoreAdapter,
  UploaderOptions,
  WorkerOptions,
} from "./uploader-options.js";

export interface Uploader {
  /**
   * Starts, or silently continues, the upload of `source` to `options.key`. Never throws for a bad file or network:
   * the returned upload fails. The options are copied. Throws `UploadError` "invalid-option" at once for a call that can never work,
   * and "misconfigured" outside a secure context (https or localhost).
   *
   * The same `File` object (or handle) to the same key, already under way on this page, gives the same `Upload`: the new
   * `acl`, `callback`, `ifExists`, `priority` and `appData` count from then on, and the new `signal` stops it as well. An upload that
   * is being stopped or cancelled is not under way. A call whose signal is aborted already starts nothing, and stops nothing.
   *
   * Another object of the same content (a copy, the file picked again) is an `Upload` of its own, and so is the same one with other
   * options of those that are fixed when a multipart upload begins (content type, metadata, …). It waits, with
   * `waiting.reason: "same-file"`, and shows the progress of the upload that it waits for. When that one completes, this one reads its
   * own file, compares it with the object, and sends nothing if they agree and the same was asked for. When that one stops, this one
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
  /**
   * Unfinished uploads of earlier pages on this device, in this bucket and `scope`, newest first; those that were still queued only if
   * their files have handles. Asks the user for nothing. Rejects
   * with "network" where the part of the library that reads them could not be loaded.
   *
   * @example for (const left of await uploader.pending()) if (left.needs === "nothing" && !left.active && !left.paused) await left.resume();
   */
  pending(): Promise<readonly PendingUpload[]>;
  /** Called after any upload changed, was added or left. At most 10 times a second. Returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
  /**
   * Sum over a batch: every upload since last nothing was unsettled; zeros before the first. What was cancelled counts nowhere, what
   * failed or was stopped counts with what it has stored; so a batch ends with all its bytes stored, and `fraction` 1. `fraction` goes
   * back only when a file is added, or its size becomes known; the speed is that of all uploads together.
   */
  readonly progress: Progress;
  /**
   * Looks for the mistakes that cost people days, in this browser and at the bucket: worker, database, credentials, clock,
   * CORS rule, exposed headers, permissions. At the bucket it begins a multipart upload, puts one part of a few bytes, lists
   * it, asks for the object and aborts: no object is made, and nothing stays unless aborting is not granted, which the answer says. What
   * it finds is in the answer, never an error.
   * @param options.key where to try, for policies that are confined to a prefix. Default: `.ossicle-diagnose-…` in the root
   * @throws UploadError "invalid-option" for a key that can never be one; rejects with an AbortError when `close()` is called, and with
   *   "network" if the part of the library that looks cannot be loaded
   */
  diagnose(options?: { readonly key?: string | undefined }): Promise<Diagnosis>;
  /**
   * Stops everything and keeps what can be resumed: each unfinished upload becomes "stopped". Resolves when nothing runs any more.
   * Afterwards `upload()` and `diagnose()` throw "invalid-option".
   */
  close(): Promise<void>;
}

/** An upload that an earlier page, or another tab, has left unfinished. A snapshot: ask `pending()` again for a newer one. */
export interface PendingUpload {
  /** Of this entry, the same on every page; not an `Upload.id`. */
  readonly id: string;
  /** The object's name, as `upload()` was given it. */
  readonly key: string;
  /**
   * What the file was called and how large it was, to show to the user who has to pick it again. Of a bare `FileSystemFileHandle` that
   * was still queued only its name is known: `size` and `lastModified` are 0.
   */
  readonly file: FileInfo;
  /** Bytes of the parts that are recorded as stored. What the store says of them is asked by `resume()`. */
  readonly storedBytes: number;
  /** How full its progress bar was: `progress.fraction` goes on from here. 0…1. */
  readonly fraction: number;
  /** When it was begun, milliseconds since the epoch by this device's clock. */
  readonly createdAt: number;
  /** When its last part was recorded, or else when it was begun, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** The `appData` that `upload()` was given, as it was then; undefined without. */
  readonly appData: unknown;
  /** "nothing": `resume()` just works. "permission": call it inside a click. "file": pass the file, picked again. */
  readonly needs: "nothing" | "permission" | "file";
  /** It was begun with a `callback`, which is not kept on this device: `resume()` has to be given it again. */
  readonly needsCallback: boolean;
  /** Another tab is sending it now. */
  readonly active: boolean;
  /** It was paused by `pause()`, and no page has gone on with it since: a page that resumes by itself leaves it to the user. */
  readonly paused: boolean;
  /**
   * Goes on with it, as `upload()` would with the same options. Rejects with "file-changed" when `source` is another file, or no
   * longer the same; with "invalid-option" when it needs a file or a callback and is given none, or for options that can never work;
   * with "locked" while another tab sends it; with "file-unreadable" without the permission to read. The checkpoint is kept.
   *
   * Of a file that was still queued only the size is compared.
   *
   * @param source the file, picked again; not needed where `needs` is "nothing" or "permission"
   */
  resume(
    source?: UploadSource,
    options?: { readonly signal?: AbortSignal | undefined; readonly callback?: UploadCallback | undefined },
  ): Promise<Upload>;
  /**
   * Marks it as cancelled, so that no page goes on with it, and resolves. Its parts and its checkpoint are deleted in the background, or
   * by a later page. Rejects with "locked" while another tab sends it.
   */
  discard(): Promise<void>;
}
