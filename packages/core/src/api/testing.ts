/** What a test holds of a fake uploader: the app's own types, with verbs that say what the store would have done. Types only. */
import type { UploadError, UploadErrorCode, UploadErrorDetails } from "../errors.js";
import type { PlaceOptions } from "../store/oss/oss-options.js";
import type { Diagnosis } from "./diagnosis.js";
import type { FileInfo, Progress, Upload, UploadOptions, UploadResult, UploadSource, Waiting } from "./upload.js";
import type { PendingUpload, Uploader } from "./uploader.js";

/** Options of `createFakeUploader()`. */
export interface FakeUploaderOptions extends Partial<PlaceOptions> {
  /** What `diagnose()` finds. Default: everything is well, and nothing was looked at. */
  readonly diagnosis?: Diagnosis | undefined;
}

/**
 * An `Uploader` without a browser, a network and a clock: an upload moves when a test says so, and everybody has been told of it when
 * the verb returns. Its states, promises and refusals are those of the real one. Only `key` and `file.size` tell one file from another.
 */
export interface FakeUploader<AppData = unknown> extends Uploader<AppData> {
  upload(source: UploadSource, options: UploadOptions<AppData>): FakeUpload<AppData>;
  readonly uploads: FakeUpload<AppData>[];
  /** The newest of `uploads`. @throws Error where there is none */
  readonly last: FakeUpload<AppData>;
  /**
   * An earlier page has left it: `pending()` lists it from now on. What is not said: half of "film.mp4", 1,000 bytes, which needs its file.
   *
   * @returns the entry, as `pending()` lists it
   */
  addPending(entry?: FakePendingUpload<AppData>): PendingUpload<AppData>;
}

/**
 * An `Upload` that a test moves. Each verb leads through the phases before it, and every listener is told of each. A verb for an
 * upload that is paused or settled throws an Error: nothing can happen to it before `resume()`.
 */
export interface FakeUpload<AppData = unknown> extends Upload<AppData> {
  /** To "preparing": it has a free slot, and its file is read. */
  prepare(): void;
  /**
   * To "uploading", and so far. A number is `progress.fraction`, from which bytes and parts are taken; an object says what a test wants to
   * see, and the rest is taken from its `fraction`.
   *
   * @throws Error for a fraction that goes back, or that is 1: only `complete()` fills the bar
   */
  progress(at: number | Partial<Progress>): void;
  /** Nothing moves, for this reason; null: it moves again. The phase stays. */
  wait(why: Waiting["reason"] | Waiting | null): void;
  /** To "completing": every part is stored, and the object is not proved yet. */
  storeAll(): void;
  /** To "completed". @param result what a test wants to see in it; the rest fits the file */
  complete(result?: Partial<UploadResult>): void;
  /** To "failed". @param error the code, or an error of one's own. @param details for the code's error: `hint`, `status`, … */
  fail(error: UploadErrorCode | UploadError, details?: UploadErrorDetails): void;
}

/** What a test says of an upload that an earlier page has left. Each field as in `PendingUpload`. */
export interface FakePendingUpload<AppData = unknown>
  extends Partial<Omit<PendingUpload<AppData>, "file" | "resume" | "discard">> {
  readonly file?: Partial<FileInfo> | undefined;
  /** What `resume()` rejects with, whatever it is given: "file-unreadable" as if the user had not granted the permission. */
  readonly refuses?: UploadErrorCode | undefined;
}
