import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectTarget } from "../object-store.js";
import { decodeMetadata, encodeMetadata } from "./encoded-headers.js";
import { finishHeaders, initiateHeaders, partHeaders, putObjectHeaders } from "./object-headers.js";

const everything: Required<ObjectTarget> = {
  key: "a",
  contentType: "text/plain",
  cacheControl: "max-age=60",
  contentDisposition: "inline",
  contentEncoding: "gzip",
  expires: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)),
  metadata: { Author: "alice", title: "Ein Tag" },
  tags: { project: "a&b", 键: "v=1" },
  acl: "public-read",
  storageClass: "IA",
  encryption: { algorithm: "KMS", kmsKeyId: "key-1" },
  callback: {
    url: ["https://a.example/cb", "https://b.example/cb"],
    host: "a.example",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
    body: "key=${object}&user=${x:user}&名=1",
    contentType: "application/x-www-form-urlencoded",
    sni: true,
    variables: { user: "七" },
  },
  ifExists: "forbid",
  trafficLimit: 1_000_000,
};

const stored = {
  "content-type": "text/plain",
  "cache-control": "max-age=60",
  "content-disposition": "inline",
  "content-encoding": "gzip",
  expires: "Wed, 02 Jan 2030 03:04:05 GMT",
  "x-oss-meta-author": "alice",
  "x-oss-meta-title": "Ein Tag",
  "x-oss-storage-class": "IA",
  "x-oss-server-side-encryption": "KMS",
  "x-oss-server-side-encryption-key-id": "key-1",
  "x-oss-tagging": "project=a%26b&%E9%94%AE=v%3D1",
};
const forbid = { "x-oss-forbid-overwrite": "true" };

const fromBase64 = (text: string | undefined) => JSON.parse(Buffer.from(text ?? "", "base64").toString("utf8"));

describe("the headers of", () => {
  test("Initiate are what is stored with the object, without ACL, callback and traffic limit", () => {
    expect(initiateHeaders(everything)).toEqual({ ...stored, ...forbid });
  });

  test("Complete are what decides when the object appears, without anything that is stored with it", () => {
    expect(finishHeaders(everything)).toEqual({
      ...forbid,
      "x-oss-object-acl": "public-read",
      "x-oss-callback": expect.any(String),
      "x-oss-callback-var": expect.any(String),
    });
  });

  test("PutObject are all of them", () => {
    expect(putObjectHeaders(everything)).toEqual({
      ...initiateHeaders(everything),
      ...finishHeaders(everything),
      "x-oss-traffic-limit": "1000000",
    });
  });

  test("UploadPart are the traffic limit, and nothing without one", () => {
    expect(partHeaders({ trafficLimit: 1_000_000 })).toEqual({ "x-oss-traffic-limit": "1000000" });
    expect(partHeaders({})).toEqual({});
  });

  test.each(["replace", "skip-identical", undefined] as const)(
    "an object with ifExists %s forbid nothing",
    (ifExists) => {
      const target: ObjectTarget = { key: "a", ...(ifExists === undefined ? {} : { ifExists }) };

      expect(putObjectHeaders(target)).toEqual({ "content-type": "application/octet-stream" });
      expect(finishHeaders(target)).toEqual({});
    },
  );
});

test("a callback is JSON in UTF-8 in base64, its variables get their prefix", () => {
  const headers = finishHeaders(everything);

  expect(fromBase64(headers["x-oss-callback"])).toEqual({
    callbackUrl: "https://a.example/cb;https://b.example/cb",
    callbackHost: "a.example",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
    callbackBody: "key=${object}&user=${x:user}&名=1",
    callbackBodyType: "application/x-www-form-urlencoded",
    callbackSNI: true,
  });
  expect(fromBase64(headers["x-oss-callback-var"])).toEqual({ "x:user": "七" });
});

describe("metadata", () => {
  test.each(["plain", "a=b; c", "a+b", ""])(
    "that is printable ASCII without a percent sign is sent as it is: %j",
    (value) => {
      expect(encodeMetadata(value)).toBe(value);
    },
  );

  test.each([
    ["李雷", "%E6%9D%8E%E9%9B%B7"],
    ["100% of it", "100%25%20of%20it"],
    ["%E6%9D%8E", "%25E6%259D%258E"],
    ["100% 雷", "100%25%20%E9%9B%B7"],
    [" blank", "%20blank"],
  ])("that is not is sent percent-encoded: %j", (value, sent) => {
    expect(encodeMetadata(value)).toBe(sent);
  });

  test("is read back as it was given, whatever it is", () => {
    const percents = fc.string({ unit: fc.constantFrom("%", "2", "5", "E", "雷", " ") });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme" }), percents), (value) => {
        const sent = encodeMetadata(value);
        expect(decodeMetadata(sent)).toBe(value);
        expect(sent).toMatch(/^[ -~]*$/);
      }),
    );
  });

  test("that somebody else stored without encoding it is read as it is", () => {
    expect(decodeMetadata("100% of it")).toBe("100% of it");
  });
});
