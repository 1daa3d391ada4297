/** Asks the application. Its functions may throw anything, never answer, or ignore the signal. */
import { isUploadError, UploadError } from "../../errors.js";

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Question<T> {
  /** What the app called, for messages: "ossStore()". */
  readonly adapter: string;
  /** Its option that holds the function. */
  readonly option: "credentials" | "signer";
  /** What it is asked for, as the end of a sentence: "for a key". */
  readonly purpose: string;
  readonly ask: (signal: AbortSignal) => Promise<T>;
}

/** All requests wait for this answer, and a request of the app that is never answered would not end by itself. */
const patienceMs = 60_000;
const longestReason = 200;

/**
 * @param sleep without it the wait for the app has no time limit
 * @throws the signal's reason once it is aborted
 * @throws UploadError the app's own; "forbidden" if what the app threw has the `status` 401 or 403, as HTTP clients throw it; else
 *   "credentials", temporary. Its cause is what the app threw
 */
export async function askApp<T>(question: Question<T>, signal: AbortSignal, sleep: Sleep | undefined): Promise<T> {
  const { adapter, option, purpose, ask } = question;
  const asking = new AbortController();
  const waiting = new AbortController();
  const stop = () => {
    asking.abort(signal.reason);
    // An app that ignores its signal goes on; the wait for it must not.
    waiting.abort(signal.reason);
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", stop);
  const giveUp = async (): Promise<never> => {
    await sleep?.(patienceMs, waiting.signal);
    const error = failure(`did not answer within ${patienceMs / 1000} s`);
    asking.abort(error);
    throw error;
  };
  const failure = (problem: string, cause?: unknown) => {
    const reason = cause === undefined ? "" : `: ${String(cause).slice(0, longestReason)}`;
    const message = `\`${option}\` of ${adapter} ${problem} when it was asked ${purpose}${reason}`;
    if (isRefusal(cause)) return new UploadError("forbidden", message, { cause, hint: "Is the user still signed in?" });
    return new UploadError("credentials", message, { temporary: true, cause });
  };
  try {
    const answer = ask(asking.signal);
    return await (sleep === undefined ? answer : Promise.race([answer, giveUp()]));
  } catch (cause) {
    signal.throwIfAborted();
    throw isUploadError(cause) ? cause : failure("failed", cause);
  } finally {
    waiting.abort();
    signal.removeEventListener("abort", stop);
  }
}

/** `{ status }` is how ofetch, Angular and Response say it, `{ response: { status } }` axios and ky. Asked again it is the same. */
function isRefusal(cause: unknown): boolean {
  const { status, response } = Object(cause) as { status?: unknown; response?: { status?: unknown } };
  const said = status ?? response?.status;
  return said === 401 || said === 403;
}
