/** Links of `presignGet`: signed as Node's crypto signs them, read from an emulator, and ended in time. */
import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type PresignGetOptions, presignGet } from "../../src/server/index.js";
import { digestOf } from "../contracts/object-store.contract.js";
import { MemoryBlob } from "../doubles/memory-file.js";
import { account, bucket, bucketForEachTest } from "../store/oss/emulated.js";
import { keys, region } from "./asking.js";

const at = Date.UTC(2026, 10, 29, 12, 0, 0);
const options: PresignGetOptions = { region, bucket, credentials: keys };

afterEach(() => {
  vi.useRealTimers();
});

/** The signature of a URL as the service's documents describe it, from the URL alone and by another implementation. */
function signatureOf(url: URL, canonicalPath: string, secret: string): string {
  const query = url.search
    .slice(1)
    .split("&")
    .filter((pair) => !pair.startsWith("x-oss-signature="));
  const canonical = ["GET", canonicalPath, [...query].sort().join("&"), "", "", "UNSIGNED-PAYLOAD"].join("\n");
  const date = url.searchParams.get("x-oss-date") ?? "";
  const scope = (url.searchParams.get("x-oss-credential") ?? "").split("/").slice(1);
  const hash = createHash("sha256").update(canonical).digest("hex");
  const signingKey = scope.reduce<string | Buffer>(
    (key, piece) => createHmac("sha256", key).update(piece).digest(),
    `aliyun_v4${secret}`,
  );
  const text = ["OSS4-HMAC-SHA256", date, scope.join("/"), hash].join("\n");
  return createHmac("sha256", signingKey).update(text).digest("hex");
}

describe("the signature is the one that Node's crypto computes", () => {
  test.each<[string, string, string, Partial<PresignGetOptions>, string]>([
    ["the bucket's host", "a/b.txt", "a/b.txt", {}, `https://${bucket}.oss-${region}.aliyuncs.com/a/b.txt`],
    [
      "a key to encode",
      "报 告/(1)+'x'*!~.txt",
      "%E6%8A%A5%20%E5%91%8A/%281%29%2B%27x%27%2A%21~.txt",
      {},
      `https://${bucket}.oss-${region}.aliyuncs.com/%E6%8A%A5%20%E5%91%8A/%281%29%2B%27x%27%2A%21~.txt`,
    ],
    [
      "a domain of its own",
      "k",
      "k",
      { endpoint: "files.example.com", addressing: "cname" },
      "https://files.example.com/k",
    ],
    [
      "path style",
      "k",
      "k",
      { endpoint: "http://127.0.0.1:9000", addressing: "path" },
      `http://127.0.0.1:9000/${bucket}/k`,
    ],
    [
      "a name and a type of the answer",
      "k",
      "k",
      { responseContentDisposition: "attachment; filename*=UTF-8''%E6%8A%A5.pdf", responseContentType: "text/plain" },
      `https://${bucket}.oss-${region}.aliyuncs.com/k`,
    ],
    [
      "a temporary key",
      "k",
      "k",
      { credentials: { accessKeyId: "STS.a", accessKeySecret: "secret", securityToken: "t/+=" } },
      `https://${bucket}.oss-${region}.aliyuncs.com/k`,
    ],
  ])("for %s", async (_, key, encodedKey, more, address) => {
    vi.useFakeTimers({ now: at });

    const { url, expiresAt } = await presignGet(key, { ...options, ...more, expiresInSeconds: 60 });

    const read = new URL(url);
    expect(url.split("?")[0]).toBe(address);
    expect(read.searchParams.get("x-oss-expires")).toBe("60");
    expect(read.searchParams.get("x-oss-date")).toBe("20261129T120000Z");
    // The bucket is signed under every addressing.
    expect(read.searchParams.get("x-oss-signature")).toBe(signatureOf(read, `/${bucket}/${encodedKey}`, "secret"));
    expect(expiresAt).toBe(at + 60_000);
  });
});

test("a link ends with the security token, if that is earlier", async () => {
  vi.useFakeTimers({ now: at });
  const credentials = async () => ({ ...keys, securityToken: "t", expiration: new Date(at + 5000) });

  expect((await presignGet("k", { ...options, credentials })).expiresAt).toBe(at + 5000);
});

test.each<[string, string, Partial<PresignGetOptions>, RegExp]>([
  [
    "a line break in the name",
    "k",
    { responseContentDisposition: "attachment\r\nx: y" },
    /response-content-disposition/,
  ],
  ["a type that no header can carry", "k", { responseContentType: "文" }, /response-content-type/],
  ["no time at all", "k", { expiresInSeconds: 0 }, /expiresInSeconds is 0/],
  ["more than a week", "k", { expiresInSeconds: 604_801 }, /expiresInSeconds is 604801/],
  ["no secret", "k", { credentials: { accessKeyId: "a", accessKeySecret: "" } }, /accessKeySecret is missing/],
])("%s is refused before anything is signed", async (_, key, more, message) => {
  await expect(presignGet(key, { ...options, ...more })).rejects.toMatchObject({
    code: "invalid-option",
    message: expect.stringMatching(message),
  });
});

test.each([
  ["a folder ..", "a/../b"],
  ["nothing in it, which would list the bucket", ""],
  ["a slash at its begin", "/a"],
])("a key with %s, which a user may have sent, is refused as such", async (_, key) => {
  await expect(presignGet(key, options)).rejects.toMatchObject({ code: "rejected", status: 400 });
});

describe("from the store", () => {
  const { world } = bucketForEachTest();
  const key = "报告/a b+c.txt";
  const linkTo = (more: Partial<PresignGetOptions> = {}) =>
    presignGet(key, { ...options, endpoint: world.emulator.endpoint, credentials: account, ...more });

  test("a link gives the object until it ends, and not what its query says otherwise", async () => {
    const call = { signal: new AbortController().signal };
    const bytes = new TextEncoder().encode("hello");
    await world.store.putObject({ key }, new MemoryBlob(bytes), digestOf(bytes), call);
    const { url } = await linkTo();
    const named = await linkTo({
      responseContentDisposition: 'attachment; filename="a b.txt"',
      responseContentType: "text/x",
    });

    const answer = await fetch(url);
    const { headers } = await fetch(named.url);

    expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    expect([headers.get("content-disposition"), headers.get("content-type")]).toEqual([
      'attachment; filename="a b.txt"',
      "text/x",
    ]);
    expect((await fetch(url.replace("a%20b", "a%20c"))).status).toBe(403);
    expect((await fetch(url.replace("x-oss-expires=900", "x-oss-expires=9000"))).status).toBe(403);
    expect((await fetch(`${url}&response-content-type=text%2Fhtml`)).status).toBe(403);
    world.emulator.skewClock(901_000);
    expect((await fetch(url)).status).toBe(403);
  });
});
