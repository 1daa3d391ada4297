/** A line break in a request would sign another header or parameter, which `authorize` never saw. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { createSignHandler } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { account, bucket, type EmulatedStore, emulatedStore } from "../store/oss/emulated.js";

const copySource = `/${bucket}/videos/2/secret.mp4`;
const hidden = `x-oss-copy-source:${copySource}`;
const put: SignableRequest = {
  action: "PutObject",
  method: "PUT",
  bucket,
  key: "videos/1/a.mp4",
  query: {},
  headers: {},
};

let world: EmulatedStore;
beforeAll(async () => {
  world = await emulatedStore();
});
afterAll(() => world.close());

async function sign(request: SignableRequest): Promise<{ readonly status: number; readonly url: string | undefined }> {
  const handler = createSignHandler({
    region: "cn-hangzhou",
    bucket,
    endpoint: world.emulator.endpoint,
    credentials: account,
    allow: ["acl", "callback"],
    authorize: (_, requests) =>
      requests.every(({ key, headers }) => key.startsWith("videos/1/") && !("x-oss-copy-source" in headers)),
  });
  const body = JSON.stringify([request]);
  const answer = await handler(new Request("https://app.example/sign", { method: "POST", body }));
  const signed = await answer.json();
  return { status: answer.status, url: signed[0]?.url };
}

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["the content type", { "content-type": `text/plain\n${hidden}` }, { "content-type": "text/plain" }],
  ["a value of metadata", { "x-oss-meta-a": `b\n${hidden}` }, { "x-oss-meta-a": "b" }],
  ["the ACL", { "x-oss-object-acl": `private\n${hidden}` }, { "x-oss-object-acl": "private" }],
  ["the callback", { "x-oss-callback": `e30=\n${hidden}` }, { "x-oss-callback": "e30=" }],
  ["a tag", { "x-oss-tagging": `a=b\n${hidden}` }, { "x-oss-tagging": "a=b" }],
  ["the name of a header", { "x-oss-meta-a:b\nx-oss-copy-source": copySource }, { "x-oss-meta-a": "b" }],
  ["a name of metadata, by a colon", { "x-oss-meta-a:b": "c" }, { "x-oss-meta-a": "b:c" }],
])("no copy of another user's object is signed by way of %s", async (_place, asked, sent) => {
  const { status, url } = await sign({ ...put, headers: asked });

  // What the attack would do with it: the emulator knows no CopyObject, and says so to whoever signed for one.
  const headers = "x-oss-meta-a:b" in asked ? sent : { ...sent, "x-oss-copy-source": copySource };
  const answer = url === undefined ? undefined : (await fetch(url, { method: "PUT", headers })).status;
  expect({ status, answer }).toEqual({ status: 400, answer: undefined });
});
