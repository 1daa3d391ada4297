/** What each refusal means, of the service and of what stands before it. */
import { describe, expect, test } from "vitest";
import { parseXml } from "../../../../worker/src/xml.js";
import type { StoreAction } from "../../../src/api/trace.js";
import type { UploadErrorCode } from "../../../src/errors.js";
import { codeOf, errorFor, readRefusal } from "../../../src/store/bucket/refusal.js";
import { ossDialect } from "../../../src/store/oss/oss-dialect.js";
import { inThreadWorkers } from "../../doubles/in-thread-workers.js";

const now = Date.UTC(2026, 0, 1);
const asked = { action: "UploadPart" as StoreAction, bucket: "user-files", key: "a.mp4", partNumber: 3 };

function answer(status: number, body: string, headers: Record<string, string> = {}) {
  const xml = parseXml(body);
  return { status, headers, elsewhere: false, body, ...(xml === undefined ? {} : { xml }) };
}
const document = (code: string, message = "It says.", more = "") =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message>` +
  `<RequestId>5F0000000000000000000001</RequestId><HostId>host</HostId>${more}<EC>0042-00000104</EC></Error>`;
const refused = async (status: number, body: string, headers: Record<string, string> = {}) =>
  await readRefusal(ossDialect, answer(status, body, headers), inThreadWorkers(), now);
const html = "<!DOCTYPE html><html><body>nginx</body></html>";

describe("the service's own words", () => {
  test.each<[number, string, UploadErrorCode]>([
    [404, "NoSuchUpload", "upload-gone"],
    [404, "NoSuchBucket", "not-found"],
    [404, "NoSuchKey", "rejected"],
    [409, "FileAlreadyExists", "already-exists"],
    [400, "InvalidDigest", "corrupted"],
    [400, "RequestTimeout", "server"],
    [500, "InternalError", "server"],
    [502, "SomethingNew", "server"],
    [503, "ServiceUnavailable", "server"],
    [503, "UploadTrafficRateLimitExceeded", "throttled"],
    [503, "TotalQpsLimitExceeded", "throttled"],
    [503, "MetaOperationQpsLimitExceeded", "throttled"],
    [503, "ActiveRequestLimitExceeded", "throttled"],
    [503, "CpuLimitExceeded", "throttled"],
    [429, "TooManyRequests", "throttled"],
    [403, "AccessDenied", "forbidden"],
    [403, "AccessForbidden", "forbidden"],
    [403, "SignatureDoesNotMatch", "credentials"],
    [403, "InvalidAccessKeyId", "credentials"],
    [403, "SecurityTokenExpired", "credentials"],
    [403, "InvalidSecurityToken", "credentials"],
    [403, "AccessKeyIdAndSecurityTokenNotMatch", "credentials"],
    [403, "RequestTimeTooSkewed", "credentials"],
    [403, "SecondLevelDomainForbidden", "misconfigured"],
    [203, "CallbackFailed", "callback-failed"],
    [200, "InternalError", "server"],
    [400, "InvalidArgument", "rejected"],
    [400, "InvalidPart", "rejected"],
    [400, "EntityTooSmall", "rejected"],
    [403, "KmsServiceNotEnabled", "rejected"],
    [411, "MissingContentLength", "rejected"],
    [412, "PreconditionFailed", "rejected"],
  ])("%i %s is %s", async (status, code, expected) => {
    expect(codeOf(ossDialect, await refused(status, document(code)))).toBe(expected);
  });

  test.each<[string, number, string, string, UploadErrorCode]>([
    [
      "a signature of another day",
      400,
      "InvalidArgument",
      "Invalid signing date in Authorization header.",
      "credentials",
    ],
    ["a signed URL that came too late", 403, "AccessDenied", "Request has expired.", "credentials"],
    [
      "a bucket of another region",
      403,
      "AccessDenied",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
      "misconfigured",
    ],
  ])("are told apart by their message for %s", async (_, status, code, message, expected) => {
    expect(codeOf(ossDialect, await refused(status, document(code, message)))).toBe(expected);
  });
});

describe("answers that are not the service's", () => {
  test.each<[number, UploadErrorCode]>([
    [502, "server"],
    [503, "server"],
    [504, "server"],
    [403, "server"],
    [404, "server"],
    [302, "server"],
    [429, "throttled"],
    [413, "rejected"],
  ])("with an HTML page and %i are %s", async (status, expected) => {
    expect(codeOf(ossDialect, await refused(status, html))).toBe(expected);
  });

  test.each<[number, UploadErrorCode]>([
    [401, "credentials"],
    [403, "forbidden"],
    [404, "server"],
    [408, "server"],
    [400, "rejected"],
    [500, "server"],
  ])("without a word and %i are %s", async (status, expected) => {
    expect(codeOf(ossDialect, await refused(status, ""))).toBe(expected);
  });
});

describe("a body that something on the way finds too large", () => {
  test.each([
    ["an HTML page", html],
    ["no word", ""],
    ["a document with a code of its own", document("RequestEntityTooLarge")],
  ])("is told by its 413, with %s: smaller bodies may pass, the same one never", async (_, body) => {
    const error = errorFor(ossDialect, asked, await refused(413, body));

    expect(error).toMatchObject({ code: "rejected", temporary: false, resumable: true, tooLarge: "refused" });
    expect(error.hint).toContain("partSize");
    expect(error.with({ attempts: 2 })).toMatchObject({ tooLarge: "refused" });
  });

  test.each([400, 403, 411, 414, 431, 500, 502])("is not what %i says", async (status) => {
    expect(errorFor(ossDialect, asked, await refused(status, html)).tooLarge).toBeUndefined();
  });
});

describe("the error", () => {
  test("holds all that the service said, and names the act, the thing and the answer", async () => {
    const error = errorFor(
      ossDialect,
      asked,
      await refused(404, document("NoSuchUpload"), { "x-oss-request-id": "6F" }),
    );

    expect(error).toMatchObject({
      code: "upload-gone",
      action: "UploadPart",
      partNumber: 3,
      status: 404,
      serverCode: "NoSuchUpload",
      requestId: "6F",
      hostId: "host",
      ec: "0042-00000104",
    });
    expect(error.message).toBe('UploadPart 3 of "a.mp4" was answered 404 NoSuchUpload: It says.');
  });

  test("of an answer without a body is read from its header", async () => {
    const header = Buffer.from(document("NoSuchKey", "目录")).toString("base64");

    const error = errorFor(ossDialect, asked, await refused(404, "", { "x-oss-err": header }));

    expect(error).toMatchObject({ serverCode: "NoSuchKey", requestId: "5F0000000000000000000001" });
    expect(error.message).toContain("目录");
  });

  test.each(["not base64!", Buffer.from("not XML").toString("base64")])("survives the header %j", async (header) => {
    expect(errorFor(ossDialect, asked, await refused(403, "", { "x-oss-err": header }))).toMatchObject({
      code: "forbidden",
    });
  });

  test("holds no part of the documents in which the service repeats what was signed", async () => {
    const extras = "<StringToSign>x-oss-security-token:hush</StringToSign><SignatureProvided>hush</SignatureProvided>";

    const error = errorFor(
      ossDialect,
      asked,
      await refused(403, document("SignatureDoesNotMatch", "It says.", extras)),
    );

    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain("hush");
  });

  test.each<[StoreAction, string]>([
    ["UploadPart", "oss:PutObject"],
    ["InitiateMultipartUpload", "oss:PutObject"],
    ["ListParts", "oss:ListParts"],
    ["AbortMultipartUpload", "oss:AbortMultipartUpload"],
    ["HeadObject", "oss:GetObject"],
  ])(
    "that forbids %s names the missing right %s as its action, and the act in its message",
    async (act, permission) => {
      const error = errorFor(ossDialect, { ...asked, action: act }, await refused(403, document("AccessDenied")));

      expect(error).toMatchObject({ action: permission, hint: expect.stringContaining(`${permission} on`) });
      expect(error.message).toContain(`${act} `);
    },
  );

  test("that forbids names the right that the service says is missing, where it says so", async () => {
    const detail =
      "<AccessDeniedDetail><NoPermissionType>ImplicitDeny</NoPermissionType>" +
      "<AuthAction>oss:PutObjectTagging</AuthAction></AccessDeniedDetail>";

    const error = errorFor(ossDialect, asked, await refused(403, document("AccessDenied", "It says.", detail)));

    expect(error).toMatchObject({
      action: "oss:PutObjectTagging",
      hint: expect.stringContaining("oss:PutObjectTagging on"),
    });
  });

  test("that forbids believes no name that is not one of a right", async () => {
    const detail = "<AccessDeniedDetail><AuthAction>everything, please</AuthAction></AccessDeniedDetail>";

    const error = errorFor(ossDialect, asked, await refused(403, document("AccessDenied", "It says.", detail)));

    expect(error.action).toBe("oss:PutObject");
  });

  const rule = "accounts opened after 2025-03-20";
  const hangzhou = "user-files.oss-cn-hangzhou.aliyuncs.com";
  const refusedAt = async (hostname: string, status: number, body: string) =>
    errorFor(ossDialect, { ...asked, hostname }, await refused(status, body)).hint ?? "";

  test.each([
    ["AccessDenied", document("AccessDenied")],
    ["a code that nobody knows", document("SomethingNew")],
    ["SecondLevelDomainForbidden", document("SecondLevelDomainForbidden")],
    ["no document at all, as after HEAD", ""],
  ])("of a 403 from a mainland default domain names the domain beside the right: %s", async (_, body) => {
    const hint = await refusedAt(hangzhou, 403, body);

    expect(hint).toContain(rule);
    expect(hint).toMatch(/oss:PutObject on|endpoint/);
    expect(hint).toContain('addressing: "cname"');
  });

  test.each<[string, string, number, string]>([
    ["a wrong signature", hangzhou, 403, "SignatureDoesNotMatch"],
    ["an unknown key", hangzhou, 403, "InvalidAccessKeyId"],
    ["an expired token", hangzhou, 403, "SecurityTokenExpired"],
    ["a wrong clock", hangzhou, 403, "RequestTimeTooSkewed"],
    ["another status", hangzhou, 400, "InvalidArgument"],
    ["a bucket that is not there", hangzhou, 404, "NoSuchBucket"],
    ["a bucket in Hong Kong", "user-files.oss-cn-hongkong.aliyuncs.com", 403, "AccessDenied"],
    ["a bucket abroad", "user-files.oss-ap-southeast-1.aliyuncs.com", 403, "AccessDenied"],
    ["the internal endpoint", "user-files.oss-cn-hangzhou-internal.aliyuncs.com", 403, "AccessDenied"],
    ["an accelerated endpoint", "user-files.oss-accelerate.aliyuncs.com", 403, "AccessDenied"],
    ["a domain of one's own", "files.example.com", 403, "AccessDenied"],
    ["a look-alike", "oss-cn-hangzhou.aliyuncs.com.example.com", 403, "AccessDenied"],
  ])("does not speak of domains for %s", async (_, hostname, status, code) => {
    expect(await refusedAt(hostname, status, document(code))).not.toContain(rule);
  });

  test("of a proxy's page does not speak of domains either", async () => {
    expect(await refusedAt(hangzhou, 403, html)).not.toContain(rule);
  });

  test.each([
    "oss-cn-beijing.aliyuncs.com",
    "user-files.oss-cn-shenzhen.aliyuncs.com",
    "user-files.oss-cn-hzfinance.aliyuncs.com",
  ])("holds %s for a default domain on the mainland", async (hostname) => {
    expect(await refusedAt(hostname, 403, document("AccessDenied"))).toContain(rule);
  });

  test("of a bucket elsewhere says where", async () => {
    const message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
    const extras = "<Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint>";

    const error = errorFor(ossDialect, asked, await refused(403, document("AccessDenied", message, extras)));

    expect(error.hint).toContain("oss-cn-beijing.aliyuncs.com");
  });

  test.each<[string, Record<string, string>, number | undefined]>([
    ["x-oss-qos-delay-time in milliseconds", { "x-oss-qos-delay-time": "1500" }, 1500],
    ["Retry-After in seconds", { "retry-after": "7" }, 7000],
    ["Retry-After as a date", { "retry-after": new Date(now + 9000).toUTCString() }, 9000],
    ["Retry-After in the past", { "retry-after": new Date(now - 9000).toUTCString() }, 0],
    ["Retry-After that makes no sense", { "retry-after": "later" }, undefined],
    ["both", { "retry-after": "7", "x-oss-qos-delay-time": "1500" }, 1500],
    ["nothing", {}, undefined],
  ])("says when to come back by %s", async (_, headers, expected) => {
    expect(errorFor(ossDialect, asked, await refused(503, document("CpuLimitExceeded"), headers)).retryAfterMs).toBe(
      expected,
    );
  });

  test.each<[string, string, string, number | undefined]>([
    [
      "the document",
      "<ServerTime>2026-01-01T01:00:00.000Z</ServerTime>",
      "Thu, 01 Jan 2026 02:00:00 GMT",
      now + 3_600_000,
    ],
    ["the Date header", "", "Thu, 01 Jan 2026 02:00:00 GMT", now + 7_200_000],
    ["neither, when the header is from 1970", "", "Thu, 01 Jan 1970 00:00:00 GMT", undefined],
  ])("about a clock takes the service's time from %s", async (_, extras, date, expected) => {
    const refusal = await refused(403, document("RequestTimeTooSkewed", "It says.", extras), { date });

    expect(refusal.serverTimeMs).toBe(expected);
  });

  test("of a 503 under whatever name that says when to come back is about load", async () => {
    expect(codeOf(ossDialect, await refused(503, document("ServiceUnavailable"), { "retry-after": "7" }))).toBe(
      "throttled",
    );
  });
});
