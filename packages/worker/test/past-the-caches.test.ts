/** GET and HEAD show what the store has now, not what a cache has kept. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HttpRequest } from "../src/contract.js";
import { send } from "../src/send.js";

const MiB = 2 ** 20;
const url = "https://bucket.example/key?signature=secret";

type Fetch = (request: Request) => Promise<Response>;

function reading(answer: Fetch, request: Partial<HttpRequest> = {}) {
  const asked: Request[] = [];
  const stop = new AbortController();
  const whole = { method: "GET", url, headers: {}, stallTimeoutMs: 30_000, answerTimeoutMs: 60_000, ...request };
  const fetch = ((given: Request) => {
    asked.push(given);
    return answer(given);
  }) as typeof globalThis.fetch;
  const newXhr = () => {
    throw new Error("an XMLHttpRequest may be answered by a cache");
  };
  return { asked, stop, outcome: send(whole, stop.signal, { newXhr, fetch, onSent: () => {} }) };
}

/** A request that nobody answers: as in `fetch` it is pending until it is aborted. */
const silent: Fetch = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a request that a cache could answer", () => {
  it.each(["GET", "HEAD"])(
    "goes past all of them (%s), and asks for no header that a preflight would need",
    async (method) => {
      const headers = { authorization: "secret", host: "bucket.example", "x-oss-date": "2026" };
      const { asked, outcome } = reading(async () => new Response("busy", { status: 503, headers: { ETag: '"A"' } }), {
        method,
        headers,
      });

      expect(await outcome).toEqual({
        ok: true,
        value: {
          status: 503,
          headers: { "content-type": "text/plain;charset=UTF-8", etag: '"A"' },
          elsewhere: false,
          body: "busy",
        },
      });
      expect(asked[0]).toMatchObject({ method, url, cache: "no-store" });
      expect(Object.fromEntries(asked[0]?.headers ?? [])).toEqual({ authorization: "secret", "x-oss-date": "2026" });
    },
  );

  it("may be answered without a body, or with XML", async () => {
    const empty = reading(async () => new Response(null, { status: 204 }));
    const document = reading(async () => new Response("<A><B>1</B></A>"));

    expect(await empty.outcome).toMatchObject({ value: { status: 204, body: "" } });
    expect(await document.outcome).toMatchObject({ value: { xml: { A: [{ B: ["1"] }] } } });
  });

  it("that the browser refuses is invalid, and its secret is not told", async () => {
    const { asked, outcome } = reading(silent, { url: "http://:::/key?signature=secret" });

    const result = await outcome;

    expect(result).toMatchObject({ ok: false, failure: { kind: "invalid" } });
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(asked).toEqual([]);
  });

  it("without an answer is a network failure that names method and URL, not the secret", async () => {
    const { outcome } = reading(() => Promise.reject(new TypeError(`Failed to fetch ${url}`)));

    expect(await outcome).toEqual({
      ok: false,
      failure: { kind: "network", message: "GET https://bucket.example/key: no answer that a script may read" },
    });
  });

  it("whose answer breaks off is a network failure", async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("<A>"));
        controller.error(new TypeError("network error"));
      },
    });
    const { outcome } = reading(async () => new Response(broken));

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "network" } });
  });

  it("whose answer is longer than 8 MiB is cut while it comes", async () => {
    let pieces = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pieces += 1;
        controller.enqueue(new Uint8Array(MiB));
      },
    });
    const { asked, outcome } = reading(async () => new Response(endless));

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "network" } });
    expect(pieces).toBeLessThan(12);
    expect(asked[0]?.signal.aborted).toBe(true);
  });

  it("that nobody answers is cut after its limit", async () => {
    const { asked, outcome } = reading(silent);

    await vi.advanceTimersByTimeAsync(59_999);
    expect(asked[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "stalled" } });
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is cut when it is cancelled", async () => {
    const { asked, stop, outcome } = reading(silent);

    stop.abort();

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an answer", () => {
  const from = (answered: string, redirected = false): Fetch => {
    const response = new Response("");
    Object.defineProperties(response, { url: { value: answered }, redirected: { value: redirected } });
    return async () => response;
  };

  it.each([
    ["after a redirect is from elsewhere", "https://elsewhere.example/", true, true],
    ["that a service worker took from its cache is from elsewhere", "https://app.example/offline.html", false, true],
    ["that a service worker made up names no URL, so it is not from elsewhere", "", false, false],
    ["from the request's URL is not from elsewhere", url, false, false],
    [
      "from that URL, written in another way, is not from elsewhere",
      "https://bucket.example:443/key?signature=secret#part",
      false,
      false,
    ],
  ])("%s", async (_, answered, redirected, expected) => {
    const { outcome } = reading(from(answered, redirected));

    expect(await outcome).toMatchObject({ ok: true, value: { elsewhere: expected } });
  });
});
