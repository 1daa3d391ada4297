/** What the uploader lends to each of its uploads. Types only. */
import type { CallTrace } from "../api/trace.js";
import type { Upload } from "../api/upload.js";
import type { Clock } from "../platform/clock.js";
import type { ObjectTarget } from "../store/object-store.js";
import type { LoadEngine } from "./engine.js";

export interface UploadTools {
  readonly engine: LoadEngine;
  /** How long an engine that cannot be loaded is waited for, in milliseconds. */
  readonly retry: { readonly giveUpAfterMs: number; readonly baseDelayMs: number; readonly maxDelayMs: number };
  readonly online: () => boolean;
  readonly clock: Clock;
  /** Does such a checkpoint outlive the page, as far as is known now? */
  readonly isKept: (checkpointId: string | undefined) => boolean;
  /** The store's `fixed`. */
  readonly fixed: (target: ObjectTarget) => string;
  /** Aborted when the uploader is closed: nothing begins after that. */
  readonly closing: AbortSignal;
  /** Tells the developer about something that works but not as it should. */
  readonly warn: (message: string) => void;
  /** After every change of state. */
  readonly onChange: (upload: Upload) => void;
  readonly onRequest: ((trace: CallTrace & { readonly upload: string }) => void) | undefined;
  /** Work that only `close()` waits for. */
  readonly inBackground: (work: Promise<void>) => void;
}
