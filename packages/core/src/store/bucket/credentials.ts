/** Who signs, and until when: reads what the app gives, and fetches it anew in time, one call for everybody who waits. */
import type { CallOptions } from "../object-store.js";
import { askApp, type Sleep } from "./ask-app.js";
import { type Cure, cureAfter } from "./cure.js";
import type { ActiveCredentials } from "./read-credentials.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";

export interface CredentialsSource {
  /**
   * Credentials that should still be good when the request arrives.
   * @throws UploadError "credentials": temporary when the app could not be asked, not when its answer makes no sense
   */
  current(options: Pick<CallOptions, "signal" | "onWaiting">): Promise<ActiveCredentials>;
  /** The service took them. */
  accepted(credentials: ActiveCredentials): void;
  /**
   * The service refused them.
   *
   * @param refusals how often it refused this very call before
   * @returns whether, and when, that call has a chance with what `current` gives next
   */
  refused(credentials: ActiveCredentials, refusals: number): Cure;
  /** They may have been refused by answers that nobody could read: `current` fetches others. */
  doubted(): void;
}

/** The app's function. Nothing is known of its answer until it is read. */
export type CredentialsFunction = (context: {
  readonly reason: "first" | "expiring" | "rejected";
  readonly signal: AbortSignal;
}) => Promise<unknown>;

/** What the dialect says of the credentials that it signs with. */
export interface CredentialsWords {
  /** What the app called, in a sentence: "ossStore()". */
  readonly adapter: string;
  /** @throws UploadError `code`, not temporary, when it makes no sense */
  read(answer: unknown, code: "credentials" | "invalid-option", what: string): ActiveCredentials;
}

const refreshBeforeMs = 300_000;
const refreshShare = 0.2;
const retryRefreshAfterMs = 10_000;
/** A new token that is refused may not have reached the service yet, or have come from a cache: one more is worth asking for. */
const renewalsInARow = 2;
/** Doubles with each that is refused, and as much again at random. Everybody waits for the same one. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** @throws UploadError "invalid-option" for credentials that can never work */
export function credentialsSource(
  given: object | CredentialsFunction,
  words: CredentialsWords,
  clock: ServiceClock,
  sleep?: Sleep,
): CredentialsSource {
  return typeof given === "function"
    ? providedCredentials(given as CredentialsFunction, words, clock, sleep)
    : fixedCredentials(given, words);
}

function fixedCredentials(given: object, { adapter, read }: CredentialsWords): CredentialsSource {
  const credentials = read(given, "invalid-option", `\`credentials\` of ${adapter}`);
  return {
    current: async ({ signal }) => {
      signal.throwIfAborted();
      return credentials;
    },
    accepted: () => {},
    // Nothing else can come of asking again.
    refused: () => "final",
    doubted: () => {},
  };
}

interface Held {
  readonly credentials: ActiveCredentials;
  /** By the page's clock, so that a correction of the service's time applies to it as well. */
  readonly fetchedAtMs: number;
}

type Reason = Parameters<CredentialsFunction>[0]["reason"];

function providedCredentials(
  provider: CredentialsFunction,
  { adapter, read }: CredentialsWords,
  clock: ServiceClock,
  sleep?: Sleep,
): CredentialsSource {
  let held: Held | undefined;
  let refusedOne: ActiveCredentials | undefined;
  /** Fetched because the ones before were refused, since any was last taken. */
  let renewals = 0;
  let pause = { fromMs: 0, ms: 0 };
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  let call: SharedCall<ActiveCredentials> | undefined;

  const pageNow = () => clock.now() - clock.offsetMs;

  function reasonToFetch(): Reason | undefined {
    if (held === undefined) return "first";
    if (held.credentials === refusedOne) return "rejected";
    return expiresSoon(held) && pageNow() >= notBeforeMs ? "expiring" : undefined;
  }

  /** Five minutes early; a shorter life is used to four fifths. */
  function expiresSoon({ credentials: { expiresAtMs }, fetchedAtMs }: Held): boolean {
    if (expiresAtMs === undefined) return false;
    const lifeMs = expiresAtMs - (fetchedAtMs + clock.offsetMs);
    // Dead on arrival means that one of the clocks is wrong: the service will say what it thinks of them.
    if (lifeMs <= 0) return false;
    return clock.now() >= expiresAtMs - Math.min(refreshBeforeMs, lifeMs * refreshShare);
  }

  /** By the page's clock, which may be set back meanwhile. */
  function pauseLeftMs(): number {
    return Math.max(0, Math.min(pause.ms, pause.fromMs + pause.ms - pageNow()));
  }

  /** At once for the first refusal; whoever is refused anew and anew asks ever more slowly, however many uploads try. */
  function pauseAfter(renewals: number): typeof pause {
    const least = renewals === 0 ? 0 : firstPauseMs * 2 ** (renewals - 1);
    return { fromMs: pageNow(), ms: Math.min(longestPauseMs, least * (1 + Math.random())) };
  }

  async function fetchThem(reason: Reason, signal: AbortSignal): Promise<ActiveCredentials> {
    const ask = async (stop: AbortSignal) => await provider({ reason, signal: stop });
    const answer = await askApp(
      { adapter, option: "credentials", purpose: `for a key (${reason})`, ask },
      signal,
      sleep,
    );
    signal.throwIfAborted();
    const fetched = read(answer, "credentials", `What \`credentials\` of ${adapter} gave`);
    if (reason === "rejected") renewals += 1;
    held = { credentials: fetched, fetchedAtMs: pageNow() };
    return fetched;
  }

  async function refresh(reason: Reason, signal: AbortSignal): Promise<ActiveCredentials> {
    const pauseMs = reason === "rejected" ? pauseLeftMs() : 0;
    if (pauseMs > 0) await sleep?.(pauseMs, signal);
    const present = reason === "expiring" ? held?.credentials : undefined;
    try {
      return await fetchThem(reason, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Fetching early must never fail what would still work: the ones in hand are used to their end.
      if (present?.expiresAtMs === undefined || present.expiresAtMs <= clock.now()) throw error;
      notBeforeMs = pageNow() + Math.min(retryRefreshAfterMs, (present.expiresAtMs - clock.now()) / 2);
      return present;
    }
  }

  return {
    current: async ({ signal, onWaiting }) => {
      signal.throwIfAborted();
      const reason = reasonToFetch();
      if (reason === undefined && held !== undefined) return held.credentials;
      const pauseMs = reason === "rejected" ? pauseLeftMs() : 0;
      const untilMs = pageNow() + pauseMs;
      if (call?.underway !== true) call = shareCall((shared) => refresh(reason ?? "first", shared));
      onWaiting?.({ reason: "credentials", ...(pauseMs > 0 && { untilMs }) });
      try {
        return await call.join(signal);
      } finally {
        onWaiting?.(null);
      }
    },
    accepted: (credentials) => {
      if (credentials === held?.credentials) renewals = 0;
    },
    refused: (credentials, refusals) => {
      if (credentials !== held?.credentials) return cureAfter(refusals);
      if (credentials !== refusedOne) pause = pauseAfter(renewals);
      refusedOne = credentials;
      return renewals < renewalsInARow ? cureAfter(refusals) : "final";
    },
    doubted: () => {
      refusedOne = held?.credentials;
    },
  };
}
