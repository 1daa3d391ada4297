/**
 * A layer: the only file that repeats the requests of an upload. Policy is a table; the compiler demands a decision for every
 * code. Law 6.
 */
import { isUploadError, type UploadError, type UploadErrorCode } from "../errors.js";
import type { Clock } from "../platform/clock.js";
import type { NetworkStatus } from "../platform/network-status.js";
import type { CallOptions, ObjectStore } from "./object-store.js";
import type { Persist } from "./persist.js";

export interface RetryPolicy {
  /** Milliseconds online, without anything stored, after which the failure is final. */
  readonly giveUpAfterMs: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

interface Tools {
  readonly clock: Clock;
  readonly network: NetworkStatus;
  /** In [0, 1). */
  readonly random: () => number;
}

type Rule =
  /** Until patience ends. */
  | "patiently"
  /** The bytes are read anew each time; three attempts rule out an accident on the way. */
  | "thrice"
  /** As often as the store says, at once or after a rest: it knows what has changed since the signature was refused. */
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

/** `navigator.onLine` may be wrong in both directions: after this long we try anyway. */
const offlineHintMs = 30_000;
/** A laptop that slept for an hour has not tried for an hour: no single step counts for more than this. */
const longestStepMs = 120_000;

export function persisting(policy: RetryPolicy, tools: Tools): Persist {
  const { clock, network, random } = tools;

  const persist: Persist = async (options, call, only) => {
    const failures = new Map<Rule, number>();
    let spentMs = 0;
    let refusals = 0;
    let mark = clock.elapsed();
    let progressAt = options.lastProgressAt?.() ?? 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call({ ...options, attempt, refusals });
      } catch (error) {
        options.signal.throwIfAborted();
        if (!isUploadError(error) || only?.(error) === false) throw error;
        const rule = ruleFor(error);
        if (rule === "as told") refusals += 1;
        const count = (failures.get(rule) ?? 0) + 1;
        failures.set(rule, count);
        spentMs += Math.min(clock.elapsed() - mark, longestStepMs);
        const progressedAt = options.lastProgressAt?.() ?? 0;
        if (progressedAt > progressAt) spentMs = 0;
        progressAt = progressedAt;
        if (isFinal(error, rule, count, spentMs)) throw error.with({ attempts: attempt });
        if (error.again !== "at once") spentMs += await rest(error, count, options);
        mark = clock.elapsed();
        await options.beforeRepeating?.(error, attempt);
      }
    }
  };

  const isFinal = ({ again }: UploadError, rule: Rule, count: number, spentMs: number): boolean => {
    if (rule === "never") return true;
    if (rule === "thrice") return count >= 3;
    return again !== "at once" && spentMs >= policy.giveUpAfterMs;
  };

  /** @returns the milliseconds that count against patience: time offline does not */
  const rest = async (error: UploadError, count: number, options: CallOptions): Promise<number> => {
    const { signal, onWaiting } = options;
    try {
      let offlineMs = 0;
      if (!network.online()) {
        onWaiting?.({ reason: "offline", error });
        const began = clock.elapsed();
        await firstOf(signal, [(until) => network.whenOnline(until), (until) => clock.sleep(offlineHintMs, until)]);
        offlineMs = clock.elapsed() - began;
      }
      const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(count - 1, 20));
      const delayMs = offlineMs > 0 ? 0 : Math.max(random() * ceiling, error.retryAfterMs ?? 0);
      const reason = error.code === "credentials" ? "credentials" : "backoff";
      onWaiting?.({ reason, untilMs: clock.now() + delayMs, error });
      const began = clock.elapsed();
      await clock.sleep(delayMs, signal);
      return Math.min(clock.elapsed() - began, Math.max(delayMs, longestStepMs));
    } finally {
      onWaiting?.(null);
    }
  };

  return persist;
}

export function retrying(store: ObjectStore, persist: Persist): ObjectStore {
  return {
    ...store,
    putObject: (target, body, digest, options) =>
      persist(options, (attempt) => store.putObject(target, body, digest, attempt)),
    initiate: (target, options) => persist(options, (attempt) => store.initiate(target, attempt)),
    putPart: (upload, number, slice, digest, options) =>
      persist(options, (attempt) => store.putPart(upload, number, slice, digest, attempt)),
    listParts: (upload, options) => persist(options, (attempt) => store.listParts(upload, attempt)),
    complete: (upload, parts, finish, options) =>
      persist(options, (attempt) => store.complete(upload, parts, finish, attempt)),
    abort: (upload, options) => persist(options, (attempt) => store.abort(upload, attempt)),
    head: (key, options) => persist(options, (attempt) => store.head(key, attempt)),
  };
}

function ruleFor(error: UploadError): Rule {
  if (!error.temporary) return "never";
  return error.again === undefined ? rules[error.code] : "as told";
}

/** Waits for whichever comes first, and stops the others. */
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
