/** Who signs, and until when: reads what the app gives, and fetches it anew in time, one call for everybody who waits. */
import { UploadError } from "../../errors.js";
import type { CallOptions } from "../object-store.js";
import { askApp, type Sleep } from "./ask-app.js";
import type { SigningKeys } from "./canonical.js";
import type { CredentialsProvider, OssStoreOptions } from "./oss-options.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";

/** One object for as long as the same credentials are used: compared by identity. */
export interface ActiveCredentials extends SigningKeys {
  /** Milliseconds since the epoch; undefined = until further notice. */
  readonly expiresAtMs: number | undefined;
}

export interface CredentialsSource {
  /**
   * Credentials that should still be good when the request arrives.
   * @throws UploadError "credentials": temporary when the app could not be asked, not when its answer makes no sense
   */
  current(options: Pick<CallOptions, "signal" | "onWaiting">): Promise<ActiveCredentials>;
  /** The service took them. */
  accepted(credentials: ActiveCredentials): void;
  /** The service refused them. @returns whether the same call has a chance with what `current` gives next */
  refused(credentials: ActiveCredentials): boolean;
}

type Given = NonNullable<OssStoreOptions["credentials"]>;

const refreshBeforeMs = 300_000;
const refreshShare = 0.2;
const retryRefreshAfterMs = 10_000;

/** @throws UploadError "invalid-option" for credentials that can never work */
export function credentialsSource(given: Given, clock: ServiceClock, sleep?: Sleep): CredentialsSource {
  return typeof given === "function" ? providedCredentials(given, clock, sleep) : fixedCredentials(given);
}

function fixedCredentials(given: Exclude<Given, CredentialsProvider>): CredentialsSource {
  const credentials = readCredentials(given, "invalid-option", "`credentials` of ossStore()");
  return {
    current: async ({ signal }) => {
      signal.throwIfAborted();
      return credentials;
    },
    accepted: () => {},
    // Nothing else can come of asking again.
    refused: () => false,
  };
}

interface Held {
  readonly credentials: ActiveCredentials;
  /** By the page's clock, so that a correction of the service's time applies to it as well. */
  readonly fetchedAtMs: number;
  readonly reason: Reason;
}

type Reason = Parameters<CredentialsProvider>[0]["reason"];

function providedCredentials(provider: CredentialsProvider, clock: ServiceClock, sleep?: Sleep): CredentialsSource {
  let held: Held | undefined;
  let refusedOne: ActiveCredentials | undefined;
  let acceptedOne: ActiveCredentials | undefined;
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

  async function fetchThem(reason: Reason, signal: AbortSignal): Promise<ActiveCredentials> {
    const ask = async (stop: AbortSignal) => await provider({ reason, signal: stop });
    const answer = await askApp({ option: "credentials", purpose: `for a key (${reason})`, ask }, signal, sleep);
    signal.throwIfAborted();
    const fetched = readCredentials(answer, "credentials", "What `credentials` of ossStore() gave");
    held = { credentials: fetched, fetchedAtMs: pageNow(), reason };
    return fetched;
  }

  async function refresh(reason: Reason, signal: AbortSignal): Promise<ActiveCredentials> {
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
      if (call?.underway !== true) call = shareCall((shared) => refresh(reason ?? "first", shared));
      onWaiting?.({ reason: "credentials" });
      try {
        return await call.join(signal);
      } finally {
        onWaiting?.(null);
      }
    },
    accepted: (credentials) => {
      acceptedOne = credentials;
    },
    refused: (credentials) => {
      if (credentials !== held?.credentials) return true;
      refusedOne = credentials;
      // Fetched because the last ones were refused, and never taken either: the next will fare no better.
      return held.reason !== "rejected" || acceptedOne === credentials;
    },
  };
}

/**
 * Accepts the spellings of this library, of the STS service (`AccessKeyId`…, also inside its `Credentials`) and of ali-oss
 * (`stsToken`).
 *
 * @param what named in the error, which never shows a value
 * @throws UploadError `code`, not temporary
 */
export function readCredentials(
  answer: unknown,
  code: "credentials" | "invalid-option",
  what: string,
): ActiveCredentials {
  const fail = (problem: string) =>
    new UploadError(code, `${what}: ${problem}`, {
      temporary: false,
      hint: "Expected { accessKeyId, accessKeySecret, securityToken?, expiration? }, or the same as the STS service spells it.",
    });
  const outer = recordOf(answer);
  if (outer === undefined) throw fail("is not an object");
  const fields = recordOf(outer.Credentials) ?? recordOf(outer.credentials) ?? outer;
  const text = (name: string, ...spellings: string[]) => {
    const value = spellings
      .map((spelling) => fields[spelling])
      .find((candidate) => candidate != null && candidate !== "");
    if (value === undefined) return undefined;
    if (typeof value !== "string" || !/^[!-~]+$/.test(value)) throw fail(`${name} is not plain text`);
    return value;
  };
  const accessKeyId = text("accessKeyId", "accessKeyId", "AccessKeyId");
  const accessKeySecret = text("accessKeySecret", "accessKeySecret", "AccessKeySecret");
  const securityToken = text("securityToken", "securityToken", "SecurityToken", "stsToken");
  if (accessKeyId === undefined) throw fail("accessKeyId is missing");
  if (accessKeySecret === undefined) throw fail("accessKeySecret is missing");
  if (accessKeyId.startsWith("STS.") && securityToken === undefined) {
    throw fail("accessKeyId is a temporary one, but securityToken is missing");
  }
  const expiration = fields.expiration ?? fields.Expiration ?? undefined;
  const expiresAtMs = expiration === undefined ? undefined : timeOf(expiration);
  if (Number.isNaN(expiresAtMs)) throw fail("expiration is not a date");
  return { accessKeyId, accessKeySecret, securityToken, expiresAtMs };
}

/** @returns milliseconds since the epoch; NaN when it is none of: Date, ISO text, seconds, milliseconds, either as text */
export function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "string" && !/^\d+$/.test(value)) return Date.parse(value);
  if (typeof value !== "number" && typeof value !== "string") return Number.NaN;
  // 10¹¹ seconds is the year 5138, 10¹¹ milliseconds is 1973.
  const number = Number(value);
  return Math.abs(number) < 1e11 ? number * 1000 : number;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
