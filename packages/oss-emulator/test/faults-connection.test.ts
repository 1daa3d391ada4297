/** Faults that end, stall or hold a connection, as the client sees them. */
import { describe, expect, test } from "vitest";
import { bytes, partWorld, startPart } from "./part-world.js";

describe("the connection", () => {
  test.each([
    ["refuse", { kind: "refuse" }],
    ["reset before the body", { kind: "reset", when: "before-body" }],
    ["reset in the body", { kind: "reset", when: "in-body" }],
    ["reset after so many bytes", { kind: "reset", afterBytes: 1 }],
    ["reset after the body", { kind: "reset", when: "after-body" }],
  ] as const)("dies by %s, and nothing happened", async (_, fault) => {
    const { emulator, uploadId, part } = await partWorld();
    const handle = emulator.faults.add({ on: "UploadPart", fault });

    const died = part(1);

    await expect(died).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    const entry = await handle.waitForHit();
    expect([handle.hits, entry.phase, entry.status, entry.fault]).toEqual([1, "dropped", 0, fault.kind]);
    expect(emulator.parts("demo", uploadId)).toEqual([]);
    expect((await part(1)).status).toBe(200);
  });

  test("is reset after half of the body by default, and after all of it with after-body", async () => {
    const { emulator, part } = await partWorld();
    emulator.faults.add({ on: "UploadPart", partNumber: 1, fault: { kind: "reset", when: "in-body" } });
    emulator.faults.add({ on: "UploadPart", partNumber: 2, fault: { kind: "reset", when: "after-body" } });
    emulator.faults.add({ on: "UploadPart", partNumber: 3, fault: { kind: "reset", when: "before-body" } });

    await Promise.allSettled([part(1), part(2), part(3)]);

    const read = (number: number) => emulator.requests.find((entry) => entry.partNumber === number)?.bodyBytes ?? -1;
    expect(read(1)).toBeGreaterThanOrEqual(100_000);
    expect([read(2), read(3)]).toEqual([200_000, 0]);
  });

  test("of a request without a body is reset before the operation", async () => {
    const { emulator, client, uploadId } = await partWorld();
    emulator.faults.add({ on: "AbortMultipartUpload", fault: "reset" });

    await expect(client.abort("k", uploadId)).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(emulator.uploads("demo")).toHaveLength(1);
  });

  test.each([
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "InitiateMultipartUpload",
    "PutObject",
  ] as const)("of %s dies when its answer is lost, although it happened", async (action) => {
    const { emulator, client, uploadId, part } = await partWorld();
    const stored = await part(1);
    emulator.faults.add({ on: action, fault: "lose-answer" });
    const calls = {
      UploadPart: () => part(2),
      CompleteMultipartUpload: () => client.complete("k", uploadId, [[1, stored.headers.etag ?? ""]]),
      AbortMultipartUpload: () => client.abort("k", uploadId),
      InitiateMultipartUpload: () => client.initiate("k"),
      PutObject: () => client.put("p", "x"),
    };

    await expect(calls[action]()).rejects.toMatchObject({ code: "ECONNRESET" });

    const happened = {
      UploadPart: () => emulator.parts("demo", uploadId).length === 2,
      CompleteMultipartUpload: () => emulator.object("demo", "k")?.size === bytes.length,
      AbortMultipartUpload: () => emulator.uploads("demo").length === 0,
      InitiateMultipartUpload: () => emulator.uploads("demo").length === 2,
      PutObject: () => emulator.object("demo", "p")?.size === 1,
    };
    expect(happened[action]()).toBe(true);
  });

  test("is reset and not closed", async () => {
    const here = await partWorld();
    here.emulator.faults.add({ on: "UploadPart", fault: { kind: "reset", when: "before-body" } });

    const { how, text } = await startPart(here, 1, 0).ended;

    expect([how, text]).toEqual(["reset", ""]);
  });
});

describe("a fault that is removed", () => {
  test.each(["hold", "stall"] as const)(
    "keeps no request that it befell and that comes to its %s later",
    async (kind) => {
      const here = await partWorld();
      const { emulator, uploadId } = here;
      const handle = emulator.faults.add({ on: "UploadPart", fault: kind });
      const connection = startPart(here, 1, 50_000);
      const entry = await emulator.waitForRequest(({ bodyBytes }) => bodyBytes === 50_000);

      handle.remove();
      connection.socket.write(bytes.subarray(50_000));
      await emulator.waitForRequest(({ id, phase }) => id === entry.id && phase === "answered");

      expect(entry.fault).toBe(kind);
      expect(emulator.parts("demo", uploadId)).toHaveLength(1);
      connection.socket.destroy();
    },
  );
});

describe("a stall", () => {
  test("in the body stops reading and answering until it is released", async () => {
    const { emulator, uploadId, part } = await partWorld();
    const handle = emulator.faults.add({ on: "UploadPart", fault: "stall" });

    const stalled = part(1);
    const entry = await handle.waitForHit();
    const readWhenStalled = entry.bodyBytes;
    await part(2);
    const readLater = entry.bodyBytes;
    handle.release();

    expect((await stalled).status).toBe(200);
    expect(readWhenStalled).toBeLessThan(bytes.length);
    expect(readLater).toBe(readWhenStalled);
    expect(emulator.parts("demo", uploadId)).toHaveLength(2);
  });

  test("stores nothing if the client leaves before its release", async () => {
    const here = await partWorld();
    const { emulator, uploadId } = here;
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "stall", when: "in-body" } });
    const connection = startPart(here, 1, 150_000);
    const entry = await handle.waitForHit();

    connection.socket.destroy();
    // A server that does not read does not notice that the client has left.
    handle.release();
    await emulator.waitForRequest(({ id, phase }) => id === entry.id && phase === "dropped");

    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("after the body, by a hold, ends by itself when the client leaves", async () => {
    const here = await partWorld();
    const { emulator, uploadId } = here;
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "hold", when: "before-effect" } });
    const connection = startPart(here, 1, bytes.length);
    const entry = await handle.waitForHit();

    connection.socket.destroy();
    await emulator.waitForRequest(({ id, phase }) => id === entry.id && phase === "dropped");

    expect(emulator.parts("demo", uploadId)).toEqual([]);
  });

  test("before the answer begins after the operation", async () => {
    const { emulator, uploadId, part } = await partWorld();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "stall", when: "before-answer" } });

    const stalled = part(1);
    await handle.waitForHit();
    const stored = emulator.parts("demo", uploadId).length;
    handle.remove();

    expect(stored).toBe(1);
    expect((await stalled).status).toBe(200);
  });
});

describe("holding and delaying", () => {
  test("before the effect lets another request come first", async () => {
    const { emulator, client, uploadId, part } = await partWorld();
    const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "hold", when: "before-effect" } });

    const held = part(1);
    const entry = await handle.waitForHit();
    await client.abort("k", uploadId);
    handle.release();

    expect([entry.bodyBytes, (await held).xml?.Code]).toEqual([bytes.length, "NoSuchUpload"]);
  });

  test("before the answer keeps every request waiting until the release", async () => {
    const { emulator, client } = await partWorld();
    const handle = emulator.faults.add({ on: "Preflight", times: "always", fault: "hold" });
    const preflight = () =>
      client.call({
        method: "OPTIONS",
        key: "k",
        sign: "none",
        headers: { origin: "http://a.test", "access-control-request-method": "PUT" },
      });

    const first = preflight();
    await handle.waitForHit(1);
    const second = preflight();
    await handle.waitForHit(2);
    handle.release();

    expect([(await first).status, (await second).status, handle.hits]).toEqual([200, 200, 2]);
  });

  test.each(["before-body", "before-effect", "before-answer"] as const)(
    "%s delays a request, which then succeeds",
    async (when) => {
      const { emulator, part } = await partWorld();
      const handle = emulator.faults.add({ on: "UploadPart", fault: { kind: "delay", ms: 1, when } });

      const { status } = await part(1);

      expect([status, handle.hits]).toEqual([200, 1]);
    },
  );
});
