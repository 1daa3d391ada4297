/** The requests to which a fault applies, how often, and what happens when a browser resends one. */
import { once } from "node:events";
import http from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { defaultAccount, type FaultSpec } from "../src/index.js";
import { bytes, partWorld } from "./part-world.js";
import { connect, requestText } from "./raw-client.js";
import { signed } from "./signed-client.js";

describe("a fault applies to", () => {
  test("the operation, key and part number of its spec, after `after` requests, `times` times", async () => {
    const { emulator, client, part } = await partWorld();
    const error = { kind: "error", status: 500, code: "InternalError" } as const;
    const handle = emulator.faults.add({ on: ["UploadPart", "ListParts"], key: "k", after: 1, times: 2, fault: error });

    const statuses = [];
    for (const number of [1, 2, 3, 4]) statuses.push((await part(number)).status);
    await client.put("k", "x");

    expect([statuses, handle.hits]).toEqual([[200, 500, 500, 200], 2]);
  });

  test("a request alone if it was armed first, and the others do not count the request", async () => {
    const { emulator, part } = await partWorld();
    const first = emulator.faults.add({ on: "any", fault: { kind: "error", status: 500, code: "First" } });
    const second = emulator.faults.add({ on: "any", fault: { kind: "error", status: 500, code: "Second" } });

    const codes = [await part(1), await part(1), await part(1)].map(({ xml }) => xml?.Code);

    expect(codes).toEqual(["First", "Second", undefined]);
    expect([first.hits, second.hits]).toEqual([1, 1]);
  });

  test("no request after it was removed or all were cleared", async () => {
    const { emulator, part } = await partWorld();
    const error = { kind: "error", status: 500, code: "InternalError" } as const;
    const removed = emulator.faults.add({ on: "any", times: "always", fault: error });
    emulator.faults.add({ on: "any", times: "always", fault: error });

    removed.remove();
    const before = [emulator.faults.list().length, (await part(1)).status];
    emulator.faults.clear();
    const after = [emulator.faults.list().length, (await part(1)).status];

    expect([before, after]).toEqual([
      [1, 500],
      [0, 200],
    ]);
  });

  test("no request that comes, and waiting for its hit ends when the signal is aborted", async () => {
    const { emulator } = await partWorld();
    const handle = emulator.faults.add({ on: "any", fault: "refuse" });

    const waiting = handle.waitForHit(1, AbortSignal.abort(new Error("enough")));

    await expect(waiting).rejects.toThrow("enough");
  });

  test.each([
    [{ on: "Upload", fault: "refuse" }, /unknown action "Upload"/],
    [{ on: "UploadPart", fault: "explode" }, /unknown kind "explode"/],
    [{ on: "UploadPart", fault: { kind: "delay" } }, /"ms" is missing/],
    [{ on: "UploadPart", fault: { kind: "reset", when: "later" } }, /"when" must be before-body\|in-body\|after-body/],
    [{ on: "UploadPart", fault: { kind: "refuse", ms: 1 } }, /there is no field "ms"/],
    [{ on: "UploadPart", time: 1, fault: "refuse" }, /there is no field "time"/],
    [{ on: "UploadPart", times: 0, fault: "refuse" }, /"times" must be/],
    [{ on: "UploadPart", partNumber: "1", fault: "refuse" }, /"partNumber" must be number/],
  ])("no request if its spec makes no sense, and add() throws: %j", async (spec, message) => {
    const { emulator } = await partWorld();

    expect(() => emulator.faults.add(spec as FaultSpec)).toThrow(message);
  });
});

describe("a browser", () => {
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", origin: "http://a.test" };

  test("gets Connection: close while a fault is armed that ends connections, so it resends nothing", async () => {
    const { emulator, client, uploadId, part } = await partWorld();
    const upload = (agent: http.Agent) => {
      onTestFinished(() => agent.destroy());
      const query = { partNumber: "1", uploadId };
      return client.call({ method: "PUT", key: "k", query, body: bytes, headers: browser, agent });
    };
    const before = await upload(new http.Agent({ keepAlive: true }));
    emulator.faults.add({ on: "UploadPart", after: 1, fault: "lose-answer" });

    const during = await upload(new http.Agent({ keepAlive: true }));
    const program = await part(1).catch((error: NodeJS.ErrnoException) => error.code);
    const after = await upload(new http.Agent({ keepAlive: true }));

    expect([before, during, after].map(({ headers }) => headers.connection)).toEqual([
      "keep-alive",
      "close",
      "keep-alive",
    ]);
    expect(program).toBe("ECONNRESET");
  });

  test("loses its idle connections when such a fault is armed", async () => {
    const here = await partWorld();
    const { emulator } = here;
    const { path, headers } = signed({ method: "HEAD", bucket: "demo", key: "k" }, defaultAccount);
    const connection = connect(emulator.port);
    connection.socket.write(requestText("HEAD", path, { ...headers, ...browser }), "latin1");
    await emulator.waitForRequest(({ action, phase }) => action === "HeadObject" && phase === "answered");

    emulator.faults.add({ on: "UploadPart", fault: "refuse" });
    const { how, text } = await connection.ended;

    expect([how, text.startsWith("HTTP/1.1 404")]).toEqual(["closed", true]);
  });

  test("loses its idle connections once, however many such faults are armed", async () => {
    const { emulator } = await partWorld();
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on("warning", listener);
    onTestFinished(() => void process.off("warning", listener));
    const { path, headers } = signed({ method: "HEAD", bucket: "demo", key: "k" }, defaultAccount);
    const connection = connect(emulator.port);
    connection.socket.write(requestText("HEAD", path, { ...headers, ...browser }), "latin1");
    await once(connection.socket, "data");
    await new Promise(setImmediate);

    for (let count = 0; count < 12; count += 1) emulator.faults.add({ on: "UploadPart", fault: "refuse" });
    const { how } = await connection.ended;

    expect([how, warnings]).toEqual(["closed", []]);
  });

  test("that resends a request on its own is struck again, and both count as one hit", async () => {
    const here = await partWorld();
    const { emulator, uploadId } = here;
    const hold = emulator.faults.add({ on: "HeadObject", fault: "hold" });
    const head = signed({ method: "HEAD", bucket: "demo", key: "k" }, defaultAccount);
    const put = signed(
      { method: "PUT", bucket: "demo", key: "k", query: { partNumber: "1", uploadId } },
      defaultAccount,
    );
    const putText = requestText("PUT", put.path, { ...put.headers, ...browser, "content-length": 0 });
    const first = connect(emulator.port);
    // The answer to HEAD was sent without "close" before the fault was armed, so its connection is reused.
    first.socket.write(requestText("HEAD", head.path, { ...head.headers, "user-agent": "curl" }), "latin1");
    await hold.waitForHit();
    hold.release();
    await emulator.waitForRequest(({ action, phase }) => action === "HeadObject" && phase === "answered");
    const handle = emulator.faults.add({ on: "UploadPart", fault: "refuse" });
    first.socket.write(putText, "latin1");
    await first.ended;
    const resend = connect(emulator.port);
    resend.socket.write(putText, "latin1");
    await resend.ended;
    const third = await here.part(1, browser);

    const puts = emulator.requests.filter(({ action }) => action === "UploadPart");
    expect(puts.map(({ isReused, phase, fault }) => [isReused, phase, fault])).toEqual([
      [true, "dropped", "refuse"],
      [false, "dropped", "refuse"],
      [false, "answered", undefined],
    ]);
    expect([handle.hits, third.status]).toEqual([1, 200]);
  });
});
