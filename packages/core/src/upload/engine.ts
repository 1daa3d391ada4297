/**
 * The engine moves uploads: a page needs it only to send, resume, list or diagnose. The handles that an app holds know it by this
 * interface alone, so that it can be loaded later than they are. Types only.
 */
import type { Diagnosis } from "../api/diagnosis.js";
import type { PageOptions, Upload, UploadOptions, UploadResult } from "../api/upload.js";
import type { PendingUpload } from "../api/uploader.js";
import type { CallOptions, ObjectTarget } from "../store/object-store.js";
import type { Memory } from "./memory.js";
import type { Reporter } from "./reporter.js";

/** One upload of this page: what stays the same from one run of it to the next. */
export interface Job {
  readonly memory: Memory;
  readonly target: ObjectTarget;
  readonly appData: unknown;
  readonly priority: NonNullable<PageOptions["priority"]>;
}

export interface Cancelling {
  readonly job: Job;
  readonly reporter: Reporter;
  /** True if parts were in flight when the upload was stopped. */
  readonly inFlight: boolean;
}

/** What `pending()` needs to know of the uploader, and may do with it. */
export interface PageOfUploads {
  /** Checkpoint ids of the uploads of this page that are not completed. `pending()` does not offer them. */
  readonly known: ReadonlySet<string | undefined>;
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
  /** Runs an upload once. @throws UploadError, or the signal's reason; by then nothing it started is running */
  run(job: Job, reporter: Reporter, signal: AbortSignal): Promise<UploadResult>;
  /** Deletes what an upload that has stopped left, here and in the store. Warns instead of failing where the store refuses. */
  cancel(cancelling: Cancelling): Promise<void>;
  /** Lists what earlier pages left unfinished. */
  pending(page: PageOfUploads): Promise<readonly PendingUpload[]>;
  /** @throws only the signal's reason; by then nothing it started is running */
  diagnose(key: string, options: Pick<CallOptions, "signal" | "onRequest">): Promise<Diagnosis>;
  /** Ends the workers. To be called when nothing is running any more. */
  close(): void;
}

/** The first call loads the engine. A failed load rejects for its callers, and the next call tries again. */
export type LoadEngine = () => Promise<Engine>;
