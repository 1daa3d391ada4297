/** `presign()` takes objects, not JSON. If an object changes or hides its content while it is read, exactly what was read is signed. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { presign } from "../../src/server/index.js";
import type { SignableRequest } from "../../src/store/bucket/signable-request.js";
import { failure } from "../contracts/object-store.contract.js";
import { account, bucket, type EmulatedStore, emulatedStore } from "../store/oss/emulated.js";
import { ask, list, initiate as openUpload, put } from "./asking.js";

let world: EmulatedStore;
beforeAll(async () => {
  world = await emulatedStore();
});
afterAll(() => world.close());

const key = "videos/1/a.mp4";
const of = (request: SignableRequest): SignableRequest => ({ ...request, bucket, key });
const abort = of({ ...list, action: "AbortMultipartUpload", method: "DELETE", query: { uploadId: "U" } });
const options = () => ({ region: "cn-hangzhou", bucket, endpoint: world.emulator.endpoint, credentials: account });
const sign = async (requests: unknown) => await presign(requests as SignableRequest[], options());

const unlisted = (name: string) => Object.defineProperty({}, name, { value: "U", enumerable: false });
const lying = (name: string) =>
  new Proxy({ [name]: "U" }, { ownKeys: () => [], getOwnPropertyDescriptor: Reflect.getOwnPropertyDescriptor });

test.each<[string, Record<string, string>]>([
  ["cannot be listed", unlisted("uploadId")],
  ["is inherited", Object.create({ uploadId: "U" })],
  ["is there only if asked for", lying("uploadId")],
])("an abort whose upload id %s is not signed as the deletion of the object", async (_what, query) => {
  const [stored] = await sign([of({ ...put, headers: {} })]);
  await fetch(stored?.url ?? "", { method: "PUT", body: new Uint8Array(3) });

  const outcome = await sign([{ ...abort, query }]).catch((error: unknown) => error);
  if (Array.isArray(outcome)) await fetch(outcome[0].url, { method: "DELETE" });

  expect(outcome).toMatchObject({ code: "rejected", message: expect.stringContaining("uploadId") });
  expect(world.emulator.object(bucket, key)?.size).toBe(3);
});

const everywhere = [{ ...put, action: "DeleteObject", bucket: "other-bucket", method: "DELETE" }];
test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["an object", {}],
  ["a text", "PutObject"],
  ["a number of things", { length: 2 ** 32 }],
  ["an object that says itself what is in it", { map: () => everywhere }],
  ["a list with a gap", new Array(2)],
])("%s is refused as no list of requests", async (_what, requests) => {
  expect(await failure(sign(requests))).toMatchObject({
    code: "rejected",
    message: expect.stringContaining("Refused"),
  });
});

test("a list with methods of its own is read by its elements", async () => {
  const requests = Object.assign([of(put)], { map: () => everywhere });

  const [signed] = await sign(requests);

  expect(new URL(signed?.url ?? "").pathname).toBe(`/${bucket}/${key}`);
});

test("a value that changes between two reads is signed as it was checked", async () => {
  let looks = 0;
  const changing = { ...of(put) };
  Object.defineProperty(changing, "key", {
    enumerable: true,
    get: () => (looks++ === 0 ? key : "videos/2/secret.mp4"),
  });

  const [signed] = await sign([changing]);

  expect(new URL(signed?.url ?? "").pathname).toBe(`/${bucket}/${key}`);
});

test.each(["Content-Type", "X-Oss-Meta-A", "x-oss-tagginG"])(
  "a header %s, which a check of the app's own may not know, is not signed by another name",
  async (name) => {
    expect(await failure(sign([of({ ...put, headers: { [name]: "text/html" } })]))).toMatchObject({
      code: "rejected",
      message: expect.stringContaining(name.toLowerCase()),
    });
    expect(await sign([of({ ...put, headers: { [name.toLowerCase()]: "text/html" } })])).toHaveLength(1);
  },
);

test("changing the requests after the check changes nothing that is signed", async () => {
  const batch = [{ ...put, headers: { "content-type": "text/plain" } }, openUpload];
  const honest = await ask(batch);

  const { urls } = await ask(batch, {
    authorize: (_, requests) => {
      Reflect.set(requests, 0, { ...put, key: "videos/2/secret.mp4" });
      Reflect.set(requests[1] ?? {}, "key", "videos/../secret.mp4");
      Reflect.set(requests[1]?.query ?? {}, "acl", "");
      Reflect.set(requests[0]?.headers ?? {}, "x-oss-object-acl", "public-read-write");
      for (const request of requests) Reflect.deleteProperty(request, "query");
      return true;
    },
  });

  const signedOf = (url: string) => url.replace(/x-oss-(date|signature)=[^&]*/g, "");
  expect(urls.map(signedOf)).toEqual(honest.urls.map(signedOf));
});
