/** Vectors of the vendor's Go SDK and requests compared with ali-oss; then ali-oss as an oracle on random requests. */
import oracle from "ali-oss/lib/common/signUtils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestToSign } from "./canonical.js";
import { presignV1, signV1, stringToSignV1 } from "./sign-v1.js";

const keys = { accessKeyId: "ak", accessKeySecret: "sk" };
const at = Date.UTC(2022, 11, 28, 10, 27, 41);
const date = "Wed, 28 Dec 2022 10:27:41 GMT";

describe("the header form", () => {
  const request: RequestToSign = {
    method: "PUT",
    bucket: "examplebucket",
    key: "nelson",
    query: {},
    headers: {
      "Content-MD5": "eB5eJF1ptWaXm4bijSPyxw==",
      "Content-Type": "text/html",
      "x-oss-meta-author": "alice",
      "x-oss-meta-magic": "abracadabra",
    },
  };

  test("H1: an object", async () => {
    const headers = await signV1(request, keys, at);

    expect(headers["x-oss-date"]).toBe(date);
    expect(headers.authorization).toBe("OSS ak:kSHKmLxlyEAKtZPkJhG9bZb5k7M=");
  });

  test("H1: the string to sign is written out as the vendor writes it", () => {
    const withDate = { ...request, headers: { ...request.headers, "x-oss-date": date } };

    expect(stringToSignV1(withDate, date)).toBe(
      "PUT\neB5eJF1ptWaXm4bijSPyxw==\ntext/html\nWed, 28 Dec 2022 10:27:41 GMT\n" +
        "x-oss-date:Wed, 28 Dec 2022 10:27:41 GMT\nx-oss-meta-author:alice\nx-oss-meta-magic:abracadabra\n" +
        "/examplebucket/nelson",
    );
  });

  test("H3: a bucket, with a sub-resource of one's own", () => {
    const bucketRequest: RequestToSign = {
      method: "GET",
      bucket: "examplebucket",
      key: "",
      query: { resourceGroup: "", "non-resousce": "null" },
      headers: { "x-oss-date": date },
    };

    expect(stringToSignV1(bucketRequest, date, ["resourceGroup"])).toBe(
      `GET\n\n\n${date}\nx-oss-date:${date}\n/examplebucket/?resourceGroup`,
    );
  });
});

describe("multipart requests", () => {
  const uploadId = "0004B9894A22E5B1888A1E29F8236E2D";
  const testKeys = { accessKeyId: "LTAI5tTESTKEYID", accessKeySecret: "TestSecret0123456789abcdef" };
  const octetStream = { "content-type": "application/octet-stream" };
  const base = { bucket: "examplebucket", key: "目录/文件 a+b.bin" };

  test.each<[string, RequestToSign, string]>([
    [
      "S1 InitiateMultipartUpload",
      {
        ...base,
        method: "POST",
        query: { uploads: "" },
        headers: { ...octetStream, "x-oss-meta-a": "1", "x-oss-storage-class": "Standard" },
      },
      "DfggfGdKSyCIDmOMt23h4rvuaHI=",
    ],
    [
      "S2 UploadPart",
      { ...base, method: "PUT", query: { partNumber: "1", uploadId }, headers: octetStream },
      "xlMqm5ExN/1Op3OMEpZjG20/cHY=",
    ],
    [
      "S4 ListParts, whose paging is not signed",
      {
        ...base,
        method: "GET",
        query: { uploadId, "max-parts": "1000", "part-number-marker": "5", "encoding-type": "url" },
        headers: octetStream,
      },
      "Zw7FxtchxyjQLRy4l6h7/05FMLE=",
    ],
  ])("%s", async (_, request, signature) => {
    const headers = await signV1(request, testKeys, 1753920000_000);

    expect(headers.authorization).toBe(`OSS LTAI5tTESTKEYID:${signature}`);
  });

  test("a presigned UploadPart", async () => {
    const request: RequestToSign = {
      ...base,
      method: "PUT",
      query: { partNumber: "1", uploadId },
      headers: octetStream,
    };

    const query = await presignV1(request, testKeys, 1753923600);

    expect(query.Signature).toBe("vRACM7AE856hNZIpYJT3NJp+FVo=");
  });
});

describe("the query form", () => {
  test("Q1: a version of an object", async () => {
    const request: RequestToSign = {
      method: "GET",
      bucket: "bucket",
      key: "key",
      query: { versionId: "versionId" },
      headers: {},
    };

    const query = await presignV1(request, keys, 1699807420);

    expect(query).toEqual({
      versionId: "versionId",
      OSSAccessKeyId: "ak",
      Expires: "1699807420",
      Signature: "dcLTea+Yh9ApirQ8o8dOPqtvJXQ=",
    });
  });

  test("a security token is signed, and sent as it is", async () => {
    const request: RequestToSign = { method: "GET", bucket: "bucket", key: "key", query: {}, headers: {} };
    const withToken = { ...keys, securityToken: "to+ken" };

    const query = await presignV1(request, withToken, 1699807420);

    const signedText = "GET\n\n\n1699807420\n/bucket/key?security-token=to+ken";
    expect(query["security-token"]).toBe("to+ken");
    expect(query.Signature).toBe(oracle.computeSignature("sk", signedText));
  });
});

describe("beside ali-oss", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  const value = fc.stringMatching(/^[!-~]([ -~]{0,10}[!-~])?$/);
  const query = fc.record(
    { uploads: fc.constant(""), uploadId: text, partNumber: fc.nat().map(String), symlink: text },
    { requiredKeys: [] },
  );
  const headers = fc.dictionary(
    name.map((rest) => `x-oss-${rest}`),
    value,
  );
  const anyDate = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2039) });

  test("any request gets the same Authorization header", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        query,
        headers,
        value,
        value,
        anyDate,
        async (key, query, ossHeaders, type, secret, atMs) => {
          const allHeaders = { ...ossHeaders, "content-type": type };
          const request: RequestToSign = { method: "PUT", bucket: "bucket-1", key, query, headers: allHeaders };

          const signed = await signV1(request, { accessKeyId: "ak", accessKeySecret: secret }, atMs);

          const { authorization, ...sent } = signed;
          const theirs = oracle.buildCanonicalString("PUT", `/bucket-1/${key}`, { headers: sent, parameters: query });
          expect(authorization).toBe(oracle.authorization("ak", secret, theirs));
        },
      ),
      { numRuns: 300 },
    );
  });
});
