/** Asking the application, whose functions may throw anything, hang, or not know what an abort is. */
import { isUploadError, UploadError } from "../../errors.js";

/** Ends after so many milliseconds, or rejects with the signal's reason. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Question<T> {
  /** What the app called, in a sentence: "ossStore()". */
  readonly adapter: string;
  /** The option of it that holds the function. */
  readonly option: "credentials" | "signer";
  /** What it is asked for, in a sentence. */
  readonly purpose: string;
  readonly ask: (signal: AbortSignal) => Promise<T>;
}

// A request in a black hole never ends by itself, and everything waits for this one.
const patienceMs = 60_000;

/**
 * @param sleep without it the app is waited for without end
 * @throws the signal's reason once it is aborted
 * @throws UploadError the app's own, else "credentials", temporary, with what was thrown as its cause
 */
export async function askApp<T>(question: Question<T>, signal: AbortSignal, sleep: Sleep | undefined): Promise<T> {
  const { adapter, option, purpose, ask } = question;
  const asking = new AbortController();
  const waiting = new AbortController();
  const stop = () => {
    asking.abort(signal.reason);
    // An app that does not know what an abort is goes on; the wait for it does not.
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
  const failure = (problem: string, cause?: unknown) =>
    new UploadError("credentials", `\`${option}\` of ${adapter} ${problem} when it was asked ${purpose}`, {
      temporary: true,
      cause,
    });
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
