/** The application server signs the requests of an upload to its bucket, if the app allows them, and nothing else. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UploadError } from "../../src/errors.js";
import { createSignHandler, presign, type SignHandlerOptions } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import type { CallOptions } from "../../src/store/object-store.js";
import { signAt } from "../../src/store/oss/sign-at.js";
import { describeObjectStore, digestOf, failure } from "../contracts/object-store.contract.js";
import { ossNames } from "../contracts/store-dialect.js";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";
import { account, bucket, type EmulatedStore, emulatedStore } from "../store/oss/emulated.js";

/** A store of a page without keys, whose requests a handler signs; `endpoint` is known only when the emulator runs. */
async function signedByApp(options: Partial<SignHandlerOptions> = {}): Promise<EmulatedStore> {
  let endpoint = "";
  const world = await emulatedStore({
    signer: async (requests) => {
      const handler = createSignHandler({
        region: "cn-hangzhou",
        bucket,
        endpoint,
        credentials: async () => account,
        authorize: () => true,
        ...options,
      });
      const answer = await handler(
        new Request("https://app.example/sign", { method: "POST", body: JSON.stringify(requests) }),
      );
      if (answer.status === 400) throw new UploadError("rejected", await answer.text());
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return await answer.json();
    },
  });
  endpoint = world.emulator.endpoint;
  return world;
}

describeObjectStore("ossStore, signed by an application server", ossNames, () => signedByApp());
// Larger than anything that the suite stores: the limit is looked at with each request, and never reached.
describeObjectStore("ossStore, signed by an application server with a limit", ossNames, () =>
  signedByApp({ maxBytes: 2 ** 40, allow: ["acl", "callback", "kms-key", "storage-class"] }),
);

const uploadPart: SignableRequest = {
  action: "UploadPart",
  method: "PUT",
  bucket,
  key: "films/a b+c.bin",
  query: { partNumber: "1", uploadId: "0123456789ABCDEF" },
  headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" },
};
const options = { region: "cn-hangzhou", bucket, endpoint: "http://127.0.0.1:1", credentials: account };

function ask(body: unknown, given: Partial<SignHandlerOptions> = {}, init: RequestInit = {}): Promise<Response> {
  const handler = createSignHandler({ ...options, authorize: () => true, ...given });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return handler(new Request("https://app.example/sign", { method: "POST", body: text, ...init }));
}

describe("the sign handler", () => {
  test("gives URLs that expire, and lets no cache keep them", async () => {
    const before = Date.now();

    const answer = await ask([uploadPart, uploadPart], { expiresInSeconds: 60 });
    const signed = await answer.json();

    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(signed).toHaveLength(2);
    expect(new URL(signed[0].url).searchParams.get("x-oss-expires")).toBe("60");
    expect(signed[0].expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(JSON.stringify(signed)).not.toContain(account.accessKeySecret);
  });

  test("asks the app, which sees whose request it is and what it is about", async () => {
    const seen: unknown[] = [];
    const authorize: SignHandlerOptions["authorize"] = (request, requests) => {
      seen.push(request.headers.get("cookie"), requests);
      return requests.every(({ key }) => key.startsWith("films/"));
    };
    const headers = { cookie: "user=7" };

    const granted = await ask([uploadPart], { authorize }, { headers });
    const refused = await ask([uploadPart, { ...uploadPart, key: "others/x" }], { authorize }, { headers });

    expect([granted.status, refused.status]).toEqual([200, 403]);
    expect(seen.slice(0, 2)).toEqual(["user=7", [uploadPart]]);
  });

  test.each<[string, unknown, number]>([
    ["that is no JSON", "{", 400],
    ["that is no list", {}, 400],
    ["with more than a hundred requests", Array(101).fill(uploadPart), 400],
    ["with an action that is none of an upload", [{ ...uploadPart, action: "DeleteObject", method: "DELETE" }], 400],
    ["whose method is not the action's", [{ ...uploadPart, action: "HeadObject", query: {} }], 400],
    ["that reads another object", [{ ...uploadPart, headers: { "X-Oss-Copy-Source": "/b/secret" } }], 400],
    ["that carries a sub-resource along", [{ ...uploadPart, query: { ...uploadPart.query, acl: "" } }], 400],
    ["that brings a token of its own", [{ ...uploadPart, headers: { "x-oss-security-token": "t" } }], 400],
    ["without an upload id", [{ ...uploadPart, query: { partNumber: "1" } }], 400],
    ["without a key: the bucket itself", [{ ...uploadPart, key: "" }], 400],
    ["for another bucket", [{ ...uploadPart, bucket: "other-bucket" }], 403],
    ["with headers that are not texts", [{ ...uploadPart, headers: { "content-md5": 7 } }], 400],
    ["with an inherited action", [{ ...uploadPart, action: "constructor" }], 400],
    ["that is larger than anything honest", `"${"x".repeat(1_100_000)}"`, 413],
  ])("refuses a batch %s, and says why", async (_what, body, status) => {
    const answer = await ask(body);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
  });

  test("answers only to POST", async () => {
    const handler = createSignHandler({ ...options, authorize: () => true });

    const answer = await handler(new Request("https://app.example/sign"));

    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("throws on what the app's own functions throw", async () => {
    const broken = new Error("the session store is down");

    await expect(ask([uploadPart], { authorize: () => Promise.reject(broken) })).rejects.toBe(broken);
  });
});

describe("presign", () => {
  test.each([0, 604_801, 1.5, Number.NaN])("refuses a life of %s seconds", async (expiresInSeconds) => {
    expect(await failure(presign([uploadPart], { ...options, expiresInSeconds }))).toMatchObject({
      code: "invalid-option",
    });
  });

  test("signs with the key that the environment holds when a batch comes, and refuses to go without", async () => {
    const fromEnvironment = async () => ({
      accessKeyId: process.env.OSS_ACCESS_KEY_ID ?? "",
      accessKeySecret: process.env.OSS_ACCESS_KEY_SECRET ?? "",
    });
    const signer = async () => {
      const [signed] = await presign([uploadPart], { ...options, credentials: fromEnvironment });
      return new URL(signed?.url ?? "").searchParams.get("x-oss-credential")?.split("/")[0];
    };
    vi.stubEnv("OSS_ACCESS_KEY_ID", "of-today").stubEnv("OSS_ACCESS_KEY_SECRET", "secret");

    const today = await signer();
    vi.stubEnv("OSS_ACCESS_KEY_ID", "of-tomorrow");
    const tomorrow = await signer();
    vi.stubEnv("OSS_ACCESS_KEY_ID", undefined);
    const without = await failure(signer());
    vi.unstubAllEnvs();

    expect([today, tomorrow]).toEqual(["of-today", "of-tomorrow"]);
    expect(without).toMatchObject({ code: "invalid-option", message: expect.stringContaining("credentials") });
  });

  test("gives no URL that outlives the token it is signed with", async () => {
    const expiration = new Date(Date.now() + 5_000);

    const [signed] = await presign([uploadPart], {
      ...options,
      credentials: {
        AccessKeyId: "STS.x",
        AccessKeySecret: "s",
        SecurityToken: "t",
        Expiration: expiration.toISOString(),
      },
    });

    expect(signed?.expiresAt).toBe(expiration.getTime());
    expect(signed?.url).toContain("x-oss-security-token=t");
  });
});

describe("a page that asks the sign handler at a URL", () => {
  let world: EmulatedStore;
  const call: CallOptions = { signal: new AbortController().signal };
  const bodies: string[] = [];
  let status = 200;
  const app = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", async () => {
      bodies.push(text);
      const handler = createSignHandler({ ...options, endpoint: world.emulator.endpoint, authorize: () => true });
      const answer = await handler(new Request("http://app/sign", { method: "POST", body: text }));
      response.writeHead(status === 200 ? answer.status : status).end(await answer.text());
    });
  });
  beforeEach(async () => {
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    world = await emulatedStore();
    status = 200;
    bodies.length = 0;
  });
  afterEach(async () => {
    await world.close();
    app.closeAllConnections();
    await new Promise((resolve) => app.close(resolve));
  });
  const address = () => `http://127.0.0.1:${(app.address() as AddressInfo).port}/sign`;

  test("uploads without any key, and asks for what leaves together in one batch", async () => {
    const bytes = seededBytes(300);
    const store = world.connect({ signer: signAt(address()), credentials: undefined } as never);
    const upload = { key: "films/a", id: await store.initiate({ key: "films/a" }, call) };

    await Promise.all(
      [1, 2, 3].map((number) => store.putPart(upload, number, new MemoryBlob(bytes), digestOf(bytes), call)),
    );

    expect(bodies.map((body) => JSON.parse(body).length)).toEqual([1, 3]);
    expect(world.emulator.parts(bucket, upload.id)).toHaveLength(3);
  });

  test("takes a refusal of the app as temporary", async () => {
    status = 503;
    const store = world.connect({ signer: signAt(address()), credentials: undefined } as never);

    expect(await failure(store.initiate({ key: "films/a" }, call))).toMatchObject({
      code: "credentials",
      temporary: true,
    });
  });

  test.each([400, 413])("fails at once, and for good, on an answer %i, whatever sent it", async (refusal) => {
    status = refusal;
    const store = world.connect({ signer: signAt(address()), credentials: undefined } as never);

    expect(await failure(store.initiate({ key: "films/a" }, call))).toMatchObject({
      code: "rejected",
      temporary: false,
      hint: expect.stringContaining("maxBytes"),
    });
    expect(bodies).toHaveLength(1);
  });

  test.each([401, 403])("fails at once, and for good, if the app does not allow the request: %i", async (refusal) => {
    status = refusal;
    const store = world.connect({ signer: signAt(address()), credentials: undefined } as never);

    expect(await failure(store.initiate({ key: "films/a" }, call))).toMatchObject({
      code: "forbidden",
      temporary: false,
      hint: expect.stringContaining("authorize"),
    });
    expect(bodies).toHaveLength(1);
  });
});
