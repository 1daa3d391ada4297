/** Signature V1: the vendor's published vectors, and those of a multipart upload, which its JavaScript SDK has computed too. */
import { describe, expect, test } from "vitest";
import { canonicalResource, signatureV1, stringToSignV1 } from "../src/auth/v1.js";
import type { SignableRequest } from "../src/auth/v4.js";
import { listing, multipart, octets, part } from "./multipart-requests.js";

describe("signature V1", () => {
  const date = "Wed, 28 Dec 2022 10:27:41 GMT";

  test("covers digest, type, date and x-oss headers (V1-H1)", () => {
    const text = stringToSignV1(
      {
        method: "PUT",
        bucket: "examplebucket",
        key: "nelson",
        query: [],
        headers: {
          "content-md5": "eB5eJF1ptWaXm4bijSPyxw==",
          "content-type": "text/html",
          "x-oss-date": date,
          "x-oss-meta-author": "alice",
          "x-oss-meta-magic": "abracadabra",
        },
      },
      date,
    );

    expect(text).toBe(
      `PUT\neB5eJF1ptWaXm4bijSPyxw==\ntext/html\n${date}\nx-oss-date:${date}\n` +
        "x-oss-meta-author:alice\nx-oss-meta-magic:abracadabra\n/examplebucket/nelson",
    );
    expect(signatureV1("sk", text)).toBe("kSHKmLxlyEAKtZPkJhG9bZb5k7M=");
  });

  test("covers only the query names that it knows or is told (V1-H3)", () => {
    const request: SignableRequest = {
      method: "GET",
      bucket: "examplebucket",
      key: undefined,
      query: [
        ["resourceGroup", ""],
        ["non-resousce", "null"],
      ],
      headers: { "x-oss-date": date },
    };

    const text = stringToSignV1(request, date, ["resourceGroup"]);

    expect(canonicalResource(request)).toBe("/examplebucket/");
    expect(signatureV1("sk", text)).toBe("vkQmfuUDyi1uDi3bKt67oemssIs=");
  });

  test("of a URL has the expiry in the date's place (V1-Q1)", () => {
    const text = stringToSignV1(
      { method: "GET", bucket: "bucket", key: "key", query: [["versionId", "versionId"]], headers: {} },
      "1699807420",
    );

    expect(text).toBe("GET\n\n\n1699807420\n/bucket/key?versionId=versionId");
    expect(signatureV1("sk", text)).toBe("dcLTea+Yh9ApirQ8o8dOPqtvJXQ=");
  });

  const secret = "TestSecret0123456789abcdef";
  const sDate = "Thu, 31 Jul 2025 00:00:00 GMT";
  const own = { "x-oss-date": sDate, ...octets };

  test.each([
    [
      "S1 initiate",
      {
        method: "POST",
        ...multipart,
        query: [["uploads", ""]],
        headers: { ...own, "x-oss-meta-a": "1", "x-oss-storage-class": "Standard" },
      },
      sDate,
      "DfggfGdKSyCIDmOMt23h4rvuaHI=",
    ],
    ["S2 part", { method: "PUT", ...multipart, query: part, headers: own }, sDate, "xlMqm5ExN/1Op3OMEpZjG20/cHY="],
    [
      "S4 list parts",
      { method: "GET", ...multipart, query: listing, headers: own },
      sDate,
      "Zw7FxtchxyjQLRy4l6h7/05FMLE=",
    ],
    [
      "presigned part",
      { method: "PUT", ...multipart, query: part, headers: octets },
      "1753923600",
      "vRACM7AE856hNZIpYJT3NJp+FVo=",
    ],
  ] as const satisfies readonly (readonly [string, SignableRequest, string, string])[])(
    "of a multipart upload: %s",
    (_, request, line, signature) => {
      const text = stringToSignV1(request, line);

      expect(signatureV1(secret, text)).toBe(signature);
    },
  );
});
