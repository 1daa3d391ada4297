/**
 * A layer that repeats failed requests; no other file repeats those of an upload. Its policy is a table, in which the compiler demands
 * every error code. Law: a layer is a store that wraps a store.
 */
import { isUploadError, type UploadError, type UploadErrorCode } from "../errors.js";
import type { Clock } from "../platform/clock.js";
import type { NetworkStatus } from "../platform/network-status.js";
import { aroundEachRequest } from "./each-request.js";
import type { CallOptions, ObjectStore } from "./object-store.js";

export interface RetryPolicy {
  /** A failure is final after this many milliseconds online in which the upload stored nothing. */
  readonly giveUpAfterMs: number;
  /** The longest pause after the first failure; it doubles with each that follows. */
  readonly baseDelayMs: number;
  /** The longest pause of all, unless the store asks for a longer one. */
  readonly maxDelayMs: number;
}

interface Tools {
  readonly clock: Clock;
  readonly network: NetworkStatus;
  /** In [0, 1). */
  readonly random: () => number;
}

type Rule =
  /** Until `giveUpAfterMs` has passed. */
  | "patiently"
  /** Three attempts, each of which reads the bytes anew: that rules out damage by chance. */
  | "thrice"
  /** As often as the store says, at once or after a pause: it knows what has changed since it refused the signature. */
  | "as told"
  | "never";

const rules: Readonly<Record<UploadErrorCode, Rule>> = {
  network: "patiently",
  stalled: "patiently",
  throttled: "patiently",
  server: "patiently",
  corrupted: "thrice",
  credentials: "patiently",
  forbidden: "never",
  "not-found": "never",
  "upload-gone": "never",
  "already-exists": "never",
  "file-changed": "never",
  "file-unreadable": "never",
  locked: "never",
  "callback-failed": "never",
  misconfigured: "never",
  rejected: "never",
  worker: "never",
  "invalid-option": "never",
};

/** `navigator.onLine` may be wrong in both directions: after this long the request is repeated anyway. */
const longestOfflineMs = 30_000;
/** A laptop that slept for an hour has not tried for an hour: no single attempt or pause counts for more than this. */
const longestStepMs = 120_000;

export function retrying(store: ObjectStore, policy: RetryPolicy, tools: Tools): ObjectStore {
  return aroundEachRequest(store, (options, call) => new RepeatedCall(policy, tools, options).run(call));
}

/** One call, from its first attempt to its success or to the failure that is final. */
class RepeatedCall {
  readonly #policy: RetryPolicy;
  readonly #tools: Tools;
  readonly #options: CallOptions;
  readonly #failures = new Map<Rule, number>();
  #refusals = 0;
  /** Milliseconds of attempts and pauses since the upload last stored something. Time offline does not count. */
  #spentMs = 0;
  #progressAt: number;

  constructor(policy: RetryPolicy, tools: Tools, options: CallOptions) {
    this.#policy = policy;
    this.#tools = tools;
    this.#options = options;
    this.#progressAt = options.lastProgressAt?.() ?? 0;
  }

  async run<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
    const { signal, beforeRepeating } = this.#options;
    let began = this.#tools.clock.elapsed();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call({ ...this.#options, attempt, refusals: this.#refusals });
      } catch (error) {
        signal.throwIfAborted();
        if (!isUploadError(error)) throw error;
        const failures = this.#count(error, began);
        if (this.#isFinal(error, failures)) throw error.with({ attempts: attempt });
        if (error.again !== "at once") this.#spentMs += await this.#pause(error, failures);
        // Time spent in beforeRepeating counts as time of the attempt that follows.
        began = this.#tools.clock.elapsed();
        await beforeRepeating?.(error, attempt);
      }
    }
  }

  /** @returns how many failures of this call had the same rule, this one included */
  #count(error: UploadError, began: number): number {
    const rule = ruleFor(error);
    if (rule === "as told") this.#refusals += 1;
    const failures = (this.#failures.get(rule) ?? 0) + 1;
    this.#failures.set(rule, failures);
    this.#spentMs += Math.min(this.#tools.clock.elapsed() - began, longestStepMs);
    const progressedAt = this.#options.lastProgressAt?.() ?? 0;
    if (progressedAt > this.#progressAt) this.#spentMs = 0;
    this.#progressAt = progressedAt;
    return failures;
  }

  #isFinal(error: UploadError, failures: number): boolean {
    const rule = ruleFor(error);
    if (rule === "never") return true;
    if (rule === "thrice") return failures >= 3;
    return error.again !== "at once" && this.#spentMs >= this.#policy.giveUpAfterMs;
  }

  /** @returns the milliseconds of the pause that count as spent: those offline do not */
  async #pause(error: UploadError, failures: number): Promise<number> {
    const { clock, random } = this.#tools;
    const { baseDelayMs, maxDelayMs } = this.#policy;
    const { signal, onWaiting } = this.#options;
    try {
      const offlineMs = await this.#waitOffline(error);
      const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(failures - 1, 20));
      const delayMs = offlineMs > 0 ? 0 : Math.max(random() * ceiling, error.retryAfterMs ?? 0);
      const reason = error.code === "credentials" ? "credentials" : "backoff";
      onWaiting?.({ reason, untilMs: clock.now() + delayMs, error });
      const began = clock.elapsed();
      await clock.sleep(delayMs, signal);
      return Math.min(clock.elapsed() - began, Math.max(delayMs, longestStepMs));
    } finally {
      onWaiting?.(null);
    }
  }

  /** @returns milliseconds; 0 if the browser is online */
  async #waitOffline(error: UploadError): Promise<number> {
    const { clock, network } = this.#tools;
    const { signal, onWaiting } = this.#options;
    if (network.online()) return 0;
    onWaiting?.({ reason: "offline", error });
    const began = clock.elapsed();
    await firstOf(signal, [(until) => network.whenOnline(until), (until) => clock.sleep(longestOfflineMs, until)]);
    return clock.elapsed() - began;
  }
}

function ruleFor(error: UploadError): Rule {
  if (!error.temporary) return "never";
  return error.again === undefined ? rules[error.code] : "as told";
}

/** Waits until one of them has ended, and stops the others. */
async function firstOf(signal: AbortSignal, waits: readonly ((signal: AbortSignal) => Promise<void>)[]): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", stop);
  try {
    await Promise.race(waits.map((wait) => wait(controller.signal)));
  } finally {
    signal.removeEventListener("abort", stop);
    controller.abort();
  }
}
