/**
 * A layer that repeats failed requests; no other file repeats those of an upload. Its policy is a table, in which the compiler demands
 * every error code. Law: a layer is a store that wraps a store.
 */
import { isUploadError, type UploadError, type UploadErrorCode } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import type { Clock } from "../platform/clock.js";
import type { NetworkStatus } from "../platform/network-status.js";
import { aroundEachRequest } from "./each-request.js";
import type { CallOptions, ObjectStore } from "./object-store.js";
import type { Persist } from "./persist.js";

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

export function persisting(policy: RetryPolicy, tools: Tools): Persist {
  return (options, call, only) => repeated(call, options, policy, tools, only);
}

export function retrying(store: ObjectStore, persist: Persist): ObjectStore {
  return aroundEachRequest(store, (options, call) => persist(options, call));
}

async function repeated<T>(
  call: (options: CallOptions) => Promise<T>,
  options: CallOptions,
  policy: RetryPolicy,
  tools: Tools,
  only: Parameters<Persist>[2],
): Promise<T> {
  const { clock } = tools;
  const failures = new Map<Rule, number>();
  /** Milliseconds of attempts and pauses since the upload last stored something. Time offline does not count. */
  let spentMs = 0;
  let progressAt = options.lastProgressAt?.() ?? 0;
  let began = clock.elapsed();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call({ ...options, attempt, refusals: failures.get("as told") ?? 0 });
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isUploadError(error) || only?.(error) === false) throw error;
      const rule = ruleFor(error);
      const count = (failures.get(rule) ?? 0) + 1;
      failures.set(rule, count);
      spentMs += Math.min(clock.elapsed() - began, longestStepMs);
      const progressedAt = options.lastProgressAt?.() ?? 0;
      if (progressedAt > progressAt) spentMs = 0;
      progressAt = progressedAt;
      if (isFinal(error, count, spentMs, policy)) throw error.with({ attempts: attempt });
      if (error.again !== "at once") spentMs += await pause(error, count, options, policy, tools);
      // The time that beforeRepeating takes belongs to the attempt that follows.
      began = clock.elapsed();
      await options.beforeRepeating?.(error, attempt);
    }
  }
}

/** @param count how many failures of the call had the same rule, this one included */
function isFinal(error: UploadError, count: number, spentMs: number, { giveUpAfterMs }: RetryPolicy): boolean {
  switch (ruleFor(error)) {
    case "never":
      return true;
    case "thrice":
      return count >= 3;
    case "patiently":
    case "as told":
      return error.again !== "at once" && spentMs >= giveUpAfterMs;
  }
}

/** @returns the milliseconds of the pause that count as spent: those offline do not */
async function pause(
  error: UploadError,
  count: number,
  { signal, onWaiting }: CallOptions,
  { baseDelayMs, maxDelayMs }: RetryPolicy,
  tools: Tools,
): Promise<number> {
  const { clock, network, random } = tools;
  try {
    let offlineMs = 0;
    if (!network.online()) {
      onWaiting?.({ reason: "offline", error });
      offlineMs = await waitOffline(tools, signal);
    }
    const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(count - 1, 20));
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

/** Waits until the browser says that it is online, but not too long. @returns milliseconds */
async function waitOffline({ clock, network }: Tools, signal: AbortSignal): Promise<number> {
  const began = clock.elapsed();
  const stop = new AbortController();
  const ends = [network.whenOnline(stop.signal), clock.sleep(longestOfflineMs, stop.signal)];
  try {
    await orAborted(Promise.race(ends), signal);
  } finally {
    stop.abort();
  }
  return clock.elapsed() - began;
}

function ruleFor(error: UploadError): Rule {
  if (!error.temporary) return "never";
  return error.again === undefined ? rules[error.code] : "as told";
}
