import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createByteWorker } from "../src/byte-worker.js";
import { ScriptedXhr } from "./doubles/scripted-xhr.js";
import { sending, url } from "./doubles/sending.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("silence", () => {
  const body = new Blob([new Uint8Array(1000)]);
  const stalled = { ok: false, failure: { kind: "stalled" } };

  it("while the body is on its way cuts the request after the stall timeout", async () => {
    const { xhr, outcome } = sending({ body });
    xhr.bytesOut(10);

    await vi.advanceTimersByTimeAsync(29_999);
    expect(xhr.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject(stalled);
    expect(xhr.aborted).toBe(true);
  });

  it("ends with every new byte, but not with an event that brings none", async () => {
    const { xhr, outcome } = sending({ body });
    for (let out = 1; out <= 20; out++) {
      xhr.bytesOut(out);
      await vi.advanceTimersByTimeAsync(29_000);
    }
    expect(xhr.aborted).toBe(false);

    xhr.bytesOut(20);
    await vi.advanceTimersByTimeAsync(1000);

    expect(await outcome).toMatchObject(stalled);
  });

  it("ends also when the browser sends the body again, and progress then says fewer bytes", async () => {
    const { xhr, sent, outcome } = sending({ body });
    xhr.bytesOut(900);
    await vi.advanceTimersByTimeAsync(29_000);

    xhr.bytesOut(100);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(xhr.aborted).toBe(false);

    xhr.answer(200);
    await outcome;
    expect(sent).toEqual([900, 100]);
  });

  it("before the first byte cuts the request after four times as long, because it may wait for a connection", async () => {
    const { xhr, outcome } = sending({ body });

    await vi.advanceTimersByTimeAsync(119_999);
    expect(xhr.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject(stalled);
  });

  it.each([
    ["the browser fires load", (xhr: ScriptedXhr) => xhr.bodyOut()],
    ["progress counts the last byte, and load comes only with the answer", (xhr: ScriptedXhr) => xhr.bytesOut(1000)],
  ])("after the whole body is sent cuts the request after the answer timeout (%s)", async (_, allOut) => {
    const { xhr, outcome } = sending({ body });
    allOut(xhr);

    await vi.advanceTimersByTimeAsync(59_999);
    expect(xhr.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject(stalled);
  });

  it("of a form, whose body nobody sees move, is cut after the time for a body that is not seen", async () => {
    const { xhr, outcome } = sending({ method: "POST", body, form: { key: "a" }, unseenTimeoutMs: 200_000 });

    await vi.advanceTimersByTimeAsync(199_999);
    expect(xhr.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject(stalled);
  });

  it("of a request without a body counts from its start, and again from every piece of the answer", async () => {
    const { xhr, outcome } = sending({ method: "DELETE" });
    for (let piece = 1; piece <= 5; piece++) {
      await vi.advanceTimersByTimeAsync(59_000);
      xhr.onprogress?.({ loaded: piece });
    }
    expect(xhr.aborted).toBe(false);

    await vi.advanceTimersByTimeAsync(60_000);

    expect(await outcome).toMatchObject(stalled);
  });
});

describe("behind a service worker, where no event tells of a body", () => {
  const body = new Blob([new Uint8Array(1000)]);

  it("says so in the answer", async () => {
    const { xhr, outcome } = sending({ body });

    xhr.answer(200);

    expect(await outcome).toMatchObject({ ok: true, value: { status: 200, unseen: true } });
  });

  it.each([
    ["a byte was seen", (xhr: ScriptedXhr) => xhr.bytesOut(1)],
    ["the end was seen", (xhr: ScriptedXhr) => xhr.bodyOut()],
  ])("and says nothing where %s", async (_, see) => {
    const { xhr, outcome } = sending({ body });

    see(xhr);
    xhr.answer(200);

    expect(await outcome).not.toHaveProperty("value.unseen");
  });

  it.each([
    ["no body", {}],
    ["an empty body", { body: new Blob([]) }],
  ])("and says nothing of %s", async (_, request) => {
    const { xhr, outcome } = sending({ method: "POST", ...request });

    xhr.answer(200);

    expect(await outcome).not.toHaveProperty("value.unseen");
  });

  it("the request has the time that was given for the whole of it, and no more", async () => {
    const { xhr, outcome } = sending({ body, unseenTimeoutMs: 300_000 });

    await vi.advanceTimersByTimeAsync(299_999);
    expect(xhr.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "stalled" } });
  });

  it("that time ends with the first byte that is seen", async () => {
    const { xhr, outcome } = sending({ body, unseenTimeoutMs: 300_000 });

    xhr.bytesOut(1);
    await vi.advanceTimersByTimeAsync(30_000);

    expect(await outcome).toMatchObject({ ok: false, failure: { kind: "stalled" } });
  });
});

describe("progress", () => {
  const body = new Blob([new Uint8Array(1000)]);

  it("is reported at once, then at most ten times a second, and always at the end", async () => {
    const { xhr, sent, outcome } = sending({ body });

    for (let out = 5; out <= 995; out += 5) {
      xhr.bytesOut(out);
      await vi.advanceTimersByTimeAsync(5);
    }
    xhr.bodyOut();
    xhr.answer(200);
    await outcome;

    expect(sent).toEqual([5, 105, 205, 305, 405, 505, 605, 705, 805, 905, 1000]);
  });

  it("reports the end only once", async () => {
    const { xhr, sent, outcome } = sending({ body });

    xhr.bytesOut(1000);
    xhr.bodyOut();
    xhr.answer(200);
    await outcome;

    expect(sent).toEqual([1000]);
  });

  it("of a worker's request goes to the port that the page gave, with the call's number", async () => {
    vi.useRealTimers();
    const xhr = new ScriptedXhr();
    const worker = createByteWorker({ newXhr: () => xhr.asXhr });
    const { port1, port2 } = new MessageChannel();
    const told = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    await worker.reportProgressTo(port2);
    const outcome = worker.send(3, {
      method: "PUT",
      url,
      headers: {},
      body,
      stallTimeoutMs: 1000,
      answerTimeoutMs: 1000,
    });

    xhr.bytesOut(600);

    expect(await told).toEqual({ call: 3, bytes: 600 });
    xhr.answer(200);
    await outcome;
    port1.close();
  });
});
