import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";
import { createFile } from "../support/files.js";
import { lookAtPicked } from "../support/picking.js";
import { readBody } from "../support/scripted-server.js";
import { startSilentServer } from "../support/silent-server.js";

const MiB = 2 ** 20;

interface Sending {
  readonly url: string;
  readonly method?: string;
  /** A slice of the picked file; text goes as bytes; default none. */
  readonly body?: readonly [start: number, end: number] | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly stallTimeoutMs?: number;
  readonly answerTimeoutMs?: number;
}

/** One request from a worker of a new pool. */
function send(page: Page, { url, method = "PUT", body, headers = {}, ...limits }: Sending) {
  const { stallTimeoutMs = 30_000, answerTimeoutMs = 60_000 } = limits;
  return page.evaluate(
    async ({ body, ...request }) => {
      const { createWorkerPool, ended, never, picked } = await import("ossicle-pool");
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body && picked().slice(...body);
      const sent: number[] = [];
      const answer = createWorkerPool({ count: 1, stallTimeoutMs: 30_000 }).send(
        { ...request, ...(bytes === undefined ? {} : { body: bytes }) },
        { signal: never, onSent: (count) => sent.push(count) },
      );
      return { ...(await ended(answer)), sent };
    },
    { url, method, headers, stallTimeoutMs, answerTimeoutMs, body },
  );
}

test("a slice of a picked file arrives whole, and its progress is told", async ({
  page,
  pageServer,
  directory,
  serve,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 40 * MiB, seed: 1 });
  let arrived: Buffer = Buffer.alloc(0);
  const server = await serve(async (request, response) => {
    arrived = await readBody(request);
    response.writeHead(200, { ETag: '"A-1"', "x-oss-request-id": "5D" }).end("<A><B>1</B></A>");
  });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const slice = [MiB, 33 * MiB] as const;
  const { value, sent } = await send(page, { url: `${server.origin}/key?sig=1`, body: slice, headers: { "x-a": "b" } });

  expect(value).toMatchObject({
    status: 200,
    headers: { etag: '"A-1"', "x-oss-request-id": "5D" },
    body: "<A><B>1</B></A>",
    xml: { A: [{ B: ["1"] }] },
  });
  expect(arrived.equals((await readFile(path)).subarray(...slice))).toBe(true);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({ method: "PUT", path: "/key?sig=1", headers: { "x-a": "b" } });
  expect(server.requests[0]?.headers["content-type"]).toBeUndefined();
  expect(sent.at(-1)).toBe(32 * MiB);
  expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
});

test("bytes are sent with the content type that was asked for", async ({ page, pageServer, serve }) => {
  const server = await serve(async (request, response) => {
    response.end(`${request.headers["content-type"]}: ${await readBody(request)}`);
  });
  await page.goto(pageServer.page());

  const headers = { "content-type": "application/xml", host: "elsewhere.example" };
  const { value } = await send(page, { url: server.origin, method: "POST", body: "<A>文</A>", headers });

  expect(value).toMatchObject({ status: 200, body: "application/xml: <A>文</A>" });
});

test("an error of the service is an answer", async ({ page, pageServer, serve }) => {
  const server = await serve((_, response) => {
    response.writeHead(404).end('<?xml version="1.0"?>\n<Error>\n  <Code>NoSuchUpload</Code>\n</Error>');
  });
  await page.goto(pageServer.page());

  const { value } = await send(page, { url: server.origin, method: "GET" });

  expect(value).toMatchObject({ status: 404, xml: { Error: [{ Code: ["NoSuchUpload"] }] } });
});

test("an answer without end is cut", async ({ page, pageServer, serve }) => {
  const server = await serve((_, response) => {
    const piece = Buffer.alloc(MiB, "x");
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  });
  await page.goto(pageServer.page());

  const { error } = await send(page, { url: server.origin, method: "GET" });

  expect(error).toMatchObject({ code: "network", temporary: true, message: expect.stringMatching(/longer than/) });
});

test("a server that stops reading is a stall", async ({ page, pageServer, directory, serve }) => {
  // More than all the buffers between the file and the server.
  const path = await createFile(join(directory, "film.bin"), { size: 64 * MiB, seed: 2, every: 16 * MiB });
  const server = await serve((request) => void request.pause());
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { error, sent } = await send(page, { url: server.origin, body: [0, 64 * MiB], stallTimeoutMs: 1000 });

  expect(error).toMatchObject({
    code: "stalled",
    temporary: true,
    message: expect.stringMatching(/moved for 1000 ms/),
  });
  expect(sent.length).toBeGreaterThan(0);
});

test("a host that never answers the preflight is a stall", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: MiB, seed: 3 });
  const silent = await startSilentServer();
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { error, sent } = await send(page, { url: silent.origin, body: [0, MiB], stallTimeoutMs: 100 });
  await silent.close();

  expect(error).toMatchObject({ code: "stalled", message: expect.stringMatching(/could be sent for 400 ms/) });
  expect(sent).toEqual([]);
});

test("an answer that never comes is a stall", async ({ page, pageServer, serve }) => {
  const server = await serve((request) => void request.resume());
  await page.goto(pageServer.page());

  const { error } = await send(page, { url: server.origin, body: "<A/>", answerTimeoutMs: 300 });

  expect(error).toMatchObject({ code: "stalled", message: expect.stringMatching(/answer came for 300 ms/) });
});

test("a connection that is reset is a network failure", async ({ page, pageServer, directory, serve }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 16 * MiB, seed: 4 });
  const server = await serve((request) => void request.once("data", () => request.socket.resetAndDestroy()));
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { error } = await send(page, { url: server.origin, body: [0, 16 * MiB] });

  expect(error).toMatchObject({ code: "network", temporary: true });
});

test("a server that does not allow the page is a network failure without secrets", async ({
  page,
  pageServer,
  serve,
}) => {
  const server = await serve((_, response) => {
    response.removeHeader("access-control-allow-origin");
    response.end("secret");
  });
  await page.goto(pageServer.page());

  const { error } = await send(page, { url: `${server.origin}/key?signature=secret`, method: "GET" });

  expect(error).toMatchObject({
    code: "network",
    message: `GET ${server.origin}/key: no answer that a script may read`,
  });
});

test("a place that the page's policy forbids is a mistake in the policy, not a network failure", async ({
  page,
  pageServer,
  serve,
}) => {
  const server = await serve((_, response) => void response.end());
  await page.goto(pageServer.page({ csp: "connect-src 'self'" }));

  const { error } = await send(page, { url: `${server.origin}/key?signature=secret`, body: "<A/>" });

  expect(error).toMatchObject({ code: "misconfigured", temporary: false, hint: expect.stringMatching(/connect-src/) });
  expect(JSON.stringify(error)).not.toContain("secret");
  expect(server.requests).toEqual([]);
});

for (const [what, request] of [
  ["a header value with a line break", { url: "http://localhost/key", headers: { authorization: "secret\nsecret" } }],
  ["a header value outside Latin-1", { url: "http://localhost/key", headers: { authorization: "secret 文" } }],
  ["a URL that is none", { url: "http://:x/key?signature=secret" }],
  ["a method that no page may use", { url: "http://localhost/key?signature=secret", method: "TRACE" }],
] satisfies [string, Sending][]) {
  test(`${what} is refused without a word of the secret`, async ({ page, pageServer }) => {
    await page.goto(pageServer.page());

    const { error } = await send(page, request);

    expect(error).toMatchObject({ code: "invalid-option", temporary: false });
    expect(JSON.stringify(error)).not.toContain("secret");
  });
}

test("a file edited after it was picked is unreadable, not a network failure", async ({
  page,
  pageServer,
  directory,
  serve,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 4 * MiB, seed: 5 });
  const server = await serve(async (request, response) => void response.end(String((await readBody(request)).length)));
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);
  await lookAtPicked(page);
  await writeFile(path, "edited");

  const { error } = await send(page, { url: server.origin, body: [0, 4 * MiB], answerTimeoutMs: 1000 });

  expect(error).toMatchObject({ code: "file-unreadable", temporary: false });
});

test("an aborted request is cut before the abort is reported", async ({ page, pageServer, directory, serve }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 4096 * MiB, seed: 6, every: 1024 * MiB });
  const ends: Promise<boolean>[] = [];
  const server = await serve((request) => {
    ends.push(new Promise((resolve) => request.on("close", () => resolve(request.complete))));
    request.on("error", () => {}).resume();
  });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { error } = await page.evaluate(async (url) => {
    const { createWorkerPool, ended, never, picked } = await import("ossicle-pool");
    const pool = createWorkerPool({ count: 1, stallTimeoutMs: 30_000 });
    const stop = new AbortController();
    const request = { method: "PUT", url, headers: {}, stallTimeoutMs: 60_000, answerTimeoutMs: 60_000 };
    const onSent = () => stop.abort(new Error("the user said so"));
    const end = await ended(pool.send({ ...request, body: picked() }, { signal: stop.signal, onSent }));
    await pool.digest(new Blob(["a"]), { md5: true, crc64: true }, { signal: never });
    return end;
  }, server.origin);

  expect(error).toMatchObject({ message: "the user said so" });
  expect(await Promise.all(ends)).toEqual([false]);
});
