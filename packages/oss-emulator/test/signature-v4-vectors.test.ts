/** Signature V4: the vendor's published vectors, and those of a multipart upload, which its JavaScript SDK has computed too. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  additionalHeaders,
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  signatureV4,
  signingKeyV4,
  stringToSignV4,
  timestampV4,
} from "../src/auth/v4.js";
import { listing, multipart, octets, part } from "./multipart-requests.js";

const query = [
  ["param1", "value1"],
  ["+param1", "value3"],
  ["|param1", "value4"],
  ["+param2", ""],
  ["|param2", ""],
  ["param2", ""],
] as const;
const commonHeaders = { "x-oss-head1": "value", abc: "value", zabc: "value", xyz: "value" };
const common: SignableRequest = {
  method: "PUT",
  bucket: "bucket",
  key: "1234+-/123/1.txt",
  query,
  headers: { ...commonHeaders, "content-type": "text/plain" },
};
const payload = { "x-oss-content-sha256": "UNSIGNED-PAYLOAD" };

interface Vector {
  readonly request: SignableRequest;
  readonly timestamp: string;
  readonly additional?: readonly string[];
  readonly region?: string;
  readonly product?: string;
  readonly secret?: string;
}

function sign(vector: Vector) {
  const { request, timestamp, additional = [], region = "cn-hangzhou", product = "oss", secret = "sk" } = vector;
  const scope = { date: timestamp.slice(0, 8), region, product };
  const names = additionalHeaders(additional, request.headers);
  const canonical = canonicalRequest(request, names);
  return {
    canonical,
    names,
    hash: createHash("sha256").update(canonical, "latin1").digest("hex"),
    key: signingKeyV4(secret, scope).toString("hex"),
    signature: signatureV4(secret, scope, stringToSignV4(timestamp, scope, canonical)),
  };
}

function inHeaders(time: number, more: Record<string, string> = {}): { request: SignableRequest; timestamp: string } {
  const timestamp = timestampV4(time * 1000);
  const headers = { ...common.headers, ...payload, "x-oss-date": timestamp, ...more };
  return { request: { ...common, headers }, timestamp };
}

function inUrl(time: number, more: readonly (readonly [string, string])[] = []): Vector {
  const timestamp = timestampV4(time * 1000);
  const signing = [
    ["x-oss-signature-version", "OSS4-HMAC-SHA256"],
    ["x-oss-credential", `ak/${timestamp.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`],
    ["x-oss-date", timestamp],
    ["x-oss-expires", "599"],
    ["x-oss-signature", "not signed"],
  ] as const;
  const headers = { ...commonHeaders, "content-type": "application/octet-stream" };
  return { request: { ...common, headers, query: [...query, ...signing, ...more] }, timestamp };
}

describe("signature V4", () => {
  test("a header signature covers type, x-oss headers and the query by encoded name (V4-H1)", () => {
    const result = sign(inHeaders(1702743657));

    expect(canonicalQuery(query)).toBe("%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2");
    expect(result.canonical).toBe(
      `PUT\n/bucket/1234%2B-/123/1.txt\n${canonicalQuery(query)}\ncontent-type:text/plain\n` +
        "x-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20231216T162057Z\nx-oss-head1:value\n\n\nUNSIGNED-PAYLOAD",
    );
    expect(result).toMatchObject({
      hash: "f4613657f1b108998e8dbd10a1aa5da621dc2c6e02c9ddec0f163664848704c4",
      key: "b412a03b134ebddd720f5167b5de6db66620ebb3b01cff4d49e3ccb09f8de97f",
      signature: "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe",
    });
  });

  test.each([
    ["as they are", ["ZAbc", "abc"]],
    ["with one absent and one always signed", ["x-oss-no-exist", "ZAbc", "x-oss-head1", "abc"]],
  ])("additional headers are signed in lower case and byte order, %s (V4-H3)", (_, additional) => {
    const result = sign({ ...inHeaders(1702747512), additional });

    expect(result.names).toEqual(["abc", "zabc"]);
    expect(result).toMatchObject({
      hash: "16b86004ed2cc3406dd7a13081bd940ef6a5ad49e508da2d4fdf84e8a5dd2145",
      signature: "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
    });
  });

  test("region and product are part of the key (V4-H4)", () => {
    const result = sign({ ...inHeaders(1702743657), region: "cb-123", product: "oss-cloudbox" });

    expect(result).toMatchObject({
      key: "2050b37df4494279f29cb1af160b9123e6a3208413bac32e41fe003432e6a34d",
      signature: "94ce1f12c17d148ea681030275a94449d3357f5b5b21133996eec80af3e08a43",
    });
  });

  test("a security token in the headers is signed (V4-I1)", () => {
    const result = sign({
      ...inHeaders(1702747512, { "x-oss-security-token": "token" }),
      additional: ["ZAbc", "abc"],
    });

    expect(result).toMatchObject({
      hash: "b59cce81095541d4412b51f49c1147ac0e80386172da5a46e4ddc57c2f65462d",
      signature: "203120400fdac93fd2f87640e5071f19de7c4561090e8a5fcffbe7d1ef89e073",
    });
  });

  test("special characters of a key are encoded, its slashes are not (V4-C2)", () => {
    const timestamp = "20221016T091431Z";
    const result = sign({
      timestamp,
      request: {
        method: "PUT",
        bucket: "oss-bucket-test",
        key: "test-sign-V4/-!@#$%^&*()/abcdefjhijklmnoqprstuvwxyz/123456789",
        query: [],
        headers: {
          "x-oss-head1": "value",
          "content-type": "application/octet-stream",
          "x-oss-date": timestamp,
          ...payload,
        },
      },
    });

    expect(result).toMatchObject({
      hash: "7221e4c227789bc6b353ce327af4f8d35ce269913a9809bfc8202cbf33f2715b",
      signature: "5028172a0a3806285979896982bee6e36e915cbf428ee7100a809e1f0ff43b64",
    });
  });

  test("the time may travel in the Date header instead (V4-A1)", () => {
    const { request, timestamp } = inHeaders(1702743657);
    const { "x-oss-date": _, ...headers } = request.headers;

    const result = sign({ request: { ...request, headers: { ...headers, date: timestamp } }, timestamp });

    expect(result.signature).toBe("9efc975fb94480f28a9ab2fcf5b23b4170d83a069838df4e77501d79868bd829");
  });

  test("a URL signature covers the query it adds, but not itself (V4-Q1)", () => {
    const result = sign(inUrl(1702781677));

    expect(result).toMatchObject({
      hash: "48814c11f278d51662015bf2f896b66ca10b6de0187ed8d952e341bbce0aa336",
      key: "0e11d77e422d3484e84ee6b628fdf2a85f3788e1a597f23116b477efb407e94e",
      signature: "a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe",
    });
  });

  test("additional headers of a URL are named in its query (V4-Q3)", () => {
    const vector = inUrl(1702783809, [["x-oss-additional-headers", "abc;zabc"]]);

    const result = sign({ ...vector, additional: ["ZAbc", "abc"] });

    expect(result).toMatchObject({
      hash: "e06541af14a8dc30dd12d3b75557af47f405e37784a76eae1a844c3426777df9",
      signature: "6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7",
    });
  });

  test("a security token in a URL is signed (V4-I2)", () => {
    const vector = inUrl(1702783809, [
      ["x-oss-additional-headers", "abc;zabc"],
      ["x-oss-security-token", "token"],
    ]);

    const result = sign({ ...vector, additional: ["ZAbc", "abc"] });

    expect(result).toMatchObject({
      hash: "543751d1ccad7f8e73fab45152db893ac0913d46c6fcf5bfcaf12147729cb287",
      signature: "2143a96a0e0e02889309ac8f8db57e79ffc275a0c9ebe3af676c8a1ce5635eca",
    });
  });
});

describe("signature V4 of a multipart upload", () => {
  const timestamp = "20250731T000000Z";
  const secret = "TestSecret0123456789abcdef";
  const own = { "x-oss-date": timestamp, ...payload };

  test.each([
    [
      "S1 initiate",
      {
        method: "POST",
        ...multipart,
        query: [["uploads", ""]],
        headers: { ...own, ...octets, "x-oss-meta-a": "1", "x-oss-storage-class": "Standard" },
      },
      "c23787f979f395b674fc01e92f4e680956c7ad23a4d68d9c235b552c09b69d5d",
      "fcc9baa8259af916a653436ec77579d875abeffd790f0905060cc52845abb373",
    ],
    [
      "S2 part",
      { method: "PUT", ...multipart, query: part, headers: { ...own, ...octets } },
      "fc7e421c193cabf449588db57962e8c2160e77e8075aeb192161337c46fca543",
      "8930c0fa7935de15d4a616cae94fe8b5b566832a865ca917be6249c0f1acbeba",
    ],
    [
      "S2n part without a type",
      { method: "PUT", ...multipart, query: part, headers: own },
      "9870172c72e15bac0a870dbeac48432161792c5d219b104b4a59585635557030",
      "6d2bbb47d06e2c0f291f8188b0f5ff7c8e17f511766dfef2fed7a5b26eec9629",
    ],
    [
      "S4 list parts",
      { method: "GET", ...multipart, query: listing, headers: { ...own, ...octets } },
      "ebd1bbb4386eae8e1fea5a8eefcbead4b90530d72a6b19567b93affccea4eafc",
      "dea0e21c3fed306f5625d4d4a9d0a39c8463ce0a0e22813dfd0781441219d6a0",
    ],
    [
      "S7n list uploads",
      {
        method: "GET",
        bucket: "examplebucket",
        key: undefined,
        query: [
          ["uploads", ""],
          ["prefix", "目录/"],
          ["max-uploads", "100"],
          ["encoding-type", "url"],
        ],
        headers: own,
      },
      "e47ac9af9113b7ad756d76d7e624639b56b5789898e63af0c2ab9380bfc02bca",
      "c0da15d980a098778118479f3a0d1231fa92f9e6b7888e4b21e46ce6e4ebdcde",
    ],
  ] as const satisfies readonly (readonly [string, SignableRequest, string, string])[])(
    "%s",
    (_, request, hash, signature) => {
      const result = sign({ request, timestamp, secret });

      expect(result).toMatchObject({
        hash,
        signature,
        key: "02e53faa926728d1fbaea2be21ac92769e143d66cca90303f0ebc4667b53f83c",
      });
    },
  );

  test("S9q presigned part", () => {
    const signing = [
      ["x-oss-signature-version", "OSS4-HMAC-SHA256"],
      ["x-oss-credential", "LTAI5tTESTKEYID/20250731/cn-hangzhou/oss/aliyun_v4_request"],
      ["x-oss-date", timestamp],
      ["x-oss-expires", "3600"],
    ] as const;

    const result = sign({
      request: { method: "PUT", ...multipart, query: [...part, ...signing], headers: {} },
      timestamp,
      secret,
    });

    expect(result.signature).toBe("562fc867c28b08882e972124bf357fe31cee15eb4618d214527897b762f08b0d");
  });
});
