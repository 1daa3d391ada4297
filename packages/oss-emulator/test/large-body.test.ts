/** Large bodies: memory does not grow with them, and a sink keeps none of their bytes. */

import { readdir } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import { defaultAccount, type Emulator } from "../src/index.js";
import { createClient, signed } from "./signed-client.js";
import { emulatorWith, temporaryDirectory } from "./world.js";

const MiB = 1024 ** 2;

/** PUTs so many zeros, which are made as they are sent. @returns status and headers */
async function putZeros({ port }: Emulator, size: number): Promise<http.IncomingMessage> {
  const { path, headers } = signed({ method: "PUT", bucket: "demo", key: "zeros" }, defaultAccount);
  const request = http.request({
    port,
    host: "127.0.0.1",
    method: "PUT",
    path,
    agent: false,
    headers: { ...headers, "content-length": size },
  });
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
  });
  const block = Buffer.alloc(MiB);
  await pipeline(Readable.from(Array.from({ length: size / MiB }, () => block)), request);
  const response = await answered;
  response.resume();
  return response;
}

describe("a sink", () => {
  test("takes 2 GiB and knows its size, and memory does not grow with it", async () => {
    const data = await temporaryDirectory();
    const emulator = await emulatorWith({ data, sink: { hash: false } });
    let peak = 0;
    const stop = emulator.onRequest(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    });
    const before = process.memoryUsage.rss();

    const { statusCode } = await putZeros(emulator, 2048 * MiB);
    stop();

    expect(statusCode).toBe(200);
    expect(emulator.object("demo", "zeros")).toMatchObject({ size: 2048 * MiB, crc64: undefined });
    expect(peak).toBeGreaterThan(0);
    expect(peak - before).toBeLessThan(256 * MiB);
    expect(await readdir(join(data, "demo", "bodies"))).toEqual([]);
  });

  test("digests the bytes that it throws away by default", async () => {
    const emulator = await emulatorWith({ sink: true });

    const { headers } = await createClient(emulator).put("k", Buffer.alloc(102_400));

    expect(headers["x-oss-hash-crc64ecma"]).toBe("15337097285471591505");
  });

  test("that does not digest takes the client's Content-MD5 for the ETag, also in Complete", async () => {
    const emulator = await emulatorWith({ sink: { hash: false } });
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    const body = Buffer.alloc(102_400);

    const part = await client.part("k", uploadId, 1, body, { "content-md5": "Ji5AKyMZowv7TbUP4K7zYw==" });
    const unnamed = await client.part("k", uploadId, 2, body);
    const completed = await client.complete("k", uploadId, [
      [1, part.headers.etag ?? ""],
      [2, unnamed.headers.etag ?? ""],
    ]);

    expect(part.headers.etag).toBe('"262E402B2319A30BFB4DB50FE0AEF363"');
    expect(unnamed.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(completed.headers).not.toHaveProperty("x-oss-hash-crc64ecma");
    expect([completed.status, emulator.object("demo", "k")?.size]).toEqual([200, 204_800]);
  });

  test("that digests once takes bodies of one length in one bucket for the same", async () => {
    const emulator = await emulatorWith({ sink: { hash: "once" }, buckets: ["demo", "other"] });
    const [demo, other] = ["demo", "other"].map((bucket) => createClient(emulator, defaultAccount, bucket));
    const ones = Buffer.alloc(102_400, 1);

    const first = await demo?.put("first", Buffer.alloc(102_400));
    const same = await demo?.put("same", ones);
    const shorter = await demo?.put("shorter", ones.subarray(1));
    const elsewhere = await other?.put("elsewhere", ones);

    expect(first?.headers["x-oss-hash-crc64ecma"]).toBe("15337097285471591505");
    expect(same?.headers["x-oss-hash-crc64ecma"]).toBe("15337097285471591505");
    expect(same?.headers.etag).toBe(first?.headers.etag);
    expect(new Set([first, shorter, elsewhere].map((answer) => answer?.headers.etag)).size).toBe(3);
    expect(emulator.object("demo", "same")).toMatchObject({ size: 102_400, crc64: "15337097285471591505" });
  });

  test("that digests once refuses another Content-MD5 for that length, and faults still apply", async () => {
    const emulator = await emulatorWith({ sink: { hash: "once" } });
    const client = createClient(emulator);
    const zeros = Buffer.alloc(102_400);
    await client.put("k", zeros);
    emulator.faults.add({ on: "PutObject", after: 1, fault: { kind: "reset", when: "in-body" } });

    const refused = await client.put("k", zeros, { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" });
    const broken = client.put("k", zeros);

    await expect(broken).rejects.toThrow();
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("<Code>InvalidDigest</Code>")]);
    expect(emulator.requests.at(-1)).toMatchObject({ phase: "dropped", fault: "reset" });
  });

  test("reads back as zeros of the right number", async () => {
    const emulator = await emulatorWith({ sink: true });
    await createClient(emulator).put("k", Buffer.alloc(500_000, 1));

    const { body } = await createClient(emulator).get("k", { range: "bytes=100000-" });

    expect(body.equals(Buffer.alloc(400_000))).toBe(true);
  });
});

test("256 MiB go to the disk and back, and memory does not grow with them", async () => {
  const emulator = await emulatorWith();
  const before = process.memoryUsage.rss();
  let peak = 0;
  const stop = emulator.onRequest(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  });

  const put = await putZeros(emulator, 256 * MiB);
  stop();
  let read = 0;
  for await (const bytes of emulator.readObject("demo", "zeros")) read += (bytes as Buffer).length;

  expect([put.statusCode, read]).toEqual([200, 256 * MiB]);
  expect(peak - before).toBeLessThan(128 * MiB);
});
