/**
 * A layer that repeats failed requests; no other file repeats those of an upload. Its policy is a table, in which the compiler demands
 * every error code. Law: a layer is a store that wraps a store.
 */
import { type Ringing, sleepOrRing } from "../bell.js";
import { isUploadError, type UploadError, type UploadErrorCode } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import type { Clock } from "../platform/clock.js";
import type { NetworkStatus } from "../platform/network-status.js";
import { aroundEachRequest } from "./each-request.js";
import type { CallOptions, ObjectStore } from "./object-store.js";
import { Outage } from "./outage.js";
import type { Persist } from "./persist.js";
import { Silence, tooLarge } from "./silence.js";

export interface RetryPolicy {
  /** A failure is final after this many milliseconds online in which the upload stored nothing. */
  readonly giveUpAfterMs: number;
  /** The longest pause after the first failure; it doubles with each that follows. */
  readonly baseDelayMs: number;
  /** The longest pause of all, unless the store asks for a longer one. */
  readonly maxDelayMs: number;
}

export interface RetryTools {
  readonly clock: Clock;
  readonly network: NetworkStatus;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Tools extends RetryTools {
  readonly outage: Outage;
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
/** The longest pause while the store cannot be reached: one request of the page at a time asks no more than all did before. */
const longestInOutageMs = 5_000;
/** So often a body must get no answer, while small requests do, before its size is thought to be the reason. */
const suspiciousBodies = 3;
/** A laptop that slept for an hour has not tried for an hour: no single attempt or pause counts for more than this. */
const longestStepMs = 120_000;

export function persisting(policy: RetryPolicy, given: RetryTools): Persist {
  const tools = { ...given, outage: new Outage(given.clock) };
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
  const { clock, outage } = tools;
  const failures = new Map<Rule, number>();
  const silence = new Silence(clock);
  /** Milliseconds of attempts and pauses since the upload last stored something. Time offline does not count. */
  let spentMs = 0;
  let progressAt = options.lastProgressAt?.() ?? 0;
  let began = clock.elapsed();
  try {
    for (let attempt = 1; ; attempt += 1) {
      silence.begins();
      try {
        const refusals = failures.get("as told") ?? 0;
        const result = await call({ ...listening(options, silence, outage), attempt, refusals });
        // What is repeated with a condition is no request to the store.
        if (only === undefined) outage.answered();
        return result;
      } catch (thrown) {
        options.signal.throwIfAborted();
        if (!isUploadError(thrown) || only?.(thrown) === false) throw thrown;
        if (only === undefined && isOutage(thrown)) outage.failed();
        silence.failed(thrown);
        const error = silence.bodies >= suspiciousBodies ? thrown.with(tooLarge) : thrown;
        if (options.divisible && error.tooLarge !== undefined) throw error.with({ attempts: attempt });
        const rule = ruleFor(error);
        const count = (failures.get(rule) ?? 0) + 1;
        failures.set(rule, count);
        spentMs += Math.min(clock.elapsed() - began, longestStepMs);
        const progressedAt = options.lastProgressAt?.() ?? 0;
        if (progressedAt > progressAt) spentMs = 0;
        progressAt = progressedAt;
        if (isFinal(error, count, spentMs, policy)) throw error.with({ attempts: attempt });
        const patienceMs = policy.giveUpAfterMs - spentMs;
        if (error.again !== "at once")
          spentMs += await pause(error, { count, patienceMs, call }, options, policy, tools);
        // The time that beforeRepeating takes belongs to the attempt that follows.
        began = clock.elapsed();
        await outage.letting(call, async () => await options.beforeRepeating?.(error, attempt));
      }
    }
  } finally {
    outage.left(call);
  }
}

/** @returns the options of one attempt, of which the layer hears when it is answered and when bytes move */
function listening(options: CallOptions, silence: Silence, outage: Outage): CallOptions {
  return {
    ...options,
    unansweredSinceMs: silence.unansweredSinceMs,
    onAnswer: () => {
      silence.answered();
      outage.answered();
    },
    onSent: (bytes) => {
      if (bytes > 0) outage.moved();
      options.onSent?.(bytes);
    },
  };
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
      // A store that wants to be left alone for longer than anybody waits is not waited for.
      return (
        error.again !== "at once" && (spentMs >= giveUpAfterMs || spentMs + (error.retryAfterMs ?? 0) > giveUpAfterMs)
      );
  }
}

interface Failed {
  /** How many failures of the call had the same rule. */
  readonly count: number;
  readonly patienceMs: number;
  readonly call: object;
}

/** @returns the milliseconds of the pause that count as spent: those offline do not */
async function pause(
  error: UploadError,
  { count, patienceMs, call }: Failed,
  { signal, onWaiting, hurry }: CallOptions,
  { baseDelayMs, maxDelayMs }: RetryPolicy,
  tools: Tools,
): Promise<number> {
  const { clock, network, random, outage } = tools;
  const bells = hurry === undefined ? [] : [hurry];
  try {
    let offlineMs = 0;
    if (!network.online()) {
      outage.left(call);
      onWaiting?.({ reason: "offline", error });
      const offline = await waitOffline(tools, signal, bells);
      if (offline.hurried) return 0;
      offlineMs = offline.ms;
    }
    const doubled = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(count - 1, 20));
    const ceiling = outage.lasts && error.status === undefined ? Math.min(doubled, longestInOutageMs) : doubled;
    const { retryAfterMs = 0 } = error;
    const delayMs = offlineMs > 0 ? 0 : Math.max(random() * ceiling, retryAfterMs);
    const reason = error.code === "credentials" ? "credentials" : "backoff";
    const tell = (ms: number | undefined) =>
      onWaiting?.({ reason, error, ...(ms !== undefined && { untilMs: clock.now() + ms }) });
    const began = clock.elapsed();
    if (isOutage(error) && retryAfterMs === 0) {
      return await outage.rest({ call, ms: delayMs, patienceMs, signal, bells, tell });
    }
    outage.left(call);
    tell(delayMs);
    // What the store wishes is kept when others are answered; an app that gave no key may give one.
    await sleepOrRing(clock, delayMs, signal, error.status === undefined ? [...bells, outage.over] : bells);
    return Math.min(clock.elapsed() - began, Math.max(delayMs, longestStepMs));
  } finally {
    onWaiting?.(null);
  }
}

/** Waits until the browser says that it is online, or another request was answered, but not too long. */
async function waitOffline({ clock, network, outage }: Tools, signal: AbortSignal, bells: readonly Ringing[]) {
  const began = clock.elapsed();
  const stop = new AbortController();
  const online = network.whenOnline(stop.signal).then(() => undefined);
  const sleeping = sleepOrRing(clock, longestOfflineMs, stop.signal, [...bells, outage.over]);
  try {
    const by = await orAborted(Promise.race([online, sleeping]), signal);
    return { ms: clock.elapsed() - began, hurried: by !== undefined && by !== outage.over };
  } finally {
    stop.abort();
  }
}

/** The store was not reached, or something between it and the page broke down. */
function isOutage({ code }: UploadError): boolean {
  return code === "network" || code === "stalled" || code === "server";
}

function ruleFor(error: UploadError): Rule {
  if (!error.temporary) return "never";
  return error.again === undefined ? rules[error.code] : "as told";
}
