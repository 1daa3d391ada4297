/** The server that everybody uploads to, in a process of its own, and the line in front of it. */
import { Agent, request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Forked, forkCalls } from "../calls.js";
import { createDelay } from "../server/delay.js";
import type { LineCalls } from "../server/line.js";
import type { ServerCalls } from "../server/serve.js";
import { Tally } from "../server/tally.js";

const withTypeScript = ["--import", "tsx"];

let server: Forked<ServerCalls>;
let oss: string;
let others: string;

beforeAll(async () => {
  server = await forkCalls(new URL("../server/serve.ts", import.meta.url), [], withTypeScript);
  const ports = await server.call.ports();
  oss = `http://127.0.0.1:${ports.oss}`;
  others = `http://127.0.0.1:${ports.others}`;
});
afterAll(() => server.close());
beforeEach(() => server.call.reset());

const put = (url: string, body: Uint8Array<ArrayBuffer>) => fetch(url, { method: "PUT", body });
/** In front of the emulator. */
async function withLine(): Promise<{ line: Forked<LineCalls>; through: string }> {
  const file = new URL("../server/line.ts", import.meta.url);
  const line = await forkCalls<LineCalls>(file, [new URL(oss).port, "20", "1000000"], withTypeScript);
  onTestFinished(() => line.close());
  return { line, through: `http://127.0.0.1:${await line.call.port()}` };
}

/** @returns the status */
function putOver(agent: Agent, url: string, body: Uint8Array): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: "PUT", headers: { "Content-Length": body.length } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const preflight = (url: string) =>
  fetch(url, {
    method: "OPTIONS",
    headers: { Origin: "http://localhost", "Access-Control-Request-Method": "PUT" },
  });

describe("the server", () => {
  test("answers with true digests and counts what came, preflights apart", async () => {
    const before = Date.now() - 1;
    const first = await put(`${oss}/holes/a`, new Uint8Array(102_400));
    const second = await put(`${oss}/holes/b`, new Uint8Array(102_400));
    await preflight(`${oss}/holes/c`);
    const counts = await server.call.counts();
    await server.call.reset();

    expect(first.headers.get("x-oss-hash-crc64ecma")).toBe("15337097285471591505");
    expect(second.headers.get("x-oss-hash-crc64ecma")).toBe("15337097285471591505");
    expect(counts).toMatchObject({ requests: 2, preflights: 1, bodyBytes: 204_800, fileBytes: 204_800 });
    expect(counts.firstStoredAt).toBeGreaterThan(before);
    expect(counts.busy).toBeGreaterThan(0);
    expect(await server.call.counts()).toMatchObject({
      requests: 0,
      preflights: 0,
      bodyBytes: 0,
      firstStoredAt: 0,
    });
  });

  test("speaks as much of S3 as multipart uploads need", async () => {
    const key = `${others}/s3/blocks/file.bin`;

    const begun = await (await fetch(`${key}?uploads`, { method: "POST" })).text();
    const part = await put(`${key}?partNumber=1&uploadId=upload-1`, new Uint8Array(1000));
    const completed = await (await fetch(`${key}?uploadId=upload-1`, { method: "POST", body: "<list/>" })).text();

    expect(begun).toContain("<Bucket>blocks</Bucket><Key>file.bin</Key><UploadId>upload-1</UploadId>");
    expect([part.status, part.headers.get("etag")]).toEqual([200, '"1"']);
    expect(part.headers.get("access-control-expose-headers")).toContain("ETag");
    expect(completed).toContain("<CompleteMultipartUploadResult>");
    expect(await server.call.counts()).toMatchObject({ requests: 3, bodyBytes: 1007, fileBytes: 1000 });
  });

  test("speaks as much of tus as resuming needs", async () => {
    const created = await fetch(`${others}/tus/`, { method: "POST", headers: { "Upload-Length": "3000" } });
    const location = created.headers.get("location") ?? "";

    const patched = await fetch(location, { method: "PATCH", body: new Uint8Array(1000) });
    const asked = await fetch(location, { method: "HEAD" });
    const unknown = await fetch(`${others}/tus/999`, { method: "HEAD" });

    expect([created.status, patched.status, unknown.status]).toEqual([201, 204, 404]);
    expect(patched.headers.get("upload-offset")).toBe("1000");
    expect([asked.headers.get("upload-offset"), asked.headers.get("upload-length")]).toEqual(["1000", "3000"]);
  });

  test("is reached over a line, there and back, byte by byte as it was sent", async () => {
    const { through } = await withLine();

    const answer = await put(`${through}/holes/a`, new Uint8Array(102_400));

    expect(answer.headers.get("x-oss-hash-crc64ecma")).toBe("15337097285471591505");
    expect(await server.call.counts()).toMatchObject({ requests: 1, bodyBytes: 102_400 });
  });

  test("gets nothing of what is on a line that is dropped, and hears of it again on a new connection", async () => {
    const { line, through } = await withLine();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const bytes = new Uint8Array(102_400);
    const first = await putOver(agent, `${through}/holes/a`, bytes);
    await server.call.reset();

    await line.call.freeze();
    const lost = expect(putOver(agent, `${through}/holes/b`, bytes)).rejects.toThrow(/hang up|ECONNRESET/);
    await line.call.drop();
    await lost;
    const counts = await server.call.counts();
    const again = await putOver(agent, `${through}/holes/b`, bytes);

    expect([first, counts.bodyBytes, again]).toEqual([200, 0, 200]);
  });
});

describe("a line", () => {
  const options = { bytesPerMs: 1000, oneWayMs: 25, idleMs: 50, now: 0 };

  test("takes bytes one after the other, at its rate, after the handshake", () => {
    const line = createDelay(options);

    const first = line.take(10_000, 0);
    const second = line.take(10_000, 0);

    expect([first.arrivesAt, second.arrivesAt]).toEqual([50 + 10 + 25, 50 + 20 + 25]);
  });

  test("wants more a little before it is free, so that it never is", () => {
    const line = createDelay(options);

    const { readOnAt } = line.take(100_000, 0);

    expect(readOnAt).toBe(50 + 100 - 20);
  });

  test("loses the time in which nobody sends", () => {
    const line = createDelay(options);
    line.take(10_000, 0);

    const { arrivesAt } = line.take(10_000, 1000);

    expect(arrivesAt).toBe(1000 + 10 + 25);
  });
});

test("a tally tells when nothing is under way any more", async () => {
  const tally = new Tally();
  tally.begin(false);
  tally.begin(false);
  let isIdle = false;
  const idle = tally.idle().then(() => {
    isIdle = true;
  });

  tally.end();
  await Promise.resolve();
  const early = isIdle;
  tally.end();
  await idle;
  await tally.idle();

  expect([early, isIdle]).toEqual([false, true]);
});

test("a tally tells when so many bytes have come", async () => {
  const tally = new Tally();
  let reached = false;
  const reaching = tally.reach(150).then(() => {
    reached = true;
  });

  tally.body(100, true);
  await Promise.resolve();
  const early = reached;
  tally.body(50, false);
  await reaching;

  expect([early, reached]).toEqual([false, true]);
});
