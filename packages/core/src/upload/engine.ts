/**
 * What moves uploads: everything that a page needs only when there is something to send, to resume or to look at. Loaded
 * apart from the handles that an app holds, which know it by this interface alone. Types only.
 */
import type { Diagnosis } from "../api/diagnosis.js";
import type { Upload, UploadOptions, UploadResult } from "../api/upload.js";
import type { PendingUpload } from "../api/uploader.js";
import type { CallOptions } from "../store/object-store.js";
import type { Job } from "./job.js";
import type { Memory } from "./memory.js";
import type { Reporter } from "./reporter.js";

export interface Cancelling {
  readonly job: Job;
  readonly reporter: Reporter;
  /** Parts were on their way when it was stopped. */
  readonly inFlight: boolean;
  /** Aborted when the uploader is closed. */
  readonly closing: AbortSignal;
  /** Work that nobody waits for but `close()`. */
  readonly inBackground: (work: Promise<void>) => void;
}

/** What the uploader lends to the uploads that it did not begin. */
export interface PageOfUploads {
  /**
   * Is it an upload that this page knows and has not completed? One whose file is not recognised yet is known by its key and its
   * size in bytes.
   */
  readonly isKnown: (checkpointId: string, key: string, size: number) => boolean;
  /** Those of them that rest: not left by anybody, however old. */
  readonly resting: ReadonlySet<string | undefined>;
  /** Aborted when the uploader is closed. */
  readonly closing: AbortSignal;
  /** Options for a call that belongs to no upload of this page. */
  readonly call: (signal: AbortSignal) => CallOptions;
  readonly start: (memory: Memory, options: UploadOptions) => Upload;
  /** Work that nobody waits for but `close()`. */
  readonly inBackground: (work: Promise<void>) => void;
}

export interface Engine {
  /** One attempt. @throws UploadError; the signal's reason, and by then nothing it started is running */
  run(job: Job, reporter: Reporter, signal: AbortSignal): Promise<UploadResult>;
  /**
   * Deletes what an upload that is not running any more has left.
   * @returns when its checkpoint is marked, so that nobody goes on with it; the rest happens in the background, and what fails
   *   there is left to later pages
   */
  cancel(cancelling: Cancelling): Promise<void>;
  /** What earlier pages left. */
  pending(page: PageOfUploads): Promise<readonly PendingUpload[]>;
  /** @throws the signal's reason alone, and by then nothing it started is running */
  diagnose(key: string, options: Pick<CallOptions, "signal" | "onRequest">): Promise<Diagnosis>;
  /** When nothing is running any more. */
  close(): void;
}

/** Loads it with the first call; a failure is the caller's, and the next call tries again. */
export type LoadEngine = () => Promise<Engine>;
