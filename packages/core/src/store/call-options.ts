/** What a call to a store is told, beside what it is about. Types only. */
import type { CallTrace } from "../api/trace.js";
import type { Waiting } from "../api/upload.js";
import type { Ringing } from "../bell.js";
import type { UploadError } from "../errors.js";

/** Options of one call to a store. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** How many bytes of the body this attempt has given to the network so far; 0 when an attempt begins, and when it has failed. */
  readonly onSent?: (bytes: number) => void;
  /** Called with the reason when the call begins to wait, and with null when it goes on. */
  readonly onWaiting?: (waiting: Waiting | null) => void;
  /** Which calls get a free connection first. Default "normal". */
  readonly priority?: "high" | "normal" | "low";
  /** Counted from 1 by the layer that retries. Default 1. */
  readonly attempt?: number;
  /** How often this call has failed with an error that says `again`: a store says so a few times at most. Default 0. */
  readonly refusals?: number;
  /**
   * Called by the layer that retries, before it repeats the call.
   *
   * @param attempt the one that failed, counted from 1
   * @throws to end the call with that error instead
   */
  readonly beforeRepeating?: (error: UploadError, attempt: number) => Promise<void>;
  /** Called when a request has ended, in whatever way. */
  readonly onRequest?: (trace: CallTrace) => void;
  /**
   * The same bytes can go out in smaller bodies: a failure that is due to their size (`UploadError.tooLarge`) is thrown, although it
   * might be temporary. Default: it is repeated.
   */
  readonly divisible?: boolean | undefined;
  /**
   * By the layer that repeats, for a body: the first attempt without an answer began at this moment by the page's clock. A store that can
   * tell whether it has these bytes from then is asked, and what it has is not sent again.
   */
  readonly unansweredSinceMs?: number | undefined;
  /** Called when a request is signed and goes out. A call may have several. */
  readonly onSigned?: (() => void) | undefined;
  /** Called whenever an answer came, be it a refusal: the line is there. A call may have several. */
  readonly onAnswer?: (() => void) | undefined;
  /** Rings when the user wants no pause before the next attempt. */
  readonly hurry?: Ringing | undefined;
  /** When this upload last stored something, by the `elapsed` clock of the layer that retries, which measures its patience from then. */
  readonly lastProgressAt?: () => number;
}

export interface ProbeOptions extends Pick<CallOptions, "signal" | "onRequest"> {
  /** Does the browser believe that it is online? */
  readonly online: () => boolean;
}
