import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createByteWorker } from "../src/byte-worker.js";
import { send } from "../src/send.js";
import { noFetch, ScriptedXhr } from "./doubles/scripted-xhr.js";
import { sending, url } from "./doubles/sending.js";

const MiB = 2 ** 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an answer", () => {
  it("is a value, whatever its status", async () => {
    const { xhr, outcome } = sending();

    xhr.answer(503, "busy", 'Retry-After: 3\r\nx-oss-request-id:  5D  \r\nETag: "A:B"\r\n');

    expect(await outcome).toEqual({
      ok: true,
      value: {
        status: 503,
        headers: { "retry-after": "3", "x-oss-request-id": "5D", etag: '"A:B"' },
        elsewhere: false,
        body: "busy",
      },
    });
  });

  it("carries its XML, whatever its Content-Type", async () => {
    const { xhr, outcome } = sending();

    xhr.answer(404, "<Error><Code>NoSuchUpload</Code></Error>", "content-type: text/plain\r\n");

    expect(await outcome).toMatchObject({ value: { xml: { Error: [{ Code: ["NoSuchUpload"] }] } } });
  });

  it("may have no body at all", async () => {
    const { xhr, outcome } = sending({ method: "DELETE" });

    xhr.status = 200;
    xhr.onload?.();

    expect(await outcome).toEqual({ ok: true, value: { status: 200, headers: {}, elsewhere: false, body: "" } });
  });

  it.each([
    ["https://elsewhere.example/key", true],
    [url, false],
    ["", false],
  ])("says whether it is from elsewhere, as after a redirect: %j", async (answered, expected) => {
    const { xhr, outcome } = sending();

    xhr.responseURL = answered;
    xhr.answer(200);

    expect(await outcome).toMatchObject({ value: { elsewhere: expected } });
  });

  it("of more than 8 MiB is cut while it comes", async () => {
    const { xhr, outcome } = sending();

    xhr.onprogress?.({ loaded: 8 * MiB + 1 });

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "network" } });
    expect(xhr.aborted).toBe(true);
  });
});

describe("a request", () => {
  it("is sent as asked, without the headers that only the browser may set", async () => {
    const body = new Uint8Array([1, 2, 3]);
    const headers = { "Content-Type": "application/xml", host: "bucket.example", Date: "now", "Sec-Fetch-Mode": "x" };
    const { xhr, outcome } = sending({ method: "POST", headers: { ...headers, "x-oss-date": "2026" }, body });

    xhr.answer(200);
    await outcome;

    expect(xhr.opened).toEqual(["POST", url]);
    expect(xhr.requestHeaders).toEqual([
      ["Content-Type", "application/xml"],
      ["x-oss-date", "2026"],
    ]);
    expect(xhr.sent).toBe(body);
  });

  it("may carry its body in a form, behind the fields, and then nothing listens that would cost a preflight", async () => {
    const body = new Blob(["bytes"]);
    const { xhr, outcome } = sending({ method: "POST", body, form: { key: "a", policy: "p" } });

    xhr.answer(200);

    // Not as behind a service worker: of a form nobody expected to see the body move.
    expect(await outcome).not.toHaveProperty("value.unseen");
    expect(xhr.upload).toEqual({});
    expect(xhr.requestHeaders).toEqual([]);
    const form = xhr.sent as FormData;
    expect([...form.keys()]).toEqual(["key", "policy", "file"]);
    expect(await (form.get("file") as File).text()).toBe("bytes");
  });

  it("that the browser refuses is invalid, and its secret is not told", async () => {
    const { outcome } = sending({ url: "http://:::/key?signature=secret" });

    const result = await outcome;

    expect(result).toMatchObject({ ok: false, failure: { kind: "invalid" } });
    expect(JSON.stringify(result)).not.toContain("secret");
  });

  it("with a header that the browser refuses is invalid, and its secret is not told", async () => {
    const xhr = new ScriptedXhr();
    xhr.setRequestHeader = (_, value) => {
      throw new SyntaxError(`${value} is not a valid header value`);
    };
    const request = { method: "PUT", url, headers: { authorization: "secret" }, stallTimeoutMs: 1, answerTimeoutMs: 1 };

    const result = await send(request, new AbortController().signal, {
      newXhr: () => xhr.asXhr,
      fetch: noFetch,
      onSent: () => {},
    });

    expect(result).toEqual({
      ok: false,
      failure: { kind: "invalid", message: "PUT https://bucket.example/key could not be made: SyntaxError" },
    });
  });

  it("without an answer is a network failure that names method and URL, not the secret", async () => {
    const { xhr, outcome } = sending();

    xhr.onerror?.();

    expect(await outcome).toEqual({
      ok: false,
      failure: { kind: "network", message: "PUT https://bucket.example/key: no answer that a script may read" },
    });
  });

  it("that the browser aborts on its own is a network failure", async () => {
    const { xhr, outcome } = sending();

    xhr.onabort?.();

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "network" } });
  });

  it.each([
    ["answered", (xhr: ScriptedXhr) => xhr.answer(200)],
    ["without an answer", (xhr: ScriptedXhr) => xhr.onerror?.()],
  ])("that has ended (%s) leaves neither a timer nor a running request behind", async (_, end) => {
    const { xhr, outcome } = sending({ body: new Blob(["abc"]) });

    end(xhr);
    await outcome;

    expect(vi.getTimerCount()).toBe(0);
    expect(xhr.aborted).toBe(true);
  });
});

describe("cancelling", () => {
  it("cuts the request", async () => {
    const { xhr, stop, outcome } = sending({ body: new Blob(["abc"]) });

    stop.abort();

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
    expect(xhr.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("before the request begins sends nothing", async () => {
    const newXhr = () => xhr.asXhr;
    const xhr = new ScriptedXhr();
    const request = { method: "PUT", url, headers: {}, stallTimeoutMs: 1, answerTimeoutMs: 1 };

    const outcome = await send(request, AbortSignal.abort(), { newXhr, fetch: noFetch, onSent: () => {} });

    expect(outcome).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
    expect(xhr.opened).toBeUndefined();
  });

  it("by the call's number stops that request and no other", async () => {
    const xhrs = [new ScriptedXhr(), new ScriptedXhr()];
    const waiting = [...xhrs];
    const worker = createByteWorker({ newXhr: () => (waiting.shift() as ScriptedXhr).asXhr });
    const request = { method: "PUT", url, headers: {}, stallTimeoutMs: 1000, answerTimeoutMs: 1000 };
    const outcomes = [worker.send(7, request), worker.send(8, request)];

    await worker.cancel(7);
    xhrs[1]?.answer(200);

    expect(await outcomes[0]).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
    expect(await outcomes[1]).toMatchObject({ ok: true, value: { status: 200 } });
  });
});

describe("a body that cannot be read", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "ossicle-send-"));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it("is reported as unreadable, although the browser fails as in a dead network", async () => {
    const path = join(directory, "film.bin");
    await writeFile(path, "before");
    const body = await openAsBlob(path);
    await writeFile(path, "edited after it was picked");
    const { xhr, outcome } = sending({ body });

    xhr.onerror?.();

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "unreadable" } });
  });

  it("is reported as unreadable, although the browser only waits for bytes that are gone", async () => {
    const path = join(directory, "film.bin");
    await writeFile(path, "before");
    const body = await openAsBlob(path);
    await rm(path);
    const { outcome } = sending({ body });

    await vi.advanceTimersByTimeAsync(120_000);

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "unreadable" } });
  });

  it("is reported as shorter where the browser reads the missing bytes without an error", async () => {
    const body = Object.assign(new Blob(["before"]), { slice: () => new Blob([]) });
    const { xhr, outcome } = sending({ body });

    xhr.onerror?.();

    expect(await outcome).toMatchObject({ failure: { kind: "unreadable", message: expect.stringMatching(/shorter/) } });
  });

  it.each<[string, (test: ReturnType<typeof sending> & { answerOfDisk: () => void }) => unknown, string]>([
    ["is told as silence after the stall timeout", () => vi.advanceTimersByTimeAsync(30_000), "silent"],
    ["is a network failure if it answers before", ({ answerOfDisk }) => answerOfDisk(), "network"],
    ["can be cancelled", ({ stop }) => stop.abort(), "cancelled"],
  ])("because the disk does not answer %s", async (_, happen, kind) => {
    let answerOfDisk = () => {};
    const answered = new Promise<ArrayBuffer>((resolve) => {
      answerOfDisk = () => resolve(new ArrayBuffer(1));
    });
    const slice = () => Object.assign(new Blob([]), { arrayBuffer: () => answered });
    const request = sending({ body: Object.assign(new Blob(["before"]), { slice }) });
    request.xhr.onerror?.();
    await vi.advanceTimersByTimeAsync(0);

    await happen({ ...request, answerOfDisk });

    expect(await request.outcome).toMatchObject({ ok: false, failure: { kind } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["an unchanged file", new Blob(["as it was"])],
    ["an empty file", new Blob([])],
    ["bytes in memory", new Uint8Array([1])],
  ])("is not the failure if the body is %s", async (_, body) => {
    const { xhr, outcome } = sending({ body });

    xhr.onerror?.();

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "network" } });
  });
});
