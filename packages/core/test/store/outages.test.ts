/** While the store is out of reach one request of the page finds out when it is back, and then all go on at once. Law: a layer is a store that wraps a store. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Waiting } from "../../src/api/upload.js";
import { Bell } from "../../src/bell.js";
import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../../src/errors.js";
import type { CallOptions, ObjectStore, UploadId } from "../../src/store/object-store.js";
import { persisting, retrying } from "../../src/store/retrying.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";

const policy = { giveUpAfterMs: 600_000, baseDelayMs: 500, maxDelayMs: 30_000 };
const minute = 60_000;

interface Attempt {
  readonly key: string;
  readonly at: number;
  endedAt?: number;
}

/** A page whose requests, `abort` of a key each, all take a tenth of a second and end as `answer` says. */
function page(answer: (key: string, at: number) => UploadError | "success") {
  const clock = new ManualClock();
  const never = new AbortController().signal;
  const attempts: Attempt[] = [];
  const failing: ObjectStore = {
    ...memoryStore(new MemoryServer()),
    abort: async ({ key }, { signal }) => {
      const attempt: Attempt = { key, at: clock.elapsed() };
      attempts.push(attempt);
      await clock.sleep(100, signal);
      attempt.endedAt = clock.elapsed();
      const outcome = answer(key, attempt.endedAt);
      if (outcome instanceof UploadError) throw outcome;
    },
  };
  let drawn = 0;
  // Not by chance, and yet another one each time.
  const random = () => {
    drawn += 0.381966;
    return drawn % 1;
  };
  const network = { online: () => true, whenOnline: async () => undefined };
  const store = retrying(failing, persisting(policy, { clock, network, random }));
  const ended = new Map<string, { readonly at: number; readonly error?: unknown }>();
  const waits = new Map<string, Waiting | null>();
  const call = (key: string, options: Partial<CallOptions> = {}) => {
    const onWaiting = (waiting: Waiting | null) => void waits.set(key, waiting);
    store.abort({ key, id: "U" as UploadId }, { signal: never, onWaiting, ...options }).then(
      () => ended.set(key, { at: clock.elapsed() }),
      (error: unknown) => ended.set(key, { at: clock.elapsed(), error }),
    );
  };
  const until = async (ms: number) => {
    for (;;) {
      for (let turns = 0; turns < 3; turns += 1) await new Promise(setImmediate);
      if (clock.nextAt === undefined || clock.nextAt > ms) break;
      clock.advanceToNext();
    }
    clock.advance(Math.max(0, ms - clock.elapsed()));
    await new Promise(setImmediate);
  };
  const ask = async (key: string) => await store.abort({ key, id: "U" as UploadId }, { signal: never });
  return { clock, attempts, ended, waits, call, until, ask };
}

const failure = (code: UploadErrorCode, details: UploadErrorDetails = {}) => new UploadError(code, code, details);
const keys = ["a", "b", "c", "d", "e", "f"];

describe.each<[string, UploadError]>([
  ["no answer comes", failure("network")],
  ["everything falls silent", failure("stalled")],
  ["a gateway answers in the store's place", failure("server", { status: 502 })],
])("in an outage in which %s", (_, error) => {
  const outage = (from: number, to: number) => page((_key, at) => (at > from && at <= to ? error : "success"));

  test("one request at a time finds out whether it is over", async () => {
    const { attempts, call, until } = outage(0, 10 * minute);
    keys.forEach((key) => void call(key));

    await until(3 * minute);

    const later = attempts.filter(({ at }) => at > 5_000);
    const atATime = later.map(
      ({ at }) => later.filter((other) => other.at <= at && (other.endedAt ?? 1e9) > at).length,
    );
    expect(later.length).toBeGreaterThan(5);
    expect(Math.max(...atATime)).toBe(1);
  });

  test("everybody goes on as soon as one is answered", async () => {
    const { attempts, ended, call, until } = outage(0, 2 * minute);
    keys.forEach((key) => void call(key));

    await until(3 * minute);

    const first = attempts.find(({ endedAt = 0 }) => endedAt > 2 * minute);
    const last = Math.max(...[...ended.values()].map(({ at }) => at));
    expect([...ended.keys()].sort()).toEqual(keys);
    expect(last).toBeLessThanOrEqual((first?.endedAt ?? 0) + 200);
    // The pauses of the one that finds out are no longer than anybody's.
    expect(last - 2 * minute).toBeLessThan(policy.maxDelayMs + 200);
  });

  test("patience ends when it would have ended, also of those that only waited", async () => {
    const { ended, call, until } = outage(0, 60 * minute);
    keys.forEach((key) => void call(key));

    await until(12 * minute);

    expect([...ended.keys()].sort()).toEqual(keys);
    for (const { at, error: last } of ended.values()) {
      expect(last).toMatchObject({ code: error.code });
      expect(at).toBeGreaterThanOrEqual(policy.giveUpAfterMs);
      expect(at).toBeLessThan(policy.giveUpAfterMs + policy.maxDelayMs);
    }
  });

  test("one that is stopped while it finds out leaves that to the others", async () => {
    const { ended, call, until, attempts } = outage(0, minute);
    const stop = new AbortController();
    call("stopped", { signal: stop.signal });
    keys.slice(1).forEach((key) => void call(key));
    await until(10_000);
    const asked = attempts.length;

    stop.abort("enough");
    await until(2 * minute);

    expect(ended.get("stopped")).toMatchObject({ error: "enough" });
    expect(attempts.length).toBeGreaterThan(asked);
    for (const key of keys.slice(1)) expect(ended.get(key), key).not.toHaveProperty("error");
  });
});

describe("the others go on when an outage ends, although the one that found out", () => {
  const outageMs = 2 * minute;
  const gateway = failure("server", { status: 502 });

  test.each<[string, UploadError]>([
    ["is told to come back in five minutes", failure("server", { status: 502, retryAfterMs: 5 * minute })],
    ["is throttled for five minutes", failure("throttled", { status: 503, retryAfterMs: 5 * minute })],
    ["gets no key from its app", failure("credentials", { temporary: true })],
    ["gets answers of a gateway", gateway],
    ["gets no answer", failure("network")],
  ])("%s", async (_, error) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.boolean(), async (seconds, asks) => {
        let found: string | undefined;
        const { ended, call, until, ask } = page((key, at) => {
          if (at > outageMs) return "success";
          if (at > seconds * 1000 && keys.includes(key)) found ??= key;
          return key === found ? error : failure("network");
        });
        const beforeRepeating = async (): Promise<void> => (asks ? await ask("question") : undefined);
        keys.forEach((key) => void call(key, { beforeRepeating }));

        await until(outageMs + policy.maxDelayMs + 10_000);

        const others = keys.filter((key) => key !== found);
        expect(others.filter((key) => !ended.has(key))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test("asks another question before it tries again: that one finds out instead", async () => {
    const { ended, call, until, ask } = page((_key, at) => (at <= 10_000 ? gateway : "success"));
    call("complete", { beforeRepeating: async (_error, attempt) => (attempt < 2 ? undefined : await ask("object")) });

    await until(10_000 + policy.maxDelayMs);

    expect(ended.get("complete")).toEqual({ at: expect.any(Number) });
  });

  test("stops while it asks: the others find out without it", async () => {
    const stop = new AbortController();
    const { ended, call, until, clock } = page((_key, at) => (at <= minute ? gateway : "success"));
    const beforeRepeating = async () => await clock.sleep(policy.giveUpAfterMs, stop.signal);
    call("complete", { signal: stop.signal, beforeRepeating });
    await until(20_000);
    call("plain");
    await until(30_000);

    stop.abort("enough");
    await until(2 * minute);

    expect(ended.get("complete")).toMatchObject({ error: "enough" });
    expect(ended.get("plain")).toEqual({ at: expect.any(Number) });
  });
});

test("while no answer comes it is asked every five seconds at least, so that no more than these are lost", async () => {
  const { attempts, ended, call, until } = page((_key, at) => (at <= 5 * minute ? failure("network") : "success"));
  keys.forEach((key) => void call(key));

  await until(6 * minute);

  const pauses = attempts.map(({ at }, index) => at - (attempts[index - 1]?.at ?? 0));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5_200);
  expect(Math.max(...[...ended.values()].map(({ at }) => at))).toBeLessThan(5 * minute + 5_400);
});

test("a request that fails among others that are answered waits as long as it would alone", async () => {
  const { attempts, call, until, clock } = page((key) => (key === "poison" ? failure("network") : "success"));
  call("poison");
  for (let at = 0; at < 2 * minute; at += 500) {
    await until(at);
    call(`good ${at}`);
  }
  await until(2 * minute);

  const alone = page(() => failure("network"));
  alone.call("poison");
  await alone.until(clock.elapsed());
  const tries = attempts.filter(({ key }) => key === "poison").length;
  expect(tries).toBeLessThanOrEqual(alone.attempts.length);
});

test("what the store wishes is kept, although others are answered after an outage", async () => {
  let refused = false;
  const { attempts, call, until } = page((key, at) => {
    if (key !== "throttled") return at <= minute ? failure("network") : "success";
    if (refused) return "success";
    refused = true;
    return failure("throttled", { status: 503, retryAfterMs: 5 * minute });
  });
  keys.forEach((key) => void call(key));
  await until(50_000);
  call("throttled");

  await until(10 * minute);

  const [first, second, ...more] = attempts.filter(({ key }) => key === "throttled");
  expect(more).toEqual([]);
  expect((second?.at ?? 0) - (first?.endedAt ?? 0)).toBe(5 * minute);
});

describe("retrying now", () => {
  test.each([
    ["after a failure", failure("server", { status: 500 })],
    ["in an outage, in which another finds out", failure("network")],
    ["although the store wants to be left alone", failure("throttled", { status: 503, retryAfterMs: 5 * minute })],
    ["while the app has no key", failure("credentials", { temporary: true })],
  ])("ends the pause %s", async (_, error) => {
    const { attempts, call, until, clock, waits } = page(() => error);
    const hurry = new Bell();
    call("other");
    call("mine", { hurry });
    await until(20_000);
    const before = attempts.filter(({ key }) => key === "mine").length;
    const pausing = waits.get("mine");

    hurry.ring();
    await until(clock.elapsed());

    expect(pausing).toMatchObject({ untilMs: expect.any(Number) });
    expect(attempts.filter(({ key }) => key === "mine")).toHaveLength(before + 1);
    expect(attempts.at(-1)).toMatchObject({ key: "mine", at: clock.elapsed() });
  });

  test("does nothing to a request that is under way", async () => {
    const { attempts, call, until } = page(() => "success");
    const hurry = new Bell();
    call("mine", { hurry });
    await until(50);

    hurry.ring();
    await until(minute);

    expect(attempts).toHaveLength(1);
  });
});

describe("a store that says when to come back", () => {
  const day = 86_400_000;

  test.each([
    ["in a minute", minute, "waited for"],
    ["in all the time that patience has", policy.giveUpAfterMs - 100, "waited for"],
    ["in more than patience has", policy.giveUpAfterMs + 1, "given up"],
    ["in a day", day, "given up"],
    ["in 30 days, more than a timer can hold", 30 * day, "given up"],
    ["in the year 9999", Date.UTC(9999, 11, 31) - Date.UTC(2026, 0, 1), "given up"],
  ])("%s is %s", async (_, retryAfterMs, what) => {
    let refused = false;
    const { attempts, ended, call, until } = page(() => {
      if (refused) return "success";
      refused = true;
      return failure("throttled", { status: 503, retryAfterMs });
    });
    call("a");

    await until(15 * minute);

    if (what === "waited for") {
      expect(attempts.map(({ at }) => at)).toEqual([0, 100 + retryAfterMs]);
      expect(ended.get("a")).toEqual({ at: 200 + retryAfterMs });
    } else {
      expect(attempts).toHaveLength(1);
      expect(ended.get("a")).toMatchObject({ at: 100, error: { code: "throttled", retryAfterMs, temporary: true } });
    }
  });
});
