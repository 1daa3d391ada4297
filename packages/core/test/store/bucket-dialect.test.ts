/** `store/bucket/` works with another dialect: S3, in a few lines, for its first request and the answers to it. */
import { expect, test } from "vitest";
import { parseXml } from "../../../worker/src/xml.js";
import { readInitiated } from "../../src/store/bucket/answers.js";
import type { BucketRequest } from "../../src/store/bucket/bucket-request.js";
import { bucketCall } from "../../src/store/bucket/call.js";
import type { Dialect } from "../../src/store/bucket/dialect.js";
import { encodeKey } from "../../src/store/bucket/percent-encoding.js";
import { serviceClock } from "../../src/store/bucket/service-clock.js";
import type { HttpRequest, HttpResponse } from "../../src/workers/byte-workers.js";
import { failure } from "../contracts/store-bench.js";
import { memoryWorkers } from "../doubles/memory-workers.js";

const s3: Dialect = {
  service: "S3",
  adapter: "s3Store()",
  requestIdHeader: "x-amz-request-id",
  permissions: {
    PutObject: "s3:PutObject",
    PostObject: "s3:PutObject",
    InitiateMultipartUpload: "s3:PutObject",
    UploadPart: "s3:PutObject",
    CompleteMultipartUpload: "s3:PutObject",
    ListParts: "s3:ListMultipartUploadParts",
    AbortMultipartUpload: "s3:AbortMultipartUpload",
    HeadObject: "s3:GetObject",
  },
  codes: { NoSuchBucket: "not-found", AccessDenied: "forbidden", ExpiredToken: "credentials" },
  corsRule: () => "<CORSRule>",
  hintForHost: () => "",
  grant: (names, bucket) => `Allow ${names} on arn:aws:s3:::${bucket}/*`,
  documentBeside: async () => undefined,
  detailsOf: () => ({}),
  codeBeside: ({ status, code }) => (status === 503 && code === "SlowDown" ? "throttled" : undefined),
  isAboutTime: ({ code }) => code === "RequestTimeTooSkewed",
  mayBeSpurious: () => false,
  asksForCallback: () => false,
  hintFor: (code, { bucket }) => (code === "forbidden" ? `Look at the policy of ${bucket}.` : undefined),
};

const initiate: BucketRequest = {
  action: "InitiateMultipartUpload",
  key: "films/a b.mp4",
  method: "POST",
  query: { uploads: "" },
  headers: {},
  answerTimeoutMs: 30_000,
  good: { status: 200, body: "document" },
};
const listParts: BucketRequest = { ...initiate, action: "ListParts", method: "GET", query: { uploadId: "U" } };

function asked(request: BucketRequest, status: number, body: string, headers: Record<string, string> = {}) {
  const sent: HttpRequest[] = [];
  const xml = parseXml(body);
  const answer: HttpResponse = { status, headers, body, elsewhere: false, ...(xml !== undefined && { xml }) };
  const send = async (http: HttpRequest) => {
    sent.push(http);
    return answer;
  };
  const place = { bucket: "b", urlOf: (key: string) => `https://b.s3.example/${encodeKey(key)}?uploads=` };
  const call = bucketCall({
    dialect: s3,
    place,
    clock: serviceClock(Date.now, 900_000),
    sign: async () => {
      const url = place.urlOf(request.key);
      return { url, headers: { authorization: "AWS4" }, accepted: () => {}, refused: () => "at once" };
    },
    tools: { workers: { ...memoryWorkers(), send }, now: Date.now, stallTimeoutMs: 1000 },
    unreadable: { answered: () => {}, lost: async () => false },
  });
  const { signal } = new AbortController();
  return { sent, done: call(request, { signal }, ({ xml: document }) => readInitiated(document)?.uploadId) };
}
const refusal = (code: string) => `<Error><Code>${code}</Code><Message>It says.</Message></Error>`;

test("the first request of another dialect is signed, sent and understood", async () => {
  const document = "<InitiateMultipartUploadResult><UploadId>U</UploadId></InitiateMultipartUploadResult>";
  const { sent, done } = asked(initiate, 200, document);

  expect(await done).toBe("U");
  expect(sent).toMatchObject([
    { method: "POST", url: "https://b.s3.example/films/a%20b.mp4?uploads=", headers: { authorization: "AWS4" } },
  ]);
});

test.each([
  [
    "by its code",
    initiate,
    403,
    refusal("AccessDenied"),
    { code: "forbidden", action: "s3:PutObject", hint: "Look at the policy of b." },
  ],
  ["by more than its code", initiate, 503, refusal("SlowDown"), { code: "throttled" }],
  [
    "by what the credentials say",
    initiate,
    400,
    refusal("ExpiredToken"),
    { code: "credentials", again: "at once", temporary: true },
  ],
  [
    "as gone, whatever the code of a 404 to an upload id",
    listParts,
    404,
    refusal("NoSuchAnything"),
    { code: "upload-gone" },
  ],
  [
    "as a missing bucket, which is no upload that is gone",
    listParts,
    404,
    refusal("NoSuchBucket"),
    { code: "not-found" },
  ],
  ["as somebody else's", initiate, 502, "<html>proxy</html>", { code: "server", temporary: true }],
])("a refusal in another dialect is understood: %s", async (_, request, status, body, expected) => {
  expect(await failure(asked(request, status, body).done)).toMatchObject({ status, ...expected });
});

test("a refusal without a document is the service's where its own header names the request", async () => {
  const { done } = asked(listParts, 404, "", { "x-amz-request-id": "R1" });

  expect(await failure(done)).toMatchObject({ code: "upload-gone", requestId: "R1" });
});
