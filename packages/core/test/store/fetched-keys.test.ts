/** An app fetches credentials: when it is asked, by how many calls, and what is made of its answers. */
import { describe, expect, test } from "vitest";
import { minute, providedKeys, start } from "../doubles/provided-keys.js";

describe("credentials that are fetched", () => {
  test("are asked for once by everybody who needs them first", async () => {
    const { key, reasons } = providedKeys(60 * minute);

    expect(await Promise.all([key(), key(), key()])).toEqual(["key-1", "key-1", "key-1"]);
    expect(await key()).toBe("key-1");
    expect(reasons).toEqual(["first"]);
  });

  test.each([
    ["an hour: five minutes early", 60 * minute, 55 * minute],
    ["fifteen minutes: at four fifths", 15 * minute, 12 * minute],
    ["thirty seconds: at four fifths", 30_000, 24_000],
  ])("that live %s are renewed", async (_, lifeMs, renewedAtMs) => {
    const { key, pass, reasons } = providedKeys(lifeMs);
    await key();

    pass(renewedAtMs - 1);
    const before = await key();
    pass(1);
    const after = await key();

    expect([before, after]).toEqual(["key-1", "key-2"]);
    expect(reasons).toEqual(["first", "expiring"]);
  });

  test("that ended while the laptop was closed are renewed before the next request, by one call", async () => {
    const { key, pass, reasons } = providedKeys(30 * minute);
    await key();

    pass(60 * minute);
    const awake = await Promise.all([key(), key(), key()]);

    expect(awake).toEqual(["key-2", "key-2", "key-2"]);
    expect(reasons).toEqual(["first", "expiring"]);
  });

  test("without an end are never renewed by themselves", async () => {
    const { key, pass } = providedKeys(undefined);
    await key();

    pass(365 * 24 * 60 * minute);

    expect(await key()).toBe("key-1");
  });

  test("that seem to be dead on arrival are used: this page's clock may be the wrong one", async () => {
    const { key, pass } = providedKeys(-365 * 24 * 60 * minute);

    expect(await key()).toBe("key-1");
    pass(minute);
    expect(await key()).toBe("key-1");
  });

  test("are renewed by the service's clock once it is known", async () => {
    const { key, clock, pass } = providedKeys(60 * minute);
    await key();

    // Ten minutes of the hour were left when they came: they are used for four fifths of that.
    clock.learn(start + 50 * minute);
    pass(8 * minute - 1);
    const before = await key();
    pass(1);

    expect([before, await key()]).toEqual(["key-1", "key-2"]);
  });

  test("go on coming for the others when one of those who wait leaves", async () => {
    const { key, answers, signals } = providedKeys(60 * minute);
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
    const { key, answers, signals, reasons } = providedKeys(60 * minute);
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
    const { key, answers } = providedKeys(60 * minute);
    const cause = new TypeError("Failed to fetch");
    answers(async () => {
      throw cause;
    });

    await expect(key()).rejects.toMatchObject({ code: "credentials", temporary: true, cause });
  });

  test("that cannot be renewed early are used to their end", async () => {
    const { key, answers, pass, reasons } = providedKeys(60 * minute);
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
    const { key } = providedKeys(60 * minute);
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
    const { key, answers } = providedKeys(60 * minute);
    answers(async () => answer);

    const failed = key();

    await expect(failed).rejects.toMatchObject({ code: "credentials", temporary: false, hint: expect.any(String) });
    await expect(failed).rejects.toThrow(problem);
    await expect(failed).rejects.not.toThrow("hush");
  });
});
