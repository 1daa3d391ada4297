/** The servers of docs/server-side.md, each in a process of its own, asked by somebody who means them no good: they live on. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./docs/documents.js";
import { bundleSamples } from "./docs/server-samples.js";

/** How each sample is served: those that are for Node as they are, the others as their platform would, by a Request. */
const served = {
  node: 'import { server } from "./node.mjs"; listen(server);',
  express: 'import { app } from "./express.mjs"; listen(createServer(app));',
  // Koa prints each client that breaks off, unless it is told not to.
  koa: 'import { app } from "./koa.mjs"; app.silent = true; listen(createServer(app.callback()));',
  nest: `import { NestFactory } from "@nestjs/core";
    import { addUploadRoutes } from "./nest.mjs";
    const app = await NestFactory.create({ module: class AppModule {} }, { logger: ["error", "fatal"] });
    addUploadRoutes(app);
    await app.init();
    listen(app.getHttpServer());`,
  hono: 'import app from "./hono.mjs"; import { toNode } from "./to-node.mjs"; listen(createServer(toNode(app.fetch)));',
  edge: 'import edge from "./edge.mjs"; import { toNode } from "./to-node.mjs"; listen(createServer(toNode(edge.fetch)));',
  "next.js":
    'import { POST } from "./sign.mjs"; import { toNode } from "./to-node.mjs"; listen(createServer(toNode(POST)));',
} as const;

const prelude = `import { createServer } from "node:http";
globalThis.userOf = async (request) => request.headers.get("x-user") ?? undefined;
function listen(server) {
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}
`;

let directory: string;
beforeAll(async () => {
  // Where the frameworks are found.
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  directory = mkdtempSync(join(root, "node_modules/.cache/docs-server-hostile-"));
  await bundleSamples(directory, ["node", "express", "koa", "nest", "hono", "edge", "sign", "to-node"]);
  for (const [name, code] of Object.entries(served))
    writeFileSync(join(directory, `serve-${name}.mjs`), prelude + code);
});
afterAll(() => rmSync(directory, { recursive: true }));

const post = (headers: readonly string[], body = "") => ["POST /api/sign HTTP/1.1", ...headers, "", body].join("\r\n");
const sized = (body: string, ...headers: readonly string[]) =>
  post(["Host: a", "x-user: 42", `Content-Length: ${Buffer.byteLength(body, "latin1")}`, ...headers], body);
const put = { action: "PutObject", method: "PUT", bucket: "user-files", key: "videos/42/a.mp4", query: {} };
const honest = sized(JSON.stringify([{ ...put, headers: { "content-length": "5" } }]), "Connection: close");

const told = (headers: readonly string[], body: string, path = "/api/stored") =>
  [`POST ${path} HTTP/1.1`, "Host: a", "x-user: 42", ...headers, "", body].join("\r\n");
const signature = Buffer.alloc(128, 7).toString("base64");
const keyAt = (url: string) => `x-oss-pub-key-url: ${Buffer.from(url).toString("base64")}`;
const callbacks: readonly (readonly [string, readonly string[]])[] = [
  ["without a signature", []],
  ["with a signature that is none", ["Authorization: Bearer x", keyAt("https://gosspublic.alicdn.com/k.pem")]],
  ["without a key", [`Authorization: ${signature}`]],
  ["with a key of its own", [`Authorization: ${signature}`, keyAt("http://127.0.0.1:1/k.pem")]],
  ["with a key that is no text", [`Authorization: ${signature}`, "x-oss-pub-key-url: /w=="]],
];

function callback(name: string, headers: readonly string[], body: string) {
  return [name, told([...headers, `Content-Length: ${body.length}`], body), "stays"] as const;
}

/** What is sent as it stands; and whether the sender stays for the answer. */
const requests: readonly (readonly [string, string, "stays" | "leaves"])[] = [
  ["a Host that is none", post(["Host: [", "Content-Length: 2"], "[]"), "stays"],
  ["a Host with a blank", post(["Host: a b", "Content-Length: 2"], "[]"), "stays"],
  ["an empty Host", post(["Host:", "Content-Length: 2"], "[]"), "stays"],
  ["a Host that is a URL", post(["Host: http://a/#", "Content-Length: 2"], "[]"), "stays"],
  ["two Hosts", post(["Host: a", "Host: b", "Content-Length: 2"], "[]"), "stays"],
  ["no Host", post(["Content-Length: 2"], "[]"), "stays"],
  ["a target that is no URL", "GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  [
    "a target that is no URL, to sign",
    "POST http://[/api/sign HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]",
    "stays",
  ],
  ["a target of another host", "POST //[/api/sign HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]", "stays"],
  ["a target that is a star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  ["a target that is not encoded", "GET /api/%zz?%c3 HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  ["the method TRACE", "TRACE /api/sign HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  ["the method CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  ["a method of its own", "STEAL /api/sign HTTP/1.1\r\nHost: a\r\n\r\n", "stays"],
  ["no HTTP", "\u0016\u0003\u0001\r\n\r\n", "stays"],
  ["huge headers", post(["Host: a", `Cookie: ${"a=b; ".repeat(20_000)}`, "Content-Length: 2"], "[]"), "stays"],
  ["a header beyond ASCII", post(["Host: a", "Cookie: \u00e4\u00ff", "Content-Length: 2"], "[]"), "stays"],
  ["a header name that is none", post(["Host: a", "x user: 42", "Content-Length: 2"], "[]"), "stays"],
  [
    "a wish to speak another protocol",
    post(["Host: a", "Upgrade: websocket", "Connection: Upgrade", "Content-Length: 2"], "[]"),
    "stays",
  ],
  ["another content type", sized("a=b", "Content-Type: application/x-www-form-urlencoded"), "stays"],
  ["a form without a boundary", sized("a", "Content-Type: multipart/form-data"), "stays"],
  ["a content type that is none", sized("[]x", "Content-Type: ;;;=\u00ff"), "stays"],
  ["a compression that is none", sized("[]x", "Content-Encoding: gzip"), "stays"],
  ["a GET with a body", "GET /api/sign HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]", "stays"],
  ["a HEAD with a body", "HEAD /api/sts HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]", "stays"],
  ["no body", sized(""), "stays"],
  ["a body that is no JSON", sized("[{"), "stays"],
  ["a body that is no UTF-8", sized("[\u00ff\u00fe]"), "stays"],
  ["lists in lists without end", sized("[".repeat(500_000)), "stays"],
  ["lists in lists to an end", sized(`${"[".repeat(200_000)}${"]".repeat(200_000)}`), "stays"],
  ["objects that inherit", sized('[{"__proto__":{"action":"PutObject"},"constructor":1}]'), "stays"],
  [
    "a key with half of a character",
    sized(JSON.stringify([{ ...put, key: "videos/42/?", headers: {} }]).replace("?", "\\ud800")),
    "stays",
  ],
  [
    "a line break in a header",
    sized(JSON.stringify([{ ...put, headers: { "content-type": "a/b\nx-oss-copy-source:/b/c" } }])),
    "stays",
  ],
  ["a body of two megabytes", sized(`"${"x".repeat(2 * 1024 * 1024)}"`), "stays"],
  ["a length that is none", post(["Host: a", "Content-Length: many"], "[]"), "stays"],
  ["two lengths", post(["Host: a", "Content-Length: 2", "Content-Length: 3"], "[]"), "stays"],
  [
    "a length and chunks",
    post(["Host: a", "Content-Length: 2", "Transfer-Encoding: chunked"], "2\r\n[]\r\n0\r\n\r\n"),
    "stays",
  ],
  ["chunks that are none", post(["Host: a", "Transfer-Encoding: chunked"], "zz\r\n"), "stays"],
  [
    "chunks of two megabytes",
    post(["Host: a", "x-user: 42", "Transfer-Encoding: chunked"], `200000\r\n${"x".repeat(0x200000)}\r\n0\r\n\r\n`),
    "stays",
  ],
  ["a body that breaks off", post(["Host: a", "x-user: 42", "Content-Length: 100"], "[{"), "leaves"],
  ["chunks that break off", post(["Host: a", "Transfer-Encoding: chunked"], "5\r\n[{"), "leaves"],
  ["a head that breaks off", "POST /api/sign HTTP/1.1\r\nHost: a\r\nx-", "leaves"],
  ["a client that does not wait", sized("[]"), "leaves"],
  ...["", "object=a", "{", "x".repeat(2 * 1024 * 1024)].flatMap((body) =>
    callbacks.map(([what, headers]) => callback(`a callback ${what}, of ${body.length} bytes`, headers, body)),
  ),
  ["a callback that breaks off", told(["Content-Length: 100", `Authorization: ${signature}`], "object"), "leaves"],
];

// Not the requests themselves: a title is made of what is handed over, and that takes its time with megabytes.
const names = requests.map(([name]) => name);

/** @returns the status of the first answer; undefined where the connection ended without one */
async function statusOf(port: number, bytes: string, ends: "stays" | "leaves"): Promise<number | undefined> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  const answered = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.on("data", (text) => {
      answer += text;
      if (answer.includes("\r\n\r\n")) resolve();
    });
  });
  await once(socket, "connect");
  await new Promise<void>((resolve) => socket.write(Buffer.from(bytes, "latin1"), () => resolve()));
  if (ends === "stays") await answered;
  socket.destroy();
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}

describe.each(Object.keys(served))("the server for %s", (name) => {
  let child: ChildProcess;
  let port: number;
  let complaints = "";

  beforeAll(async () => {
    child = spawn(process.execPath, [join(directory, `serve-${name}.mjs`)], {
      env: { ...process.env, OSS_KEY_ID: "LTAI-server", OSS_KEY_SECRET: "secret-of-the-server" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr?.on("data", (text) => {
      complaints += text;
    });
    if (child.stdout === null) throw new Error("no output");
    const [line] = await once(child.stdout, "data");
    port = Number(line);
  });
  afterAll(() => {
    child.kill();
  });

  test.each(names)("is asked with %s: refuses, and signs the next honest request", async (what) => {
    const [, bytes, ends] = requests.find(([name]) => name === what) as (typeof requests)[number];
    const status = await statusOf(port, bytes, ends);

    // A connection that ends without an answer is one, too: Node's parser and a broken-off body have no other.
    expect(status === undefined || (status >= 400 && status < 500), `it answered ${status}`).toBe(true);
    expect(await statusOf(port, honest, "stays")).toBe(200);
    expect({ exit: child.exitCode, complaints }).toEqual({ exit: null, complaints: "" });
  });
});
