/** The server of docs/server-side.md, run as it is written there; what it signs is compared with the vendor's SDK. */

import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { SignableRequest } from "../packages/core/src/store/bucket/signable-request.js";
import { readOssCredentials } from "../packages/core/src/store/oss/oss-credentials.js";
import { blocks, root } from "./docs/documents.js";
import { bundleSamples, document } from "./docs/server-samples.js";

interface AssumeRole {
  assumeRole(wanted: object): Promise<unknown>;
}
interface VendorsSts {
  _getSignature(method: string, parameters: object, secret: string): string;
}

const core = join(root, "packages/core");
const { STS } = createRequire(join(core, "package.json"))("ali-oss") as { STS: new (options: object) => VendorsSts };
const key = { accessKeyId: "LTAI-server", accessKeySecret: "secret-of-the-server" };
const stsAnswer = blocks(document, "json").map((code) => JSON.parse(code))[0];

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "docs-server-side-"));
  await bundleSamples(directory, ["assume-role", "authorize", "edge", "link", "node"]);
  vi.stubEnv("RAM_KEY_ID", key.accessKeyId);
  vi.stubEnv("RAM_KEY_SECRET", key.accessKeySecret);
  vi.stubEnv("UPLOAD_ROLE_ARN", "acs:ram::1:role/uploader");
  vi.stubEnv("OSS_KEY_ID", key.accessKeyId);
  vi.stubEnv("OSS_KEY_SECRET", key.accessKeySecret);
  vi.stubGlobal("userOf", async (request: Request) => request.headers.get("x-user") ?? undefined);
});

afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(directory, { recursive: true });
});

async function sample<T>(name: string): Promise<T> {
  return await import(/* @vite-ignore */ pathToFileURL(join(directory, `${name}.mjs`)).href);
}

/** In place of the STS service: notes what it is asked, and answers as the document says that it does. */
function answerAsSts(asked: URLSearchParams[]): void {
  const real = globalThis.fetch;
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    if (String(url) !== "https://sts.aliyuncs.com") return await real(url, init);
    asked.push(new URLSearchParams(String(init?.body)));
    return Response.json(stsAnswer);
  });
  onTestFinished(() => fetched.mockRestore());
}

const uploadPart: SignableRequest = {
  action: "UploadPart",
  method: "PUT",
  bucket: "user-files",
  key: "videos/42/a.mp4",
  query: { partNumber: "1", uploadId: "0123456789ABCDEF" },
  headers: { "content-length": "8388608" },
};
const signing = (requests: readonly SignableRequest[], user: string) => ({
  method: "POST",
  headers: { "x-user": user, "content-type": "application/json" },
  body: JSON.stringify(requests),
});

describe("the server of the documents", () => {
  test("signs AssumeRole as the vendor's SDK does, whatever is in the policy", async () => {
    const asked: URLSearchParams[] = [];
    answerAsSts(asked);
    const { assumeRole } = await sample<AssumeRole>("assume-role");
    const wanted = {
      ...{ key, roleArn: "acs:ram::1:role/uploader", sessionName: "user-42", durationSeconds: 900 },
      policy: { Resource: "acs:oss:*:*:user-files/视频 (1)!/*'~" },
    };

    await assumeRole(wanted);

    const { Signature, ...parameters } = Object.fromEntries(asked[0] ?? []);
    expect(parameters).toMatchObject({ Action: "AssumeRole", RoleSessionName: "user-42", DurationSeconds: "900" });
    expect(Signature).toBe(new STS(key)._getSignature("POST", parameters, key.accessKeySecret));
  });

  test("hands out an STS answer that the library reads, and nothing to strangers", async () => {
    const asked: URLSearchParams[] = [];
    answerAsSts(asked);
    const { server } = await sample<{ server: Server }>("node");
    const origin = await listening(server);

    const stranger = await fetch(`${origin}/api/sts`);
    const answer = await fetch(`${origin}/api/sts`, { headers: { "x-user": "42" } });
    const token = readOssCredentials(await answer.json(), "credentials", "the answer");

    expect(stranger.status).toBe(401);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.get("Policy")).toContain("user-files/videos/42/*");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(token).toEqual({
      accessKeyId: stsAnswer.Credentials.AccessKeyId,
      accessKeySecret: stsAnswer.Credentials.AccessKeySecret,
      securityToken: stsAnswer.Credentials.SecurityToken,
      expiresAtMs: Date.parse(stsAnswer.Credentials.Expiration),
    });
  });

  test("signs for a user's own keys through Node's kind of request, and for no others", async () => {
    const { server } = await sample<{ server: Server }>("node");
    const origin = await listening(server);

    const own = await fetch(`${origin}/api/sign`, signing([uploadPart], "42"));
    const foreign = await fetch(`${origin}/api/sign`, signing([uploadPart], "421"));
    const [signed] = await own.json();

    expect(new URL(signed.url).pathname).toBe("/videos/42/a.mp4");
    expect(new URL(signed.url).searchParams.get("x-oss-credential")).toMatch(/^LTAI-server\//);
    expect(foreign.status).toBe(403);
  });

  test("signs no more than a file of a size that the server allows, and nothing but a file", async () => {
    const { server } = await sample<{ server: Server }>("node");
    const origin = await listening(server);
    const statusOf = async (headers: Record<string, string>) =>
      (await fetch(`${origin}/api/sign`, signing([{ ...uploadPart, headers }], "42"))).status;

    expect(await statusOf({ "content-length": String(2 ** 40) })).toBe(413);
    expect(await statusOf({})).toBe(413);
    expect(await statusOf({ ...uploadPart.headers, "x-oss-object-acl": "public-read" })).toBe(400);
  });

  test("does the same where a fetch is called", async () => {
    const { default: edge } = await sample<{ default: { fetch(request: Request): Promise<Response> } }>("edge");
    const ask = async (path: string, init: RequestInit) =>
      (await edge.fetch(new Request(`https://app.example${path}`, init))).status;

    expect(await ask("/api/sign", signing([uploadPart], "42"))).toBe(200);
    expect(await ask("/api/sts", {})).toBe(401);
    expect(await ask("/elsewhere", {})).toBe(404);
  });

  test("gives users links to their own objects, and to no others", async () => {
    const { GET } = await sample<{ GET(request: Request): Promise<Response> }>("link");
    const ask = (key: string, user = "42") =>
      GET(new Request(`https://app.example/api/link?key=${encodeURIComponent(key)}`, { headers: { "x-user": user } }));

    const own = await ask("videos/42/a b.mp4");

    expect([own.status, own.headers.get("cache-control")]).toEqual([302, "no-store"]);
    expect(own.headers.get("location")).toMatch(
      /^https:\/\/user-files\.oss-cn-hangzhou\.aliyuncs\.com\/videos\/42\/a%20b\.mp4\?/,
    );
    expect((await ask("videos/421/a.mp4")).status).toBe(403);
    expect((await ask("videos/42/../43/a.mp4")).status).toBe(400);
    expect((await ask("")).status).toBe(403);
  });

  const put: SignableRequest = {
    ...uploadPart,
    action: "PutObject",
    query: {},
    headers: { "content-type": "video/mp4" },
  };
  test.each<[string, boolean, readonly SignableRequest[]]>([
    ["a video of one's own", true, [put]],
    ["its parts", true, [uploadPart, { ...uploadPart, query: { ...uploadPart.query, partNumber: "2" } }]],
    ["somebody else's, behind one's own", false, [put, { ...put, key: "videos/43/a.mp4" }]],
    ["that of a user whose name goes on", false, [{ ...put, key: "videos/421/a.mp4" }]],
    ["a page of HTML", false, [{ ...put, headers: { "content-type": "text/html" } }]],
    ["a video that says more", false, [{ ...put, headers: { "content-type": "video/mp4;x=text/html" } }]],
    ["a file without a type", false, [{ ...put, headers: {} }]],
    ["a begin without a type", false, [{ ...put, action: "InitiateMultipartUpload", headers: {} }]],
  ])("decides about %s: %s", async (_, allowed, requests) => {
    const { authorize } = await sample<{
      authorize(request: Request, requests: readonly SignableRequest[]): Promise<boolean>;
    }>("authorize");
    const request = new Request("https://app.example/api/sign", { headers: { "x-user": "42" } });

    expect(await authorize(request, requests)).toBe(allowed);
    expect(await authorize(new Request("https://app.example/api/sign"), requests)).toBe(false);
  });

  test("believes a signed callback about an object that its own bucket has, and no other", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    vi.stubEnv("OSS_CALLBACK_KEY", publicKey.export({ type: "spki", format: "pem" }).toString());
    const { server } = await sample<{ server: Server }>("node");
    const origin = await listening(server);
    const real = globalThis.fetch;
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
      if (init?.method !== "HEAD") return await real(url, init);
      const isThere = String(url).startsWith("https://user-files.oss-cn-hangzhou.aliyuncs.com/videos/42/a.mp4?");
      return new Response(null, isThere ? { headers: { "content-length": "5" } } : { status: 404 });
    });
    onTestFinished(() => fetched.mockRestore());
    const tell = async (body: string, signed = body) => {
      const authorization = sign("md5", Buffer.from(`/api/stored\n${signed}`), privateKey).toString("base64");
      const answer = await fetch(`${origin}/api/stored`, { method: "POST", body, headers: { authorization } });
      return [answer.status, await answer.json()];
    };

    expect(await tell("object=videos%2F42%2Fa.mp4&size=9")).toEqual([200, { stored: "videos/42/a.mp4", size: 5 }]);
    expect(await tell("object=videos%2F42%2Fb.mp4")).toEqual([404, { error: "there is no such object" }]);
    expect(await tell("object=a%2F..%2Fb")).toEqual([400, { error: expect.stringContaining("the key of HeadObject") }]);
    expect(await tell("object=videos%2F42%2Fa.mp4", "object=b")).toEqual([403, { error: expect.any(String) }]);
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
