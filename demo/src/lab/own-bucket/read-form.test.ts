import { describe, expect, test } from "vitest";
import { labEn } from "../../words/lab-en.js";
import { type FormValues, nameOf, readForm } from "./read-form.js";

const now = Date.UTC(2026, 0, 1);
const token = { AccessKeyId: "STS.id", AccessKeySecret: "secret", SecurityToken: "token" };
const good: FormValues = {
  region: "cn-hangzhou",
  bucket: "my-bucket",
  endpoint: "",
  addressing: "",
  auth: "token",
  token: JSON.stringify(token),
  tokenUrl: "",
  signUrl: "",
};
const { errors } = labEn.ownBucket;

function problemsOf(values: Partial<FormValues>, pageUrl = "http://localhost:4700/"): Record<string, string> {
  const read = readForm({ ...good, ...values }, { now, pageUrl });
  if ("target" in read) return {};
  return Object.fromEntries(Object.entries(read.problems).map(([field, problem]) => [field, problem(errors)]));
}

function targetOf(values: Partial<FormValues>) {
  const read = readForm({ ...good, ...values }, { now, pageUrl: "http://localhost:4700/" });
  return "target" in read ? read.target : read.problems;
}

describe("the form", () => {
  test("says at each field what is wrong with it, all at once", () => {
    expect(problemsOf({ region: "", bucket: "", token: "" })).toEqual({
      region: errors.required,
      bucket: errors.required,
      token: errors.required,
    });
    expect(problemsOf({ region: "hangzhou", bucket: "My Bucket", endpoint: "https://a/b", token: "{" })).toEqual({
      region: errors.region,
      bucket: errors.bucket,
      endpoint: errors.endpoint,
      token: errors.json,
    });
  });

  test.each([
    ["my-bucket.oss-cn-hangzhou.aliyuncs.com", errors.endpointBucket],
    ["oss-cn-beijing.aliyuncs.com", errors.endpointRegion],
    ["https://oss-cn-hangzhou.aliyuncs.com/path", errors.endpoint],
  ])("knows what is wrong with the endpoint %s", (endpoint, message) => {
    expect(problemsOf({ endpoint })).toEqual({ endpoint: message });
  });

  test("says that an IP address cannot have a bucket in front of it", () => {
    expect(problemsOf({ endpoint: "http://127.0.0.1:4701", addressing: "virtual-hosted" })).toEqual({
      endpoint: errors.endpointAddress,
    });
  });

  test("does not say that an endpoint is elsewhere when the region is none", () => {
    expect(problemsOf({ region: "x", endpoint: "oss-cn-beijing.aliyuncs.com" })).toEqual({ region: errors.region });
  });

  test("takes http from a page of https only for this machine", () => {
    const page = "https://demo.example/";

    expect(problemsOf({ endpoint: "http://oss-cn-hangzhou.aliyuncs.com" }, page)).toEqual({
      endpoint: errors.insecure,
    });
    expect(problemsOf({ auth: "signUrl", signUrl: "http://a.example/" }, page)).toEqual({ signUrl: errors.insecure });
    expect(problemsOf({ endpoint: "http://127.0.0.1:4701" }, page)).toEqual({});
  });

  test("takes a URL of the page's own site, and no other scheme", () => {
    expect(targetOf({ auth: "signUrl", signUrl: "/api/sign" })).toMatchObject({
      auth: { kind: "signUrl", url: "http://localhost:4700/api/sign" },
    });
    expect(problemsOf({ auth: "tokenUrl", tokenUrl: "javascript:alert(1)" })).toEqual({ tokenUrl: errors.url });
    expect(problemsOf({ auth: "tokenUrl", tokenUrl: "https://" })).toEqual({ tokenUrl: errors.url });
  });

  test("leaves out what was left empty", () => {
    expect(targetOf({})).toEqual({ region: "cn-hangzhou", bucket: "my-bucket", auth: { kind: "token", token } });
  });
});

describe("a token", () => {
  const expiring = { ...token, Expiration: "2026-01-01T01:00:00Z" };

  test.each([
    ["as STS answers it", { RequestId: "1", AssumedRoleUser: {}, Credentials: expiring }],
    ["as its Credentials alone", expiring],
    [
      "in camel case",
      { accessKeyId: "STS.id", accessKeySecret: "secret", securityToken: "token", expiration: "2026-01-01T01:00:00Z" },
    ],
  ])("is taken %s", (_how, value) => {
    expect(targetOf({ token: JSON.stringify(value) })).toMatchObject({ auth: { token: expiring } });
  });

  test.each([
    ["a permanent key", { AccessKeyId: "LTAI", AccessKeySecret: "secret" }, errors.permanent],
    ["one that has ended", { ...token, Expiration: "2025-12-31T23:00:00Z" }, errors.expired],
    ["something else", { message: "hello" }, errors.tokenFields],
    ["null", null, errors.tokenFields],
  ])("is refused when it is %s", (_what, value, message) => {
    expect(problemsOf({ token: JSON.stringify(value) })).toEqual({ token: message });
  });
});

test("a place is called as its endpoint and bucket, and has no secret in its name", () => {
  expect(nameOf({ region: "oss-cn-hangzhou", bucket: "b" })).toBe("https://oss-cn-hangzhou.aliyuncs.com/b");
  expect(nameOf({ region: "cn-hangzhou", bucket: "b", endpoint: "http://127.0.0.1:4701/" })).toBe(
    "http://127.0.0.1:4701/b",
  );
});
