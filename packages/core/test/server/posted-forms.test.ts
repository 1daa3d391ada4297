/** What a form that the application server has signed lets its holder do, and what it does not. */

import { afterEach, expect, test, vi } from "vitest";
import { createSignHandler, type SignedRequest, type SignHandlerOptions } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { account, bucket, bucketForEachTest } from "../store/oss/emulated.js";

const key = "videos/1/目 a+b.txt";
const bytes = new TextEncoder().encode("a small file");
const form: SignableRequest = {
  action: "PostObject",
  method: "POST",
  bucket,
  key,
  query: {},
  headers: { "content-type": "text/plain", "content-length": String(bytes.length), "x-oss-meta-a": "b" },
};

const { world } = bucketForEachTest();
afterEach(() => vi.useRealTimers());

async function ask(requests: readonly SignableRequest[], given: Partial<SignHandlerOptions> = {}) {
  const handler = createSignHandler({
    ...{ region: "cn-hangzhou", bucket, endpoint: world.emulator.endpoint, credentials: account },
    authorize: () => true,
    ...given,
  });
  const body = JSON.stringify(requests);
  const response = await handler(new Request("https://app.example/sign", { method: "POST", body }));
  const answer: { error?: string } & SignedRequest[] = await response.json();
  return { status: response.status, error: answer.error, signed: answer[0] };
}

interface Spoiled {
  readonly fields?: Readonly<Record<string, string>>;
  readonly file?: Uint8Array<ArrayBuffer>;
}

/** Sends the form as a page does. */
async function send(signed: SignedRequest | undefined, { fields = {}, file = bytes }: Spoiled = {}): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...signed?.fields, ...fields })) body.append(name, value);
  body.append("file", new Blob([file]));
  return await fetch(signed?.url ?? "", { method: "POST", body });
}

const stored = () => world.emulator.objects(bucket).map((object) => [object.key, object.size]);
const stating = (headers: Record<string, string>, more: Partial<SignableRequest> = {}): SignableRequest => ({
  ...form,
  ...more,
  headers: { ...form.headers, ...headers },
});

test("a form stores the object that the app has allowed", async () => {
  const before = Date.now();
  const { signed } = await ask([form]);

  const answer = await send(signed);

  expect([answer.status, await answer.text()]).toEqual([200, ""]);
  expect(stored()).toEqual([[key, bytes.length]]);
  expect(world.emulator.object(bucket, key)).toMatchObject({
    headers: { "content-type": "text/plain" },
    metadata: { a: "b" },
  });
  expect(signed?.url).toBe(`${world.emulator.endpoint}/${bucket}/`);
  expect(signed?.headers).toBeUndefined();
  expect(Number(signed?.expiresAt)).toBeGreaterThanOrEqual(before + 299_000);
  expect(Number(signed?.expiresAt)).toBeLessThanOrEqual(Date.now() + 300_000);
});

test("an empty file has a form, too", async () => {
  const { signed } = await ask([stating({ "content-length": "0" })]);

  expect((await send(signed, { file: new Uint8Array(0) })).status).toBe(200);
  expect(stored()).toEqual([[key, 0]]);
});

test.each<[string, Spoiled]>([
  ["of a byte more", { file: new Uint8Array(bytes.length + 1) }],
  ["of a byte less", { file: bytes.slice(1) }],
  ["for another key", { fields: { key: "videos/2/secret.txt" } }],
  ["of another type", { fields: { "x-oss-content-type": "text/html" } }],
  ["with other metadata", { fields: { "x-oss-meta-a": "c" } }],
  ["with an ACL", { fields: { "x-oss-object-acl": "public-read-write" } }],
  ["with a callback", { fields: { callback: btoa('{"callbackUrl":"http://evil.example","callbackBody":"x"}') } }],
  ["with a storage class", { fields: { "x-oss-storage-class": "DeepColdArchive" } }],
  ["with a KMS key", { fields: { "x-oss-server-side-encryption": "KMS" } }],
  ["with tags", { fields: { "x-oss-tagging": "a=b" } }],
  ["with a disposition", { fields: { "Content-Disposition": "inline" } }],
  ["with an encoding", { fields: { "content-encoding": "gzip" } }],
  ["with another end", { fields: { policy: btoa('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}') } }],
  ["that goes elsewhere afterwards", { fields: { success_action_redirect: "https://evil.example" } }],
])("nobody can use it for a file %s", async (_what, spoiled) => {
  const { signed } = await ask([form]);

  const { status } = await send(signed, spoiled);

  expect([400, 403]).toContain(status);
  expect(stored()).toEqual([]);
});

test("what the app allows is a field of the form, and no other value of it passes", async () => {
  const { signed } = await ask([stating({ "x-oss-object-acl": "public-read" })], { allow: ["acl"] });

  expect((await send(signed, { fields: { "x-oss-object-acl": "public-read-write" } })).status).toBe(403);
  expect((await send(signed)).status).toBe(200);
  expect(world.emulator.object(bucket, key)?.acl).toBe("public-read");
});

test("a variable that the callback asks for and the page did not state cannot be added", async () => {
  const callback = { callbackUrl: "http://127.0.0.1:1/", callbackBody: ["user=", "{x:user}"].join("$") };
  const stated = { "x-oss-callback": btoa(JSON.stringify(callback)) };
  const { signed } = await ask([stating(stated)], { allow: ["callback"] });

  expect((await send(signed, { fields: { "x:User": "somebody else" } })).status).toBe(403);
  expect(stored()).toEqual([]);
});

test("a form is good for five minutes, however long the app's URLs are", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 299_000 });
  const { signed } = await ask([form], { expiresInSeconds: 3600 });
  vi.setSystemTime(Date.now() - 3000);
  const { signed: older } = await ask([form], { expiresInSeconds: 3600 });
  vi.useRealTimers();

  expect((await send(older)).status).toBe(403);
  expect((await send(signed)).status).toBe(200);
});

test("an app that wants shorter times gets them, and a form lives no longer than its token", async () => {
  const soon = new Date(Date.now() + 5000);
  const token = { accessKeyId: "STS.a", accessKeySecret: "b", securityToken: "c", expiration: soon };

  const { signed: short } = await ask([form], { expiresInSeconds: 10 });
  const { signed: shorter } = await ask([form], { credentials: token });

  expect(Number(short?.expiresAt)).toBeLessThanOrEqual(Date.now() + 10_000);
  expect(shorter?.expiresAt).toBe(soon.getTime());
});

test("a temporary key of the server signs forms", async () => {
  const token = world.emulator.issueToken({ expiresInMs: 60_000, policyPrefix: "videos/1/" });
  const credentials = {
    accessKeyId: token.AccessKeyId,
    accessKeySecret: token.AccessKeySecret,
    securityToken: token.SecurityToken,
  };

  const { signed } = await ask([form], { credentials });

  expect((await send(signed)).status).toBe(200);
});

test("maxBytes limits forms as it limits URLs", async () => {
  const limit = { maxBytes: bytes.length };

  expect(await ask([form], limit)).toMatchObject({ status: 200 });
  expect(await ask([stating({ "content-length": String(bytes.length + 1) })], limit)).toMatchObject({
    status: 413,
    signed: undefined,
  });
});

test.each<[string, SignableRequest, number]>([
  ["as a PUT", { ...form, method: "PUT" }, 400],
  ["for another bucket", { ...form, bucket: "other" }, 403],
  ["with a parameter", { ...form, query: { acl: "" } }, 400],
  ["for a key with a variable", { ...form, key: ["videos/1/", "{filename}"].join("$") }, 400],
  ["for a key with a line break", { ...form, key: "videos/1/a\r\nb" }, 400],
  ["for no key", { ...form, key: "" }, 400],
  ["without a size", { ...form, headers: { "content-type": "a/b" } }, 400],
  ["without a type", { ...form, headers: { "content-length": "1" } }, 400],
  ["with an ACL", stating({ "x-oss-object-acl": "private" }), 400],
  ["with a callback", stating({ "x-oss-callback": "e30=" }), 400],
  ["with tags", stating({ "x-oss-tagging": "a=b" }), 400],
  ["with the field of a form as a header", stating({ "x-oss-content-type": "text/html" }), 400],
  ["with a policy of the page's own", stating({ policy: "e30=" }), 400],
])("a form %s is not signed", async (_what, request, status) => {
  const authorize = vi.fn(() => true);

  const refused = await ask([request], { authorize });

  expect(refused).toMatchObject({ status, signed: undefined });
  expect(authorize).not.toHaveBeenCalled();
});

test("the app sees a form as it sees a PutObject: by the names of headers", async () => {
  const authorize = vi.fn((_: Request, _requests: readonly SignableRequest[]) => false);

  expect(await ask([form], { authorize })).toMatchObject({ status: 403, signed: undefined });

  expect(authorize.mock.calls[0]?.[1]).toEqual([form]);
});

test("a batch may have forms and URLs", async () => {
  const put: SignableRequest = { ...form, action: "PutObject", method: "PUT", headers: {} };
  const handler = createSignHandler({
    ...{ region: "cn-hangzhou", bucket, endpoint: world.emulator.endpoint, credentials: account },
    authorize: () => true,
  });
  const body = JSON.stringify([put, form]);

  const response = await handler(new Request("https://app.example/sign", { method: "POST", body }));

  const [byUrl, byForm] = (await response.json()) as SignedRequest[];
  expect(byUrl?.fields).toBeUndefined();
  expect(byForm?.fields?.key).toBe(key);
});
