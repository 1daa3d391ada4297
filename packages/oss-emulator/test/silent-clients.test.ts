/** The emulator ends connections of clients that are silent in the middle of a request, and not of slow or held-up clients. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { defaultAccount, type Emulator, type EmulatorOptions } from "../src/index.js";
import { connect, type RawConnection, requestText } from "./raw-client.js";
import { type Call, completeXml, createClient, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const short = { clientTimeoutMs: 100, control: true } as const;

async function beginning(emulator: Emulator, text: string): Promise<RawConnection> {
  const connection = connect(emulator.port);
  connection.socket.write(text, "latin1");
  return connection;
}

/** The line and headers of a signed request with that Content-Length. */
function head(call: Call, secret: string = defaultAccount.accessKeySecret, more: Record<string, string> = {}): string {
  const { path, headers } = signed({ bucket: "demo", ...call }, { ...defaultAccount, accessKeySecret: secret });
  return requestText(call.method, path, { "content-length": "1000", ...headers, ...more });
}

function isOver(emulator: Emulator, id: number): Promise<unknown> {
  return emulator.waitForRequest((entry) => entry.id === id && entry.phase !== "received");
}

const put: Call = { method: "PUT", key: "k" };
const silences: readonly (readonly [string, string, Partial<EmulatorOptions>])[] = [
  ["before it has said anything", "", {}],
  ["in the middle of a request line", "GET /demo", {}],
  ["in the middle of its headers", "GET /demo/k HTTP/1.1\r\nHost: localhost\r\nX-A: ", {}],
  ["before its body", head(put), {}],
  ["in the middle of its body", `${head(put)}abc`, {}],
  ["in the middle of a body that nobody digests", `${head(put)}abc`, { sink: { hash: false } }],
  ["in the middle of a body that was refused", `${head(put, "wrong")}abc`, {}],
  ["after it was told to go on", head(put, undefined, { expect: "100-continue" }), {}],
  ["in the middle of a chunk", `${requestText("PUT", "/demo/k", { "transfer-encoding": "chunked" })}5\r\nab`, {}],
  ["in the middle of a command", requestText("POST", "/_emulator/faults", { "content-length": 10 }), {}],
  [
    "in the middle of a command that there is not",
    `${requestText("POST", "/_emulator/x", { "content-length": 10 })}a`,
    {},
  ],
  ["elsewhere", `${requestText("PUT", "/_emulator/elsewhere", { "content-length": 10 })}abc`, {}],
];

describe("a client that falls silent", () => {
  test.each(silences)("%s loses its connection", async (_, text, options) => {
    const emulator = await emulatorWith({ ...short, ...options });
    const connection = await beginning(emulator, text);

    await connection.ended;

    await Promise.all(emulator.requests.map(({ id }) => isOver(emulator, id)));
    expect(emulator.objects("demo")).toEqual([]);
  });

  test("in the middle of a part list loses its connection, and the upload stays as it was", async () => {
    const emulator = await emulatorWith(short);
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    const { headers } = await client.part("k", uploadId, 1, Buffer.from("x"));
    const list = completeXml([[1, headers.etag ?? ""]]);
    const call = { method: "POST", key: "k", query: { uploadId } };

    const { ended } = await beginning(emulator, head(call) + list);

    await ended;
    expect(emulator.uploads("demo")).toMatchObject([{ uploadId, partCount: 1 }]);
  });
});

/** Resolves after twice the time that a silent client has. */
async function longer(emulator: Emulator): Promise<void> {
  for (const text of ["GET /", "GET /"]) await (await beginning(emulator, text)).ended;
}

/** Longer than `short`: on a busy machine a client in this process may be silent for so long by itself. */
const patient = { ...short, clientTimeoutMs: 1000 } as const;

describe("a client that the emulator holds up", () => {
  test.each([
    { kind: "hold", when: "before-effect" },
    { kind: "hold", when: "before-answer" },
    { kind: "stall", when: "before-body" },
    { kind: "stall", when: "in-body" },
    { kind: "stall", when: "before-answer" },
  ] as const)("by %j keeps its connection, however long that takes", async (fault) => {
    const emulator = await emulatorWith(patient);
    const held = emulator.faults.add({ on: "PutObject", fault });
    const reply = createClient(emulator).put("k", Buffer.alloc(200_000));
    await held.waitForHit();

    await longer(emulator);
    held.release();

    expect((await reply).status).toBe(200);
  });

  test("by a throttled network keeps its connection", async () => {
    const emulator = await emulatorWith(patient);
    emulator.network.throttle(1);
    const reply = createClient(emulator).put("k", Buffer.alloc(200_000));
    await emulator.waitForRequest(({ bodyBytes }) => bodyBytes > 0);

    await longer(emulator);
    emulator.network.throttle(undefined);

    expect((await reply).status).toBe(200);
  });

  test("by a long poll keeps its connection", async () => {
    const emulator = await emulatorWith(patient);
    const question = requestText("GET", "/_emulator/requests/wait?key=k", { connection: "close" });
    const { ended } = await beginning(emulator, question);

    await longer(emulator);
    await createClient(emulator).put("k", "x");

    expect((await ended).text).toMatch(/^HTTP\/1.1 200/);
  });
});

test("a client that sends a byte now and then keeps its connection", async () => {
  const emulator = await emulatorWith({ clientTimeoutMs: 2000 });
  const { socket, ended } = await beginning(
    emulator,
    head(put, undefined, { "content-length": "5", connection: "close" }),
  );

  for (const byte of "slow!") {
    // All bytes together take longer than a silent client has.
    await pause(600);
    socket.write(byte);
  }

  expect((await ended).text).toMatch(/^HTTP\/1.1 200/);
  expect(emulator.object("demo", "k")?.size).toBe(5);
});
