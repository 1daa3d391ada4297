/** The network: cut, throttled, and its connections. */
import http from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { connect, requestText } from "./raw-client.js";
import { createClient, send, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

describe("a cut network", () => {
  test("drops running requests and refuses new ones until it is restored", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const handle = emulator.faults.add({ on: "PutObject", fault: { kind: "stall", when: "before-body" } });
    const underWay = client.put("k", "x");
    await handle.waitForHit();

    emulator.network.cut();
    const isCut = emulator.network.isCut;
    await expect(underWay).rejects.toMatchObject({ code: "ECONNRESET" });
    await expect(client.put("k", "x")).rejects.toMatchObject({ code: "ECONNRESET" });
    emulator.network.restore();

    expect(isCut).toBe(true);
    expect((await client.put("k", "x")).status).toBe(200);
  });

  test("leaves the control API reachable, which can restore it", async () => {
    const emulator = await emulatorWith({ control: true });
    emulator.network.cut();

    await expect(createClient(emulator).put("k", "x")).rejects.toMatchObject({ code: "ECONNRESET" });
    const { status } = await send(emulator.port, { method: "PUT", path: "/_emulator/network" }, '{"cut":false}');

    expect([status, (await createClient(emulator).put("k", "x")).status]).toEqual([200, 200]);
  });

  test("keeps requests out of the log", async () => {
    const emulator = await emulatorWith({ control: true });
    emulator.network.cut();

    await createClient(emulator)
      .put("k", "x")
      .catch(() => undefined);

    expect(emulator.requests).toEqual([]);
  });
});

describe("a throttled network", () => {
  test("lets a waiting transfer go on at once when the limit is removed", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    emulator.network.throttle(1);

    const put = client.put("k", Buffer.alloc(100_000));
    await emulator.waitForRequest(({ bodyBytes }) => bodyBytes > 0);
    emulator.network.throttle(undefined);

    expect((await put).status).toBe(200);
    expect(emulator.network.bytesPerSecond).toBeUndefined();
  });

  test("takes a little of a body at a time, so that requests on it move side by side", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    emulator.network.throttle(1);

    const put = client.put("k", Buffer.alloc(100_000));
    const { bodyBytes } = await emulator.waitForRequest((entry) => entry.bodyBytes > 0);
    emulator.network.throttle(undefined);
    await put;

    expect(bodyBytes).toBe(8192);
    expect(emulator.object("demo", "k")?.size).toBe(100_000);
  });

  test("slows downloads too", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    await client.put("k", Buffer.alloc(100_000));
    emulator.network.throttle(1);

    const get = client.get("k");
    const { status } = await emulator.waitForRequest(
      ({ action, phase }) => action === "GetObject" && phase === "answered",
    );
    emulator.network.throttle(undefined);

    expect([status, (await get).body.length]).toEqual([200, 100_000]);
  });

  test.each([0, -1, Number.NaN])("cannot have a speed of %s", async (speed) => {
    const emulator = await emulatorWith();

    expect(() => emulator.network.throttle(speed)).toThrow(RangeError);
  });
});

describe("a connection", () => {
  test("is reused, also after an answer that was sent before the body was read", async () => {
    const emulator = await emulatorWith();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const client = createClient(emulator);
    const body = Buffer.alloc(3 << 20);

    const replies = [
      await client.call({ method: "PUT", key: "k", query: { partNumber: "1", uploadId: "none" }, body, agent }),
      await client.call({ method: "PUT", key: "k", body, headers: { "content-md5": "wrong" }, agent }),
      await client.call({ method: "PUT", key: "k", body, agent }),
    ];

    expect(replies.map(({ status, xml }) => xml?.Code ?? status)).toEqual(["NoSuchUpload", "InvalidDigest", 200]);
    expect(emulator.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    expect(emulator.requests.map(({ isReused }) => isReused)).toEqual([false, true, true]);
    expect(emulator.requests.map(({ bodyBytes }) => bodyBytes)).toEqual(Array(3).fill(body.length));
  });

  test("delivers the whole early answer to a client that still sends, even if it closes then", async () => {
    const emulator = await emulatorWith();
    const { path, headers } = signed(
      { method: "PUT", bucket: "demo", key: "k" },
      { ...defaultAccount, accessKeySecret: "x" },
    );
    const body = Buffer.alloc(8 << 20);
    const { socket, ended, received } = connect(emulator.port);

    socket.write(
      requestText("PUT", path, { ...headers, connection: "close", "content-length": body.length }),
      "latin1",
    );
    await emulator.waitForRequest(({ phase }) => phase === "answered");
    socket.write(body);
    const { how } = await ended;

    expect(how).toBe("closed");
    expect(received()).toMatch(/^HTTP\/1.1 403 .*<\/Error>$/s);
  });

  test("gets 100 Continue only when the body is wanted", async () => {
    const emulator = await emulatorWith();
    const text = (secret: string) => {
      const { path, headers } = signed(
        { method: "PUT", bucket: "demo", key: "k" },
        { ...defaultAccount, accessKeySecret: secret },
      );
      return requestText("PUT", path, { ...headers, expect: "100-continue", "content-length": 1, connection: "close" });
    };
    const wanted = connect(emulator.port);
    const unwanted = connect(emulator.port);

    unwanted.socket.write(text("wrong"), "latin1");
    wanted.socket.write(text(defaultAccount.accessKeySecret), "latin1");
    await new Promise((resolve) => wanted.socket.once("data", resolve));
    wanted.socket.write("x");

    expect((await wanted.ended).text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/);
    expect((await unwanted.ended).text).toMatch(/^HTTP\/1.1 403/);
  });

  test("that sends something else than HTTP is answered and closed", async () => {
    const emulator = await emulatorWith();
    const { socket, ended } = connect(emulator.port);

    socket.write("HELLO\r\n\r\n");

    expect((await ended).text).toMatch(/^HTTP\/1.1 400/);
  });
});

test("closing ends every connection and every wait", async () => {
  const emulator = await emulatorWith({ control: true });
  const client = createClient(emulator);
  const hold = emulator.faults.add({ on: "PutObject", fault: "hold" });
  emulator.network.throttle(1);
  const held = client.put("k", "").catch((error: NodeJS.ErrnoException) => error.code);
  const slow = client.put("l", Buffer.alloc(100_000)).catch((error: NodeJS.ErrnoException) => error.code);
  const events = connect(emulator.port);
  events.socket.write(requestText("GET", "/_emulator/requests/events", {}));
  await hold.waitForHit();
  await emulator.waitForRequest(({ key, bodyBytes }) => key === "l" && bodyBytes > 0);

  await emulator.close();

  expect(await Promise.all([held, slow])).toEqual(["ECONNRESET", "ECONNRESET"]);
  await events.ended;
  await expect(client.put("k", "x")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
