import { describe, expect, test } from "vitest";
import { ossPlace } from "../oss/addressing.js";
import { readOssCredentials } from "../oss/oss-credentials.js";
import { signV1 } from "../oss/sign-v1.js";
import { signV4 } from "../oss/sign-v4.js";
import { credentialsSource } from "./credentials.js";
import { type SigningTools, signWithCredentials } from "./key-signer.js";
import { serviceClock } from "./service-clock.js";
import type { SignableRequest } from "./signable-request.js";

const start = Date.UTC(2026, 0, 1);
const options = { signal: new AbortController().signal };
const place = ossPlace({ region: "cn-hangzhou", bucket: "user-files" });

function part(number: number): SignableRequest {
  return {
    action: "UploadPart",
    method: "PUT",
    bucket: "user-files",
    key: "目录/a b.bin",
    query: { partNumber: String(number), uploadId: "U+/" },
    headers: { "content-md5": "abc" },
  };
}

describe("a signer that has the keys", () => {
  const signWith = (signature: "v4" | "v1") => {
    const clock = serviceClock(() => start, 900_000);
    const words = { adapter: "ossStore()", read: readOssCredentials };
    const source = credentialsSource({ accessKeyId: "ak", accessKeySecret: "sk" }, words, clock);
    const sign: SigningTools["sign"] = (request, given, atMs) =>
      signature === "v1" ? signV1(request, given, atMs) : signV4(request, given, place, atMs);
    return { clock, sign: signWithCredentials(source, { place, clock, sign }) };
  };

  test.each([
    ["v4", /^OSS4-HMAC-SHA256 Credential=ak\/20260101\/cn-hangzhou\/oss\/aliyun_v4_request,Signature=/],
    ["v1", /^OSS ak:/],
  ] as const)("signs with version %s and leaves the URL free of secrets", async (version, authorization) => {
    const { sign } = signWith(version);

    const { url, headers } = await sign(part(7), options);

    expect(url).toBe(place.urlOf("目录/a b.bin", { partNumber: "7", uploadId: "U+/" }));
    expect(headers).toMatchObject({ "content-md5": "abc", authorization: expect.stringMatching(authorization) });
  });

  test("signs with the service's time once it has been told that its own is wrong", async () => {
    const { sign } = signWith("v4");
    const first = await sign(part(1), options);

    const worthwhile = first.refused({ aboutTime: true, serverTimeMs: start + 3_600_000, refusals: 0 });

    expect(worthwhile).toBe("at once");
    expect((await sign(part(1), options)).headers["x-oss-date"]).toBe("20260101T010000Z");
  });

  test("says of a request signed before another one learnt the time that it is worth another try", async () => {
    const { sign } = signWith("v4");
    const [one, other] = [await sign(part(1), options), await sign(part(2), options)];
    one.refused({ aboutTime: true, serverTimeMs: start + 3_600_000, refusals: 0 });

    expect(other.refused({ aboutTime: true, serverTimeMs: start + 3_600_000, refusals: 0 })).toBe("at once");
  });

  test.each([
    ["the service does not say what time it is", undefined],
    ["the time is the one that was signed with", start + 1000],
  ])("sees no chance in another try when %s", async (_, serverTimeMs) => {
    const { sign } = signWith("v4");

    const call = await sign(part(1), options);

    expect(call.refused({ aboutTime: true, serverTimeMs, refusals: 0 })).toBe("final");
  });
});
