/** The credentials to sign with: those that the app gives, or those that its function fetches, in one call for all callers that wait. */
import type { CallOptions } from "../object-store.js";
import { askApp, type Sleep } from "./ask-app.js";
import { type Cure, cureAfter } from "./cure.js";
import type { ActiveCredentials } from "./read-credentials.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";

export interface CredentialsSource {
  /**
   * @returns credentials that should still be good when the request arrives
   * @throws UploadError "credentials": temporary if the app gave no answer, final if the answer makes no sense
   */
  current(options: Pick<CallOptions, "signal" | "onWaiting">): Promise<ActiveCredentials>;
  /** The service took them. */
  accepted(credentials: ActiveCredentials): void;
  /**
   * The service refused them.
   *
   * @param refusals how often it refused the same call before
   * @returns whether, and when, that call may succeed with what `current` gives next
   */
  refused(credentials: ActiveCredentials, refusals: number): Cure;
  /** Those to sign with, without asking anybody: undefined where there are none, or where they were refused or are over. */
  inHand(): ActiveCredentials | undefined;
  /** The present ones may have been refused by answers that the page could not read: `current` fetches others. */
  doubted(): void;
}

/** The app's function. Its answer may be anything, and is checked. */
export type CredentialsFunction = (context: {
  readonly reason: "first" | "expiring" | "rejected";
  readonly signal: AbortSignal;
}) => Promise<unknown>;

/** What the dialect says of the credentials that it signs with. */
export interface CredentialsWords {
  /** What the app called, for messages: "ossStore()". */
  readonly adapter: string;
  /**
   * Checks what the app gave.
   *
   * @param what names it in the error, which never shows a value
   * @throws UploadError `code`, not temporary, if it makes no sense
   */
  read(answer: unknown, code: "credentials" | "invalid-option", what: string): ActiveCredentials;
}

/** Credentials are renewed so long before their end, or when so much of their life is left, whichever is less. */
const refreshBeforeMs = 300_000;
const refreshShare = 0.2;
const retryRefreshAfterMs = 10_000;
/** A new token that is refused may not be known to the service yet, or come from a cache: asking for one more may help. */
const renewalsInARow = 2;
/** The pause doubles with each renewal that is refused, and up to as much again is added at random. All callers share it. */
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
    ? new FetchedCredentials(fetchBy(given as CredentialsFunction, words, sleep), clock, sleep)
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
    // The same would be refused again.
    refused: () => "final",
    inHand: () => credentials,
    doubted: () => {},
  };
}

type Reason = Parameters<CredentialsFunction>[0]["reason"];
type Fetch = (reason: Reason, signal: AbortSignal) => Promise<ActiveCredentials>;

function fetchBy(provider: CredentialsFunction, { adapter, read }: CredentialsWords, sleep?: Sleep): Fetch {
  return async (reason, signal) => {
    const ask = async (stop: AbortSignal) => await provider({ reason, signal: stop });
    const purpose = `for a key (${reason})`;
    const answer = await askApp({ adapter, option: "credentials", purpose, ask }, signal, sleep);
    signal.throwIfAborted();
    return read(answer, "credentials", `What \`credentials\` of ${adapter} gave`);
  };
}

/** Fetches credentials when they are first needed, before they end, and after the service refused them. */
class FetchedCredentials implements CredentialsSource {
  readonly #fetch: Fetch;
  readonly #clock: ServiceClock;
  readonly #sleep: Sleep | undefined;
  #held: ActiveCredentials | undefined;
  /** By the page's clock, so that a correction of the service's time applies to it as well. */
  #fetchedAtMs = 0;
  #refused: ActiveCredentials | undefined;
  /** How often credentials were fetched in place of refused ones, since the service last took any. */
  #renewals = 0;
  #pause = { fromMs: 0, ms: 0 };
  /** By the page's clock: when a fetch before the end, which failed, may be tried again. */
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #call: SharedCall<ActiveCredentials> | undefined;

  constructor(fetch: Fetch, clock: ServiceClock, sleep?: Sleep) {
    this.#fetch = fetch;
    this.#clock = clock;
    this.#sleep = sleep;
  }

  async current({ signal, onWaiting }: Parameters<CredentialsSource["current"]>[0]): Promise<ActiveCredentials> {
    signal.throwIfAborted();
    const reason = this.#reasonToFetch();
    if (reason === undefined && this.#held !== undefined) return this.#held;
    const pauseMs = this.#pauseLeftMs(reason);
    const untilMs = this.#pageNow() + pauseMs;
    if (this.#call?.underway !== true) this.#call = shareCall((shared) => this.#refresh(reason ?? "first", shared));
    onWaiting?.({ reason: "credentials", ...(pauseMs > 0 && { untilMs }) });
    try {
      return await this.#call.join(signal);
    } finally {
      onWaiting?.(null);
    }
  }

  accepted(credentials: ActiveCredentials): void {
    if (credentials === this.#held) this.#renewals = 0;
  }

  refused(credentials: ActiveCredentials, refusals: number): Cure {
    if (credentials !== this.#held) return cureAfter(refusals);
    if (credentials !== this.#refused) this.#pause = { fromMs: this.#pageNow(), ms: pauseAfter(this.#renewals) };
    this.#refused = credentials;
    return this.#renewals < renewalsInARow ? cureAfter(refusals) : "final";
  }

  inHand(): ActiveCredentials | undefined {
    const { expiresAtMs = Number.POSITIVE_INFINITY } = this.#held ?? {};
    return this.#held === this.#refused || expiresAtMs <= this.#clock.now() ? undefined : this.#held;
  }

  doubted(): void {
    this.#refused = this.#held;
  }

  #pageNow(): number {
    return this.#clock.now() - this.#clock.offsetMs;
  }

  #reasonToFetch(): Reason | undefined {
    if (this.#held === undefined) return "first";
    if (this.#held === this.#refused) return "rejected";
    return this.#expiresSoon(this.#held) && this.#pageNow() >= this.#notBeforeMs ? "expiring" : undefined;
  }

  /** True from five minutes before the end on; if they live less than 25 minutes, for the last fifth of their life. */
  #expiresSoon({ expiresAtMs }: ActiveCredentials): boolean {
    if (expiresAtMs === undefined) return false;
    const lifeMs = expiresAtMs - (this.#fetchedAtMs + this.#clock.offsetMs);
    // Expired when they came: one of the clocks is wrong. The service will say what it thinks of them.
    if (lifeMs <= 0) return false;
    return this.#clock.now() >= expiresAtMs - Math.min(refreshBeforeMs, lifeMs * refreshShare);
  }

  /** Only for "rejected". Never longer than the pause itself: the page's clock may be set back meanwhile. */
  #pauseLeftMs(reason: Reason | undefined): number {
    const { fromMs, ms } = this.#pause;
    return reason === "rejected" ? Math.max(0, Math.min(ms, fromMs + ms - this.#pageNow())) : 0;
  }

  async #refresh(reason: Reason, signal: AbortSignal): Promise<ActiveCredentials> {
    const pauseMs = this.#pauseLeftMs(reason);
    if (pauseMs > 0) await this.#sleep?.(pauseMs, signal);
    const present = reason === "expiring" ? this.#held : undefined;
    try {
      this.#held = await this.#fetch(reason, signal);
      this.#fetchedAtMs = this.#pageNow();
      if (reason === "rejected") this.#renewals += 1;
      return this.#held;
    } catch (error) {
      signal.throwIfAborted();
      // A fetch before the end must not fail what still works: the present credentials are used to their end.
      const leftMs = (present?.expiresAtMs ?? 0) - this.#clock.now();
      if (present === undefined || leftMs <= 0) throw error;
      this.#notBeforeMs = this.#pageNow() + Math.min(retryRefreshAfterMs, leftMs / 2);
      return present;
    }
  }
}

/** @returns milliseconds: none after the first refusal, then ever more, however many uploads ask */
function pauseAfter(renewals: number): number {
  const least = renewals === 0 ? 0 : firstPauseMs * 2 ** (renewals - 1);
  return Math.min(longestPauseMs, least * (1 + Math.random()));
}
