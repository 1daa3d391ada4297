import { describe, expect, test } from "vitest";
import { UploadError } from "../../errors.js";
import { askApp, type Question, type Sleep } from "./ask-app.js";

const question = (ask: Question<string>["ask"]): Question<string> => ({
  adapter: "ossStore()",
  option: "credentials",
  purpose: "for a key",
  ask,
});
const forever = () => new Promise<never>(() => {});
/** A sleep that ends only when the test says so. */
function handClock() {
  let pass = () => {};
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  const slept: number[] = [];
  let stopped = false;
  const sleep: Sleep = (ms, signal) => {
    slept.push(ms);
    signal.addEventListener("abort", () => {
      stopped = true;
    });
    return passed;
  };
  return { sleep, pass: () => pass(), slept, stopped: () => stopped };
}

describe("asking the application", () => {
  test("gives its answer and ends the wait for it", async () => {
    const { sleep, stopped } = handClock();

    expect(
      await askApp(
        question(async () => "answer"),
        new AbortController().signal,
        sleep,
      ),
    ).toBe("answer");
    expect(stopped()).toBe(true);
  });

  test("ends after a minute, tells the app, and may be tried later", async () => {
    const { sleep, pass, slept } = handClock();
    let told: AbortSignal | undefined;
    const asking = askApp(
      question((signal) => {
        told = signal;
        return forever();
      }),
      new AbortController().signal,
      sleep,
    );

    pass();

    await expect(asking).rejects.toMatchObject({ code: "credentials", temporary: true });
    expect(slept).toEqual([60_000]);
    expect(told?.aborted).toBe(true);
  });

  test("tells the app when nobody waits any more", async () => {
    const controller = new AbortController();
    const reason = new DOMException("paused", "AbortError");
    const asking = askApp(
      question(
        (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
      ),
      controller.signal,
      undefined,
    );

    controller.abort(reason);

    await expect(asking).rejects.toBe(reason);
  });

  test("passes the app's own UploadError on as it is", async () => {
    const own = new UploadError("forbidden", "signed out");

    await expect(
      askApp(
        question(() => Promise.reject(own)),
        new AbortController().signal,
        undefined,
      ),
    ).rejects.toBe(own);
  });

  test("keeps whatever else the app threw as the cause, be it thrown before anything was awaited", async () => {
    const cause = new TypeError("no such function");
    const ask = () => {
      throw cause;
    };

    await expect(askApp(question(ask), new AbortController().signal, undefined)).rejects.toMatchObject({
      code: "credentials",
      temporary: true,
      cause,
    });
  });

  test("says why the app failed, however long it goes on about it", async () => {
    const ask = () => Promise.reject(new Error(`GET /api/sts answered 503${".".repeat(1000)}`));

    const failed = askApp(question(ask), new AbortController().signal, undefined);

    await expect(failed).rejects.toThrow(/when it was asked for a key: Error: GET \/api\/sts answered 503[.]{1,200}$/);
  });

  test.each([
    ["an error with the status 401", Object.assign(new Error("no"), { status: 401 })],
    ["an error with the status 403", Object.assign(new Error("no"), { status: 403 })],
    ["an error with a response of 401", Object.assign(new Error("no"), { response: { status: 401 } })],
    ["a Response", new Response(null, { status: 401 })],
  ])("is not repeated after %s", async (_, cause) => {
    const ask = () => Promise.reject(cause);

    await expect(askApp(question(ask), new AbortController().signal, undefined)).rejects.toMatchObject({
      code: "forbidden",
      temporary: false,
      cause,
    });
  });

  test.each([undefined, null, "no", { status: 503 }, { status: "401" }])("may be repeated after %j", async (cause) => {
    const ask = () => Promise.reject(cause);

    await expect(askApp(question(ask), new AbortController().signal, undefined)).rejects.toMatchObject({
      code: "credentials",
      temporary: true,
    });
  });
});
