import { describe, expect, test } from "vitest";
import { readOssCredentials } from "../oss/oss-credentials.js";
import type { CredentialsProvider } from "../oss/oss-options.js";
import type { Sleep } from "./ask-app.js";
import { credentialsSource } from "./credentials.js";
import { serviceClock } from "./service-clock.js";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const signal = new AbortController().signal;
const words = { adapter: "ossStore()", read: readOssCredentials };

/** An app that gives a new key at each call, and a clock that the test moves. */
function world(lifeMs: number | undefined) {
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

describe("credentials that are fetched", () => {
  test("are asked for once by everybody who needs them first", async () => {
    const { key, reasons } = world(60 * minute);

    expect(await Promise.all([key(), key(), key()])).toEqual(["key-1", "key-1", "key-1"]);
    expect(await key()).toBe("key-1");
    expect(reasons).toEqual(["first"]);
  });

  test.each([
    ["an hour: five minutes early", 60 * minute, 55 * minute],
    ["fifteen minutes: at four fifths", 15 * minute, 12 * minute],
    ["thirty seconds: at four fifths", 30_000, 24_000],
  ])("that live %s are renewed", async (_, lifeMs, renewedAtMs) => {
    const { key, pass, reasons } = world(lifeMs);
    await key();

    pass(renewedAtMs - 1);
    const before = await key();
    pass(1);
    const after = await key();

    expect([before, after]).toEqual(["key-1", "key-2"]);
    expect(reasons).toEqual(["first", "expiring"]);
  });

  test("that ended while the laptop was closed are renewed before the next request, by one call", async () => {
    const { key, pass, reasons } = world(30 * minute);
    await key();

    pass(60 * minute);
    const awake = await Promise.all([key(), key(), key()]);

    expect(awake).toEqual(["key-2", "key-2", "key-2"]);
    expect(reasons).toEqual(["first", "expiring"]);
  });

  test("without an end are never renewed by themselves", async () => {
    const { key, pass } = world(undefined);
    await key();

    pass(365 * 24 * 60 * minute);

    expect(await key()).toBe("key-1");
  });

  test("that seem to be dead on arrival are used: this page's clock may be the wrong one", async () => {
    const { key, pass } = world(-365 * 24 * 60 * minute);

    expect(await key()).toBe("key-1");
    pass(minute);
    expect(await key()).toBe("key-1");
  });

  test("are renewed by the service's clock once it is known", async () => {
    const { key, clock, pass } = world(60 * minute);
    await key();

    // Ten minutes of the hour were left when they came: they are used for four fifths of that.
    clock.learn(start + 50 * minute);
    pass(8 * minute - 1);
    const before = await key();
    pass(1);

    expect([before, await key()]).toEqual(["key-1", "key-2"]);
  });

  test("that were refused are renewed at once, by one call for everybody", async () => {
    const { source, key, reasons } = world(60 * minute);
    const refused = await source.current({ signal });

    const worthwhile = [source.refused(refused, 0), source.refused(refused, 1)];
    const next = await Promise.all([key(), key()]);

    expect(worthwhile).toEqual(["at once", "after"]);
    expect(next).toEqual(["key-2", "key-2"]);
    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("that were refused after others had already replaced them need no further call", async () => {
    const { source, key, reasons } = world(60 * minute);
    const old = await source.current({ signal });
    source.refused(old, 0);
    await key();

    expect([0, 1, 2].map((refusals) => source.refused(old, refusals))).toEqual(["at once", "after", "final"]);
    expect(await key()).toBe("key-2");
    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("that are refused again, without ever having been taken, are renewed once more after a pause", async () => {
    const { key, refuse, reasons, pauses } = world(60 * minute);

    const hope = [await refuse(), await refuse()];
    const third = await key();

    expect(hope).toEqual(["at once", "at once"]);
    expect(third).toBe("key-3");
    expect(reasons).toEqual(["first", "rejected", "rejected"]);
    expect(pauses).toEqual([expect.any(Number)]);
    expect(pauses[0]).toBeGreaterThanOrEqual(1000);
    expect(pauses[0]).toBeLessThan(2000);
  });

  test("that are refused a third time in a row have no further chance, for nobody who was sent with them", async () => {
    const { source, refuse } = world(60 * minute);
    await refuse();
    await refuse();
    const third = await source.current({ signal });

    expect([source.refused(third, 0), source.refused(third, 1)]).toEqual(["final", "final"]);
  });

  test("are asked for more and more slowly while none is ever taken, however many uploads try", async () => {
    const { refuse, pauses, reasons } = world(60 * minute);

    for (let turns = 0; turns < 12; turns += 1) await refuse();

    expect(reasons).toHaveLength(12);
    for (const [index, ms] of pauses.entries()) {
      expect(ms).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** index, 30_000));
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    expect(pauses).toHaveLength(10);
  });

  test("are asked for at once again, three times, after one of them was taken", async () => {
    const { source, key, refuse, reasons, pauses } = world(60 * minute);
    await refuse();
    await refuse();
    source.accepted(await source.current({ signal }));
    const before = pauses.length;

    const hope = await refuse();
    await key();

    expect(hope).toBe("at once");
    expect(reasons).toHaveLength(4);
    expect(pauses).toHaveLength(before);
  });

  test("are not waited for longer than the pause when this machine's clock is set back, nor after a closed laptop", async () => {
    const { key, refuse, pauses, pass } = world(60 * minute);
    await refuse();
    await refuse();

    pass(-60 * minute);
    await key();
    const setBack = [...pauses];
    await refuse();
    pass(60 * minute);
    await key();

    expect(setBack).toHaveLength(1);
    expect(setBack[0]).toBeLessThan(2000);
    expect(pauses).toEqual(setBack);
  });

  test("that are paused for say until when", async () => {
    const { key, refuse, now } = world(60 * minute);
    await refuse();
    await refuse();
    const from = now();
    const waiting: unknown[] = [];

    await key({ onWaiting: (value) => waiting.push(value) });

    expect(waiting).toEqual([{ reason: "credentials", untilMs: expect.any(Number) }, null]);
    expect((waiting[0] as { untilMs: number }).untilMs - from).toBeGreaterThanOrEqual(1000);
  });

  test("that are refused after they had been taken have a further chance", async () => {
    const { source } = world(60 * minute);
    source.refused(await source.current({ signal }), 0);
    const second = await source.current({ signal });
    source.accepted(second);

    expect(source.refused(second, 0)).toBe("at once");
  });

  test("go on coming for the others when one of those who wait leaves", async () => {
    const { key, answers, signals } = world(60 * minute);
    let answer = (_value: unknown) => {};
    answers(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const leaving = new AbortController();
    const reason = new DOMException("paused", "AbortError");

    const left = key({ signal: leaving.signal });
    const stayed = key();
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    answer({ accessKeyId: "key", accessKeySecret: "secret" });

    expect(await stayed).toBe("key");
    expect(signals[0]?.aborted).toBe(false);
  });

  test("are no longer asked for when all who waited have left, and asked for anew by the next", async () => {
    const { key, answers, signals, reasons } = world(60 * minute);
    answers(() => new Promise(() => {}));
    const leaving = new AbortController();

    const left = key({ signal: leaving.signal });
    leaving.abort(new DOMException("paused", "AbortError"));
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    answers(async () => ({ accessKeyId: "key", accessKeySecret: "secret" }));

    expect(await key()).toBe("key");
    expect(signals[0]?.aborted).toBe(true);
    expect(reasons).toEqual(["first", "first"]);
  });

  test("that cannot be fetched may come later, and the reason is kept", async () => {
    const { key, answers } = world(60 * minute);
    const cause = new TypeError("Failed to fetch");
    answers(async () => {
      throw cause;
    });

    await expect(key()).rejects.toMatchObject({ code: "credentials", temporary: true, cause });
  });

  test("that cannot be renewed early are used to their end", async () => {
    const { key, answers, pass, reasons } = world(60 * minute);
    await key();
    answers(async () => {
      throw new TypeError("Failed to fetch");
    });

    pass(56 * minute);
    const [meanwhile, again] = [await key(), await key()];
    pass(5 * minute);

    expect([meanwhile, again]).toEqual(["key-1", "key-1"]);
    expect(reasons).toEqual(["first", "expiring"]);
    await expect(key()).rejects.toMatchObject({ code: "credentials", temporary: true });
  });

  test("say for whom one waits, and when it is over", async () => {
    const { key } = world(60 * minute);
    const waiting: unknown[] = [];

    await key({ onWaiting: (value) => waiting.push(value) });

    expect(waiting).toEqual([{ reason: "credentials" }, null]);
  });

  test.each([
    ["nothing", undefined, "not an object"],
    ["a text", "LTAI", "not an object"],
    ["no id", { accessKeySecret: "hush" }, "accessKeyId is missing"],
    ["no secret", { AccessKeyId: "LTAI" }, "accessKeySecret is missing"],
    [
      "wrapped",
      { code: 0, data: { AccessKeyId: "LTAI", AccessKeySecret: "hush" } },
      "accessKeyId is missing among: code, data",
    ],
    ["keyed by a secret", { LTAI5hush: "x", hush7: 1 }, "accessKeyId is missing"],
    ["an empty id", { accessKeyId: "", accessKeySecret: "hush" }, "accessKeyId is missing"],
    ["an id with a line break", { accessKeyId: "LTAI\r\n", accessKeySecret: "hush" }, "accessKeyId is not plain text"],
    ["a number as secret", { accessKeyId: "LTAI", accessKeySecret: 7 }, "accessKeySecret is not plain text"],
    [
      "a temporary key without its token",
      { accessKeyId: "STS.a", accessKeySecret: "hush" },
      "securityToken is missing",
    ],
    [
      "an end that is no date",
      { accessKeyId: "LTAI", accessKeySecret: "hush", expiration: "soon" },
      "expiration is not a date",
    ],
  ])("that are %s are final, and their secret is not told", async (_, answer, problem) => {
    const { key, answers } = world(60 * minute);
    answers(async () => answer);

    const failed = key();

    await expect(failed).rejects.toMatchObject({ code: "credentials", temporary: false, hint: expect.any(String) });
    await expect(failed).rejects.toThrow(problem);
    await expect(failed).rejects.not.toThrow("hush");
  });
});

describe("credentials that are given", () => {
  test("are the same for ever, and nothing comes of asking again", async () => {
    const source = credentialsSource(
      { accessKeyId: "key", accessKeySecret: "secret" },
      words,
      serviceClock(() => start, 900_000),
    );

    const credentials = await source.current({ signal });

    expect(source.refused(credentials, 0)).toBe("final");
    expect(await source.current({ signal })).toBe(credentials);
  });

  test("that make no sense are an invalid option", () => {
    const given = { accessKeyId: "key", accessKeySecret: "" };

    expect(() =>
      credentialsSource(
        given,
        words,
        serviceClock(() => start, 900_000),
      ),
    ).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
