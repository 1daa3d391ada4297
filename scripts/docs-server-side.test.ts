/** The server of docs/server-side.md, run as it is written there; what it signs is compared with the vendor's SDK. */

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
  await bundleSamples(directory, ["assume-role", "edge", "node"]);
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
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
