/** Callbacks are signed as the service signs its own, by a key that the emulator hands out. */
import { generateKeyPairSync, verify } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Emulator } from "../src/index.js";
import { createClient, send } from "./signed-client.js";
import { emulatorWith } from "./world.js";

interface Told {
  readonly url: string;
  readonly body: string;
  readonly signature: string;
  readonly keyUrl: string;
}

async function application(): Promise<{ url: string; told: Told[] }> {
  const told: Told[] = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const { authorization: signature = "", "x-oss-pub-key-url": keyUrl } = request.headers;
    told.push({ url: request.url ?? "", body, signature, keyUrl: String(keyUrl) });
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

/** Stores an object, and waits until the application server was told. */
async function tell(emulator: Emulator, path = "/cb"): Promise<Told | undefined> {
  const { url, told } = await application();
  const callback = { callbackUrl: `${url}${path}`, callbackBody: "文" };
  const encoded = Buffer.from(JSON.stringify(callback)).toString("base64");
  const { status } = await createClient(emulator).put("k", "hello", { "x-oss-callback": encoded });
  expect(status).toBe(200);
  return told[0];
}

const isSigned = (text: string, { signature = "" }: Partial<Told> = {}, publicKey: string) =>
  verify("md5", Buffer.from(text), publicKey, Buffer.from(signature, "base64"));

test.each([
  ["/cb", "/cb"],
  ["/%E6%96%87%20a?q=%20&x", "/文 a?q=%20&x"],
  ["/%ff", "/%ff"],
])("a call to %s is signed over the decoded path, the query and the body", async (path, signed) => {
  const emulator = await emulatorWith();

  const told = await tell(emulator, path);

  expect(told?.url).toBe(path);
  expect(isSigned(`${signed}\n文`, told, emulator.callbackPublicKey)).toBe(true);
  expect(isSigned(`${signed}\n文 `, told, emulator.callbackPublicKey)).toBe(false);
});

test("the call names where the key is, and the control API hands it out there", async () => {
  const emulator = await emulatorWith({ control: true });

  const told = await tell(emulator);

  const keyUrl = Buffer.from(told?.keyUrl ?? "", "base64").toString();
  expect(keyUrl).toBe(`${emulator.endpoint}/_emulator/callback-key`);
  const { status, text } = await send(emulator.port, { method: "GET", path: "/_emulator/callback-key" });
  expect([status, text]).toEqual([200, emulator.callbackPublicKey]);
  expect(isSigned("/cb\n文", told, text)).toBe(true);
});

test("each emulator has a key of its own, unless it is given one", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 512 });
  const emulators = await Promise.all([
    emulatorWith(),
    emulatorWith(),
    emulatorWith({ callbackKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() }),
  ]);

  const keys = emulators.map(({ callbackPublicKey }) => callbackPublicKey);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe(publicKey.export({ type: "spki", format: "pem" }));
});

test.each([
  ["no key", "secret words"],
  [
    "a key of elliptic curves",
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
])("%s is refused at the start, and not quoted", async (_, callbackKey) => {
  const failure = await emulatorWith({ callbackKey }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(TypeError);
  expect(String(failure)).toBe("TypeError: callbackKey is not the PEM of a private RSA key");
});
