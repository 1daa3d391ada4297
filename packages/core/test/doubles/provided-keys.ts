/** Credentials that an app fetches: the app, the service's clock, and what the test says of both. */

import type { Sleep } from "../../src/store/bucket/ask-app.js";
import { credentialsSource } from "../../src/store/bucket/credentials.js";
import { serviceClock } from "../../src/store/bucket/service-clock.js";
import { readOssCredentials } from "../../src/store/oss/oss-credentials.js";
import type { CredentialsProvider } from "../../src/store/oss/oss-options.js";

export const start = Date.UTC(2026, 0, 1);
export const minute = 60_000;
export const signal = new AbortController().signal;
const words = { adapter: "ossStore()", read: readOssCredentials };

/** An app that gives a new key at each call, and a clock that the test moves. */
export function providedKeys(lifeMs: number | undefined) {
  const time = { now: start };
  const reasons: string[] = [];
  const signals: AbortSignal[] = [];
  let answer: () => Promise<unknown> = async () => ({
    accessKeyId: `key-${reasons.length}`,
    accessKeySecret: "secret",
    securityToken: "token",
    expiration: lifeMs === undefined ? undefined : new Date(time.now + lifeMs),
  });
  const provider: CredentialsProvider = async (context) => {
    reasons.push(context.reason);
    signals.push(context.signal);
    return (await answer()) as Awaited<ReturnType<CredentialsProvider>>;
  };
  const clock = serviceClock(() => time.now, 900_000);
  const pauses: number[] = [];
  // A pause ends at once, and the clock has moved on. The time limit for the app, a minute, never ends here.
  const sleep: Sleep = async (ms, stop) => {
    if (ms >= minute)
      return await new Promise((_, reject) => stop.addEventListener("abort", () => reject(stop.reason)));
    pauses.push(ms);
    time.now += ms;
  };
  const source = credentialsSource(provider, words, clock, sleep);
  return {
    clock,
    source,
    reasons,
    signals,
    /** Milliseconds that were slept before the app was asked. */
    pauses,
    /** The service refuses the present key. @returns when a call may be repeated */
    refuse: async () => source.refused(await source.current({ signal }), 0),
    /** How the app answers from now on. */
    answers: (next: () => Promise<unknown>) => {
      answer = next;
    },
    now: () => time.now,
    pass: (ms: number) => {
      time.now += ms;
    },
    key: async (options: Partial<Parameters<typeof source.current>[0]> = {}) =>
      (await source.current({ signal, ...options })).accessKeyId,
  };
}
