/**
 * The engine moves uploads: a page needs it only to send, resume, list or diagnose. The handles that an app holds know it by this
 * interface alone, so that it can be loaded later than they are. Types only.
 */
import type { Diagnosis } from "../api/diagnosis.js";
import type { CallTrace } from "../api/trace.js";
import type { Progress, Upload, UploadOptions, UploadResult } from "../api/upload.js";
import type { PendingUpload } from "../api/uploader.js";
import type { Ringing } from "../bell.js";
import type { CallOptions } from "../store/object-store.js";
import type { Job } from "./job.js";
import type { Memory } from "./memory.js";
import type { UploadEvent } from "./state.js";

/** Where what is done for an upload tells of it, and is told to hurry. */
export interface Outlet {
  readonly emit: (event: UploadEvent) => void;
  readonly onRequest: ((trace: CallTrace) => void) | undefined;
  /** Rings when the user does not want to wait for the next attempt. */
  readonly hurry: Ringing;
}

/** The runs of one upload, one after the other, and what they count together. */
export interface Runs {
  /** Runs it once. @throws UploadError, or the signal's reason; by then nothing it started is running */
  run(signal: AbortSignal): Promise<UploadResult>;
  /** As it is now. */
  readonly progress: Progress;
  /** Bytes that this page has brought to the store, as well as can be told. It shrinks when a part in flight is lost. */
  readonly arrivedBytes: number;
  /** Bytes that are neither stored nor, as well as can be told, arrived. */
  readonly leftBytes: number;
  readonly partMap: Upload["partMap"];
  readonly partStarts: Upload["partStarts"];
}

export interface Cancelling {
  readonly job: Job;
  readonly outlet: Outlet;
  /** True if parts were in flight when the upload was stopped. */
  readonly inFlight: boolean;
  /** Aborted when the uploader is closed. */
  readonly closing: AbortSignal;
  /** Work that nobody waits for but `close()`. */
  readonly inBackground: (work: Promise<void>) => void;
}

/** What `pending()` needs to know of the uploader, and may do with it. */
export interface PageOfUploads {
  /**
   * Is it an upload that this page knows and has not completed? `pending()` does not offer it. One whose file is not recognised yet is
   * known by its key and its size in bytes; one that was not opened yet, by its key.
   */
  readonly isKnown: (checkpointId: string, key: string, size: number) => boolean;
  /** Checkpoint ids of the uploads of this page that are not settled: never swept as expired. */
  readonly resting: ReadonlySet<string | undefined>;
  /** Aborted when the uploader is closed. */
  readonly closing: AbortSignal;
  /** Options for a call to the store that belongs to no upload of this page. */
  readonly call: (signal: AbortSignal) => CallOptions;
  /** @returns a copy that stays as it is. @throws UploadError for options that can never work, or a page that may not upload */
  readonly check: (options: UploadOptions) => UploadOptions;
  /** @param options that `check` returned */
  readonly start: (memory: Memory, options: UploadOptions) => Upload;
  /** Tracks work that only `close()` waits for. */
  readonly inBackground: (work: Promise<void>) => void;
}

export interface Engine {
  /** Takes an upload up, whose first run is still to come. */
  runsOf(job: Job, outlet: Outlet): Runs;
  /** Remembers for later pages that an upload was paused, or stopped, before a run of it began here. */
  rests(job: Job): Promise<void>;
  /**
   * Deletes what an upload that has stopped left, here and in the store.
   * @returns when its checkpoint is marked, so that nobody goes on with it; the rest happens in the background, and what fails
   *   there is left to later pages
   */
  cancel(cancelling: Cancelling): Promise<void>;
  /** Lists what earlier pages left unfinished. */
  pending(page: PageOfUploads): Promise<PendingUpload[]>;
  /** Goes on with what needs nobody. @returns the rest */
  resumeAll(page: PageOfUploads): Promise<PendingUpload[]>;
  /** @throws only the signal's reason; by then nothing it started is running */
  diagnose(key: string, options: Pick<CallOptions, "signal" | "onRequest">): Promise<Diagnosis>;
  /** The page is left: what goes on after it is given these, which were under way. Works while the page unloads, and never throws. */
  leaves(jobs: readonly Job[]): void;
  /** Is what is under way, or queued, safe when the page is left: does it go on, or does somebody keep the files for the next page? */
  goesOn(): boolean;
  /**
   * Ends the workers. To be called when nothing is running any more.
   * @param releaseFiles true: keepers let go of all files of the scope. false: the files of what is unfinished are left with a keeper
   */
  close(releaseFiles: boolean): Promise<void>;
}

/** The first call loads the engine. A failed load rejects for its callers, and the next call tries again. */
export type LoadEngine = () => Promise<Engine>;
