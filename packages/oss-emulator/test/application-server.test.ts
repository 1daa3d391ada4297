/** The callback: the request that the application server gets, and the answer that the client gets. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import OSS from "ali-oss";
import { describe, expect, onTestFinished, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { callbackBody } from "../src/operations/callback.js";
import { createClient } from "./signed-client.js";
import { emulatorWith } from "./world.js";

interface Told {
  readonly type: string | undefined;
  readonly host: string | undefined;
  readonly body: string;
}

/** An application server that answers with `status` and `answer`. */
async function application(answer: string, status = 200): Promise<{ url: string; told: Told[] }> {
  const told: Told[] = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    told.push({ type: request.headers["content-type"], host: request.headers.host, body });
    response.writeHead(status, { "content-type": "application/json" }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb`, told };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the service's own placeholders
const form = "b=${bucket}&o=${object}&e=${etag}&s=${size}&m=${mimeType}&mine=${x:mine}&none=${nothing}";
const json = '{"object":${object},"size":${size},"mine":${x:mine}}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the service's own placeholders

describe("a callback", () => {
  test("sends the object's properties as a form, and its answer becomes the client's", async () => {
    const { url, told } = await application('{"ok":true}');
    const client = createClient(await emulatorWith());

    const reply = await client.put("a b/ü", "hello", {
      "content-type": "text/plain",
      "x-oss-callback": encoded({ callbackUrl: url, callbackBody: form, callbackHost: "app.example.test" }),
      "x-oss-callback-var": encoded({ "x:mine": "1 & 2" }),
    });

    expect([reply.status, reply.text, reply.headers["content-type"]]).toEqual([200, '{"ok":true}', "application/json"]);
    expect(reply.headers.etag).toBe('"5D41402ABC4B2A76B9719D911017C592"');
    expect(told).toEqual([
      {
        type: "application/x-www-form-urlencoded",
        host: "app.example.test",
        body: "b=demo&o=a%20b%2F%C3%BC&e=5D41402ABC4B2A76B9719D911017C592&s=5&m=text%2Fplain&mine=1%20%26%202&none=",
      },
    ]);
  });

  test("fills in JSON values, with quotes around texts", () => {
    const body = callbackBody(
      { urls: [], host: undefined, body: json, type: "application/json", variables: { "x:mine": 'say "hi"' } },
      { object: "k", size: 5 },
    );

    expect(JSON.parse(body)).toEqual({ object: "k", size: 5, mine: 'say "hi"' });
  });

  test("after Complete goes to the second address if the first fails, and may come from the query", async () => {
    const failing = await application("no", 500);
    const { url, told } = await application('{"ok":1}');
    const client = createClient(await emulatorWith());
    const uploadId = await client.initiate("k");
    const part = await client.part("k", uploadId, 1, Buffer.from("x"));
    const callback = encoded({
      callbackUrl: `${failing.url};${url}`,
      callbackBody: json,
      callbackBodyType: "application/json",
    });

    const reply = await client.complete("k", uploadId, [[1, part.headers.etag ?? ""]], {
      query: { uploadId, callback },
    });

    expect([reply.status, reply.text]).toEqual([200, '{"ok":1}']);
    expect([failing.told.length, told[0]?.type]).toEqual([1, "application/json"]);
  });

  test.each([
    ["answers 500", () => application("{}", 500)],
    ["answers no JSON", () => application("ok")],
    ["is not on this machine", async () => ({ url: "http://callback.invalid/" })],
    ["is not there", async () => ({ url: "http://127.0.0.1:1/" })],
  ])("whose server %s gives 203, and the object is stored and the upload completed", async (_, start) => {
    const { url } = await start();
    const emulator = await emulatorWith();
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    const part = await client.part("k", uploadId, 1, Buffer.from("x"));

    const reply = await client.complete("k", uploadId, [[1, part.headers.etag ?? ""]], {
      headers: { "x-oss-callback": encoded({ callbackUrl: url, callbackBody: form }) },
    });

    expect([reply.status, reply.xml?.Code, reply.xml?.EC]).toEqual([203, "CallbackFailed", "0007-00000203"]);
    expect(reply.headers.etag).toMatch(/-1"$/);
    expect(reply.headers["content-type"]).toBe("application/xml");
    expect([emulator.object("demo", "k")?.size, emulator.uploads("demo")]).toEqual([1, []]);
  });

  test.each([
    ["not Base64 of JSON", { "x-oss-callback": "bm8=" }],
    ["without a body", { "x-oss-callback": encoded({ callbackUrl: "http://127.0.0.1/" }) }],
    [
      "of an unknown type",
      { "x-oss-callback": encoded({ callbackUrl: "a", callbackBody: "b", callbackBodyType: "text/plain" }) },
    ],
    ["to six addresses", { "x-oss-callback": encoded({ callbackUrl: "a;b;c;d;e;f", callbackBody: "b" }) }],
    ["longer than 5 KB", { "x-oss-callback": encoded({ callbackUrl: "a", callbackBody: "b".repeat(5000) }) }],
    [
      "with a variable in upper case",
      {
        "x-oss-callback": encoded({ callbackUrl: "http://127.0.0.1/", callbackBody: "b" }),
        "x-oss-callback-var": encoded({ "x:Mine": "1" }),
      },
    ],
  ])("%s is refused before anything is stored", async (_, headers) => {
    const emulator = await emulatorWith();

    const { status, xml } = await createClient(emulator).put("k", "x", headers);

    expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
    expect(emulator.object("demo", "k")).toBeUndefined();
  });

  test("in both header and query is refused", async () => {
    const callback = encoded({ callbackUrl: "http://127.0.0.1/", callbackBody: "b" });
    const client = createClient(await emulatorWith());

    const { status } = await client.call({
      method: "PUT",
      key: "k",
      body: "x",
      query: { callback },
      headers: { "x-oss-callback": callback },
    });

    expect(status).toBe(400);
  });

  test.each([false, true])("of the vendor's SDK is made (V4: %s)", async (authorizationV4) => {
    const { url, told } = await application('{"ok":true}');
    const { endpoint } = await emulatorWith();
    const client = new OSS({ ...defaultAccount, bucket: "demo", region: "oss-cn-hangzhou", endpoint, authorizationV4 });

    const { data } = await client.put("k", Buffer.from("x"), {
      callback: { url, body: form, customValue: { mine: "yes" } },
    });

    expect(data).toEqual({ ok: true });
    expect(told[0]?.body).toContain("&mine=yes&");
  });
});
