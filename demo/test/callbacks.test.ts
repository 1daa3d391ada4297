/** The demo's server believes the store's callbacks, and no others. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { presign } from "@ossicle/core/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Demo, startDemo } from "../server/start-demo.js";

let directory: string;
let demo: Demo;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ossicle-demo-"));
  demo = await startDemo({ port: 0, storePort: 0, data: join(directory, "objects") });
});

afterAll(async () => {
  await demo.close();
  await rm(directory, { recursive: true, force: true });
});

/** Stores five bytes with a callback of that body. @returns the status and what the server answered the store */
async function put(callbackBody: string): Promise<[number, string]> {
  const callbackUrl = new URL("/api/stored?from=test", demo.url).href;
  const callback = btoa(JSON.stringify({ callbackUrl, callbackBody }));
  const headers = { "content-type": "text/plain", "x-oss-callback": callback };
  const place = { bucket: demo.bucket, key: "uploads/a.txt" };
  const [signed] = await presign([{ action: "PutObject", method: "PUT", ...place, query: {}, headers }], {
    ...{ region: "cn-hangzhou", bucket: demo.bucket, endpoint: demo.emulator.endpoint, addressing: "path" },
    credentials: demo.emulator.issueToken({ expiresInMs: 60_000, permissions: ["oss:PutObject"] }),
    allow: ["callback"],
  });
  const answer = await fetch(signed?.url ?? "", { method: "PUT", headers, body: "hello" });
  return [answer.status, await answer.text()];
}

test("a callback of the store is believed, and its answer goes to the page", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the service's own placeholder
  expect(await put("object=${object}")).toEqual([200, '{"stored":"uploads/a.txt","size":5}']);
});

test("one that names an object which is not there is not", async () => {
  const [status, text] = await put("object=uploads%2Fother.txt");

  expect([status, text]).toEqual([203, expect.stringContaining("CallbackFailed")]);
});

test("a call of somebody else is refused", async () => {
  const body = "object=uploads%2Fa.txt";
  const url = new URL("/api/stored", demo.url);

  expect((await fetch(url, { method: "POST", body })).status).toBe(403);
  expect((await fetch(url, { method: "POST", body, headers: { authorization: btoa("x".repeat(128)) } })).status).toBe(
    403,
  );
});
