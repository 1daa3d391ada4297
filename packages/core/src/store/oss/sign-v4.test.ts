/** Vectors of the vendor's Go, Python, C#, Swift, C, Android and iOS SDKs; then ali-oss as an oracle on random requests. */
import { createHash } from "node:crypto";
import oracle from "ali-oss/lib/common/signUtils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestToSign } from "./canonical.js";
import { canonicalRequestV4, presignV4, signatureV4, signV4, timestampV4 } from "./sign-v4.js";

const keys = { accessKeyId: "ak", accessKeySecret: "sk" };
const scope = { region: "cn-hangzhou" };
const common: RequestToSign = {
  method: "PUT",
  bucket: "bucket",
  key: "1234+-/123/1.txt",
  query: {
    param1: "value1",
    "+param1": "value3",
    "|param1": "value4",
    "+param2": "",
    "|param2": "",
    param2: "",
  },
  headers: { "x-oss-head1": "value", abc: "value", ZAbc: "value", XYZ: "value", "content-type": "text/plain" },
};
const octets: RequestToSign = { ...common, headers: { ...common.headers, "content-type": "application/octet-stream" } };

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const signatureOf = (headers: Record<string, string>) => headers.authorization?.match(/Signature=(\w+)$/)?.[1];
const withDate = (request: RequestToSign, atMs: number, more: Record<string, string> = {}): RequestToSign => ({
  ...request,
  headers: {
    ...request.headers,
    "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
    "x-oss-date": timestampV4(atMs),
    ...more,
  },
});

describe("the header form", () => {
  test("H1: a plain request", async () => {
    const at = 1702743657_000;

    const headers = await signV4(common, keys, scope, at);

    expect(sha256(canonicalRequestV4(withDate(common, at), []))).toBe(
      "f4613657f1b108998e8dbd10a1aa5da621dc2c6e02c9ddec0f163664848704c4",
    );
    expect(headers).toEqual({
      ...common.headers,
      "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
      "x-oss-date": "20231216T162057Z",
      authorization:
        "OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request," +
        "Signature=e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe",
    });
  });

  test("H1: the canonical request is written out as the vendor writes it", () => {
    expect(canonicalRequestV4(withDate(common, 1702743657_000), [])).toBe(
      "PUT\n/bucket/1234%2B-/123/1.txt\n" +
        "%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2\n" +
        "content-type:text/plain\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20231216T162057Z\n" +
        "x-oss-head1:value\n\n\nUNSIGNED-PAYLOAD",
    );
  });

  test.each([[["ZAbc", "abc"]], [["x-oss-no-exist", "ZAbc", "x-oss-head1", "abc"]]])(
    "H3: with the additional headers %j",
    async (additional) => {
      const headers = await signV4(common, keys, scope, 1702747512_000, additional);

      expect(headers.authorization).toBe(
        "OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,AdditionalHeaders=abc;zabc," +
          "Signature=4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
      );
    },
  );

  test("H4: of a cloud box", async () => {
    const headers = await signV4(common, keys, { region: "cb-123", product: "oss-cloudbox" }, 1702743657_000);

    expect(signatureOf(headers)).toBe("94ce1f12c17d148ea681030275a94449d3357f5b5b21133996eec80af3e08a43");
  });

  test("I1: with a security token", async () => {
    const withToken = { ...keys, securityToken: "token" };

    const headers = await signV4(common, withToken, scope, 1702747512_000, ["ZAbc", "abc"]);

    expect(headers["x-oss-security-token"]).toBe("token");
    expect(signatureOf(headers)).toBe("203120400fdac93fd2f87640e5071f19de7c4561090e8a5fcffbe7d1ef89e073");
  });

  test("C2: a key of special characters", async () => {
    const at = Date.UTC(2022, 9, 16, 9, 14, 31);
    const request: RequestToSign = {
      method: "PUT",
      bucket: "oss-bucket-test",
      key: "test-sign-V4/-!@#$%^&*()/abcdefjhijklmnoqprstuvwxyz/123456789",
      query: {},
      headers: { "x-oss-head1": "value", "content-type": "application/octet-stream" },
    };

    const headers = await signV4(request, keys, scope, at);

    expect(sha256(canonicalRequestV4(withDate(request, at), []))).toBe(
      "7221e4c227789bc6b353ce327af4f8d35ce269913a9809bfc8202cbf33f2715b",
    );
    expect(signatureOf(headers)).toBe("5028172a0a3806285979896982bee6e36e915cbf428ee7100a809e1f0ff43b64");
  });

  test("D1: the documentation's own example, with the length of the body among the additional headers", async () => {
    const request: RequestToSign = {
      ...{ method: "PUT", bucket: "examplebucket", key: "exampleobject", query: {} },
      headers: {
        "content-disposition": "attachment",
        "content-length": "3",
        "content-md5": "ICy5YqxZB1uWSwcVLSNLcA==",
        "content-type": "text/plain",
      },
    };
    const secret = { ...keys, accessKeySecret: "yourAccessKeySecret" };
    const additional = ["content-length", "content-disposition"];

    const headers = await signV4(request, secret, scope, Date.UTC(2025, 3, 11, 6, 41, 24), additional);

    expect(headers.authorization).toContain("AdditionalHeaders=content-disposition;content-length,");
    expect(signatureOf(headers)).toBe("d3694c2dfc5371ee6acd35e88c4871ac95a7ba01d3a2f476768fe61218590097");
  });

  test("A1: a canonical request whose date travels in another header", async () => {
    const headers = { ...common.headers, "x-oss-content-sha256": "UNSIGNED-PAYLOAD", Date: "20231216T162057Z" };

    const canonical = canonicalRequestV4({ ...common, headers }, []);

    expect(await signatureV4(canonical, keys, scope, "20231216T162057Z")).toBe(
      "9efc975fb94480f28a9ab2fcf5b23b4170d83a069838df4e77501d79868bd829",
    );
  });
});

describe("the header form of multipart requests", () => {
  const uploadId = "0004B9894A22E5B1888A1E29F8236E2D";
  const testKeys = { accessKeyId: "LTAI5tTESTKEYID", accessKeySecret: "TestSecret0123456789abcdef" };
  const at = 1753920000_000;
  const octetStream = { "content-type": "application/octet-stream" };
  const base = { bucket: "examplebucket", key: "目录/文件 a+b.bin" };

  test.each<[string, RequestToSign, string, string]>([
    [
      "S1 InitiateMultipartUpload",
      {
        ...base,
        method: "POST",
        query: { uploads: "" },
        headers: { ...octetStream, "x-oss-meta-a": "1", "x-oss-storage-class": "Standard" },
      },
      "c23787f979f395b674fc01e92f4e680956c7ad23a4d68d9c235b552c09b69d5d",
      "fcc9baa8259af916a653436ec77579d875abeffd790f0905060cc52845abb373",
    ],
    [
      "S2 UploadPart",
      { ...base, method: "PUT", query: { partNumber: "1", uploadId }, headers: octetStream },
      "fc7e421c193cabf449588db57962e8c2160e77e8075aeb192161337c46fca543",
      "8930c0fa7935de15d4a616cae94fe8b5b566832a865ca917be6249c0f1acbeba",
    ],
    [
      "S2n UploadPart without a content type",
      { ...base, method: "PUT", query: { partNumber: "1", uploadId }, headers: {} },
      "9870172c72e15bac0a870dbeac48432161792c5d219b104b4a59585635557030",
      "6d2bbb47d06e2c0f291f8188b0f5ff7c8e17f511766dfef2fed7a5b26eec9629",
    ],
    [
      "S4 ListParts",
      {
        ...base,
        method: "GET",
        query: { uploadId, "max-parts": "1000", "part-number-marker": "5", "encoding-type": "url" },
        headers: octetStream,
      },
      "ebd1bbb4386eae8e1fea5a8eefcbead4b90530d72a6b19567b93affccea4eafc",
      "dea0e21c3fed306f5625d4d4a9d0a39c8463ce0a0e22813dfd0781441219d6a0",
    ],
    [
      "S7n ListMultipartUploads on the bucket",
      {
        bucket: "examplebucket",
        key: "",
        method: "GET",
        query: { uploads: "", prefix: "目录/", "max-uploads": "100", "encoding-type": "url" },
        headers: {},
      },
      "e47ac9af9113b7ad756d76d7e624639b56b5789898e63af0c2ab9380bfc02bca",
      "c0da15d980a098778118479f3a0d1231fa92f9e6b7888e4b21e46ce6e4ebdcde",
    ],
  ])("%s", async (_, request, canonicalHash, signature) => {
    const headers = await signV4(request, testKeys, scope, at);

    expect(sha256(canonicalRequestV4(withDate(request, at), []))).toBe(canonicalHash);
    expect(signatureOf(headers)).toBe(signature);
  });

  test("S9q: a presigned UploadPart", async () => {
    const request: RequestToSign = { ...base, method: "PUT", query: { partNumber: "1", uploadId }, headers: {} };

    const query = await presignV4(request, testKeys, scope, at, 3600);

    expect(query["x-oss-signature"]).toBe("562fc867c28b08882e972124bf357fe31cee15eb4618d214527897b762f08b0d");
  });
});

describe("the query form", () => {
  test("Q1: a plain request", async () => {
    const query = await presignV4(octets, keys, scope, 1702781677_000, 599);

    expect(query).toEqual({
      ...common.query,
      "x-oss-credential": "ak/20231217/cn-hangzhou/oss/aliyun_v4_request",
      "x-oss-date": "20231217T025437Z",
      "x-oss-expires": "599",
      "x-oss-signature-version": "OSS4-HMAC-SHA256",
      "x-oss-signature": "a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe",
    });
  });

  test("Q3: with additional headers", async () => {
    const query = await presignV4(octets, keys, scope, 1702783809_000, 599, ["ZAbc", "abc"]);

    expect(query["x-oss-additional-headers"]).toBe("abc;zabc");
    expect(query["x-oss-signature"]).toBe("6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7");
  });

  test("I2: with additional headers and a security token", async () => {
    const withToken = { ...keys, securityToken: "token" };

    const query = await presignV4(octets, withToken, scope, 1702783809_000, 599, ["ZAbc", "abc"]);

    expect(query["x-oss-security-token"]).toBe("token");
    expect(query["x-oss-signature"]).toBe("2143a96a0e0e02889309ac8f8db57e79ffc275a0c9ebe3af676c8a1ce5635eca");
  });
});

describe("beside ali-oss", () => {
  // Lower-case names only: ali-oss sorts a mixed-case query with localeCompare, which the service does not.
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  const value = fc.stringMatching(/^[!-~]([ -~]{0,10}[!-~])?$/);
  // An empty value is `null` to ali-oss: it would write "name=" for "".
  const query = fc.dictionary(name, text);
  const headers = fc.dictionary(
    name.map((rest) => `x-oss-${rest}`),
    value,
  );
  const at = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2039) });

  test("any request gets the same Authorization header", async () => {
    await fc.assert(
      fc.asyncProperty(text, query, headers, value, at, async (key, query, ossHeaders, secret, atMs) => {
        const request: RequestToSign = { method: "PUT", bucket: "bucket-1", key, query, headers: ossHeaders };
        const signing = { accessKeyId: "ak", accessKeySecret: secret, securityToken: "to/ken+=" };

        const signed = await signV4(request, signing, scope, atMs);

        const { authorization, ...sent } = signed;
        const queries = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value || null]));
        const theirs = oracle.authorizationV4(
          "ak",
          secret,
          "cn-hangzhou",
          "PUT",
          { headers: sent, queries },
          "bucket-1",
          key,
        );
        expect(authorization).toBe(theirs);
      }),
      { numRuns: 300 },
    );
  });
});

describe("keys", () => {
  test("signatures of another day are made with that day's key", async () => {
    const before = await signV4(common, keys, scope, Date.UTC(2024, 0, 1, 23, 59, 59));
    const after = await signV4(common, keys, scope, Date.UTC(2024, 0, 2));
    const afresh = await signV4(common, { ...keys }, scope, Date.UTC(2024, 0, 2));

    expect(signatureOf(after)).not.toBe(signatureOf(before));
    expect(after).toEqual(afresh);
  });
});
