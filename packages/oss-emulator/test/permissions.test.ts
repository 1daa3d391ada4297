/** Permissions of keys and tokens, policy prefixes, and public objects. */
import { describe, expect, test } from "vitest";
import type { Permission } from "../src/index.js";
import { type Call, createClient, fromToken } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const uploadId = { uploadId: "U" };
const calls: Record<string, Call> = {
  PutObject: { method: "PUT", key: "k", body: "x" },
  InitiateMultipartUpload: { method: "POST", key: "k", query: { uploads: "" } },
  UploadPart: { method: "PUT", key: "k", query: { partNumber: "1", ...uploadId }, body: "x" },
  CompleteMultipartUpload: { method: "POST", key: "k", query: uploadId, body: "<x/>" },
  ListParts: { method: "GET", key: "k", query: uploadId },
  AbortMultipartUpload: { method: "DELETE", key: "k", query: uploadId },
  GetObject: { method: "GET", key: "k" },
  HeadObject: { method: "HEAD", key: "k" },
  DeleteObject: { method: "DELETE", key: "k" },
  ListMultipartUploads: { method: "GET", query: { uploads: "" } },
  ListObjects: { method: "GET" },
  ListObjectsV2: { method: "GET", query: { "list-type": "2" } },
  GetBucketInfo: { method: "GET", query: { bucketInfo: "" } },
  GetBucketLocation: { method: "GET", query: { location: "" } },
};

describe("a key with one permission may run its operations and no others", () => {
  test.each([
    ["oss:PutObject", ["PutObject", "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]],
    ["oss:ListParts", ["ListParts"]],
    ["oss:AbortMultipartUpload", ["AbortMultipartUpload"]],
    ["oss:GetObject", ["GetObject", "HeadObject"]],
    ["oss:DeleteObject", ["DeleteObject"]],
    ["oss:ListMultipartUploads", ["ListMultipartUploads"]],
    ["oss:ListObjects", ["ListObjects", "ListObjectsV2"]],
  ] as const satisfies readonly (readonly [Permission, readonly string[]])[])("%s", async (permission, allowed) => {
    const emulator = await emulatorWith();
    const token = emulator.issueToken({ expiresInMs: 60_000, permissions: [permission] });
    const client = createClient(emulator, fromToken(token));

    const replies = await Promise.all(
      Object.entries(calls).map(async ([name, call]) => [name, (await client.call(call)).status] as const),
    );

    expect(replies.filter(([, status]) => status !== 403).map(([name]) => name)).toEqual(
      Object.keys(calls).filter((name) => (allowed as readonly string[]).includes(name)),
    );
  });
});

test("a refusal is AccessDenied with the service's message", async () => {
  const emulator = await emulatorWith({ accounts: [{ accessKeyId: "a", accessKeySecret: "b", permissions: [] }] });

  const { status, xml } = await createClient(emulator, { accessKeyId: "a", accessKeySecret: "b" }).get("k");

  expect(status).toBe(403);
  expect(xml).toMatchObject({
    Code: "AccessDenied",
    Message: "You have no right to access this object because of bucket acl.",
    EC: "0003-00000001",
  });
});

test("permissions of keys and tokens can change while the emulator runs", async () => {
  const emulator = await emulatorWith();
  const token = emulator.issueToken({ expiresInMs: 60_000 });
  const client = createClient(emulator, fromToken(token));

  const before = await client.put("k", "x");
  emulator.setPermissions(token.AccessKeyId, ["oss:GetObject"]);
  const after = await client.put("k", "x");

  expect([before.status, after.status]).toEqual([200, 403]);
  expect(() => emulator.setPermissions("nobody", [])).toThrow('there is no access key "nobody"');
});

test("a policy prefix confines a token to keys that begin with it", async () => {
  const emulator = await emulatorWith();
  const token = emulator.issueToken({ expiresInMs: 60_000, policyPrefix: "user/7/" });
  const client = createClient(emulator, fromToken(token));

  const replies = [
    await client.put("user/7/a", "x"),
    await client.put("user/77/a", "x"),
    await client.call({ method: "GET", query: { uploads: "" } }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([200, 403, 403]);
});

test("everybody may read public objects and write none", async () => {
  const emulator = await emulatorWith({ buckets: ["demo", { name: "open", acl: "public-read" }] });
  await createClient(emulator).put("private", "x");
  await createClient(emulator).put("shared", "x", { "x-oss-object-acl": "public-read" });
  await createClient(emulator, undefined, "open").put("k", "x");
  await createClient(emulator, undefined, "open").put("hidden", "x", { "x-oss-object-acl": "private" });
  const anonymous = async (method: string, bucket: string, key: string): Promise<number> =>
    (await createClient(emulator).call({ method, bucket, key, sign: "none", body: "" })).status;

  const statuses = [
    await anonymous("GET", "demo", "private"),
    await anonymous("GET", "demo", "shared"),
    await anonymous("GET", "open", "k"),
    await anonymous("HEAD", "open", "k"),
    await anonymous("GET", "open", "hidden"),
    await anonymous("PUT", "open", "k"),
    await anonymous("DELETE", "open", "k"),
  ];

  expect(statuses).toEqual([403, 200, 200, 200, 403, 403, 403]);
});
