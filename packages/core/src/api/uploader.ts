/** What an app sees of an uploader: the uploader itself, and what is listed after a reload. Types only. */
import type { Diagnosis } from "./diagnosis.js";
import type {
  FileInfo,
  Progress,
  Upload,
  UploadCallback,
  UploadOptions,
  UploadResult,
  UploadSource,
} from "./upload.js";

export type {
  RequestTrace,
  RetryOptions,
  StoreAdapter,
  UploaderOptions,
  WorkerOptions,
} from "./uploader-options.js";

/**
 * Uploads to one bucket.
 *
 * @typeParam AppData what `appData` of its uploads is, for the compiler. Default: unknown
 */
export interface Uploader<AppData = unknown> {
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
  upload(source: UploadSource, options: UploadOptions<AppData>): Upload<AppData>;
  /**
   * Uploads of this page that are not settled, and the last that are (`keepSettled`). Newest last. The same array until one is
   * added or goes. Frozen: sort or change a copy of it. Its type is that of a plain list, as props and refs of frameworks want it.
   */
  readonly uploads: Upload<AppData>[];
  /**
   * Takes an upload from `uploads` that is completed, cancelled, failed or stopped. Nothing else happens to it; one that goes on
   * by its `resume()` comes back. @throws UploadError "invalid-option" for one that is not settled
   */
  remove(upload: Upload<AppData>): void;
  /**
   * Unfinished uploads of earlier pages on this device, in this bucket and `scope`, newest first; those that were still queued only if
   * their files have handles. Asks the user for nothing. Rejects
   * with "network" where the part of the library that reads them could not be loaded.
   *
   * @example for (const left of await uploader.pending()) showRow(left.file.name, () => left.resume(), () => left.discard());
   */
  pending(): Promise<PendingUpload<AppData>[]>;
  /**
   * Goes on with everything of `pending()` that needs nobody: no click and no file (`needs` is "nothing"), no callback, not paused by the
   * user, not active in another tab. For the start of a page. Asks the user for nothing. Called twice, from an effect that runs twice or
   * from two widgets, it goes on with each once.
   *
   * @returns the rest, as `pending()` lists it, for the user to decide; also what could not go on, for its own `resume()` to say why. What
   *   goes on is in `uploads`. Rejects as `pending()` does
   * @example showUnfinished(await uploader.resumeAll());
   */
  resumeAll(): Promise<PendingUpload<AppData>[]>;
  /**
   * The URL of an object, without a signature and without a request: bucket and `endpoint` as the page uploads to them, the key
   * percent-encoded, "/" as it is. It reads objects that are public. Keep the key of a private one, and have a short-lived URL signed by
   * your server whenever somebody may see it. Where reading goes another way (a CDN, or the public endpoint beside an internal or accelerated
   * one) put `new URL(url).pathname` after that host. "" where the store names no URLs.
   *
   * @example image.src = uploader.urlOf("avatars/李雷.png"); // https://user-files.oss-cn-hangzhou.aliyuncs.com/avatars/%E6%9D%8E%E9%9B%B7.png
   * @throws UploadError "invalid-option" for a key that can never be one
   */
  urlOf(key: string): string;
  /**
   * Called after any upload changed, was added or left. At most 10 times a second. Not called at once: begin with `uploads` and
   * `progress`. Returns the unsubscriber.
   */
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
   *
   * @param options.releaseFiles for a sign-out: files that were left with a keeper are let go of, all of this `scope`, also those that
   *   other pages and other uploaders left. Their uploads can still be resumed with the file picked again. Default: false
   */
  close(options?: { readonly releaseFiles?: boolean | undefined }): Promise<void>;
}

/** An upload that an earlier page, or another tab, has left unfinished. A snapshot: ask `pending()` again for a newer one. */
export interface PendingUpload<AppData = unknown> {
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
  /**
   * The `appData` that `upload()` was given, as it was then; undefined without. Nothing checks it: an earlier version of the app may have
   * kept another shape.
   */
  readonly appData: AppData | undefined;
  /**
   * "nothing": `resume()` just works, by a handle that may be read or with a file that a keeper has. "permission": call it inside a click.
   * "file": pass the file, picked again.
   */
  readonly needs: "nothing" | "permission" | "file";
  /** It was begun with a `callback`, which is not kept on this device: `resume()` has to be given it again. */
  readonly needsCallback: boolean;
  /** Another tab is sending it now. What goes on after its page is not meant: that is yours to `resume()`. */
  readonly active: boolean;
  /**
   * It was completed after its page was left (`afterPage: "finish"`): the object, as the store has shown it. `resume()` sends nothing and
   * gives an `Upload` that completes with it; `discard()` only forgets it. Either way it is told once. Absent of all that is unfinished.
   */
  readonly result?: UploadResult | undefined;
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
  ): Promise<Upload<AppData>>;
  /**
   * Marks it as cancelled, so that no page goes on with it, and resolves. Its parts and its checkpoint are deleted in the background, or
   * by a later page. Rejects with "locked" while another tab sends it.
   */
  discard(): Promise<void>;
}
