/**
 * What moves uploads: everything that a page needs only when there is something to send, to resume or to look at. Loaded
 * apart from the handles that an app holds, which know it by this interface alone.
 */

import type { UploadResult } from "../api/upload.js";
import type { Diagnosis, PendingUpload } from "../api/uploader.js";
import type { CallOptions } from "../store/object-store.js";
import { type Cancelling, cancelUpload } from "./cancel.js";
import { type PageOfUploads, pendingUploads } from "./pending.js";
import type { Reporter } from "./reporter.js";
import { type Job, run } from "./run.js";
import type { Settings, World } from "./world.js";

export interface Engine {
  /** One attempt. @throws UploadError; the signal's reason, and by then nothing it started is running */
  run(job: Job, reporter: Reporter, signal: AbortSignal): Promise<UploadResult>;
  /** Stop-and-delete of an upload that is not running any more. Says what it could not do, and never fails for it. */
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

/** @param also what is no upload's business */
export function engineOf(world: World, settings: Settings, also: Pick<Engine, "diagnose" | "close">): Engine {
  return {
    ...also,
    run: (job, reporter, signal) => run(world, settings, job, reporter, signal),
    cancel: (cancelling) => cancelUpload(world, settings, cancelling),
    pending: (page) => pendingUploads(world, settings, page),
  };
}
