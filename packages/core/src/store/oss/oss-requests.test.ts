import { describe, expect, test } from "vitest";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type { ETag, MultipartUpload, UploadId } from "../object-store.js";
import {
  abortRequest,
  completeRequest,
  headRequest,
  initiateRequest,
  listPartsRequest,
  putObjectRequest,
  putPartRequest,
} from "./oss-requests.js";

const upload: MultipartUpload = { key: "a", id: "U" as UploadId, trafficLimit: 819_200 };
const digest = { md5: new Uint8Array(16), crc64: 0n, size: 3 };
const md5Header = { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" };
const octets = { "content-type": "application/octet-stream" };
const part = { number: 7, size: 3, etag: "A&B<" as ETag, crc64: undefined };
const bytes = new Blob(["abc"], { type: "text/plain" });

describe("a request", () => {
  test.each<[BucketRequest, string, Record<string, string>, Record<string, string>]>([
    [
      putObjectRequest({ key: "a", trafficLimit: 819_200 }, bytes, digest),
      "PUT",
      {},
      { ...octets, ...md5Header, "x-oss-traffic-limit": "819200" },
    ],
    [initiateRequest({ key: "a" }), "POST", { uploads: "", "encoding-type": "url" }, octets],
    [
      putPartRequest(upload, 7, bytes, digest),
      "PUT",
      { partNumber: "7", uploadId: "U" },
      { ...md5Header, "x-oss-traffic-limit": "819200" },
    ],
    [listPartsRequest(upload, 0, 1000), "GET", { uploadId: "U", "max-parts": "1000", "encoding-type": "url" }, {}],
    [
      listPartsRequest(upload, 7, 1),
      "GET",
      { uploadId: "U", "max-parts": "1", "encoding-type": "url", "part-number-marker": "7" },
      {},
    ],
    [
      completeRequest(upload, [part], {}),
      "POST",
      { uploadId: "U", "encoding-type": "url" },
      { "content-type": "application/xml" },
    ],
    [abortRequest(upload), "DELETE", { uploadId: "U" }, {}],
    [headRequest("a"), "HEAD", {}, {}],
  ])("of $action asks as the service documents it", (request, method, query, headers) => {
    expect(request).toMatchObject({ key: "a", method });
    expect(request.query).toEqual(query);
    expect(request.headers).toEqual(headers);
  });

  test("without an MD5 has no Content-MD5", () => {
    expect(putPartRequest({ ...upload }, 7, bytes, { ...digest, md5: undefined }).headers).not.toHaveProperty(
      "content-md5",
    );
  });

  test("of a part has a body without a type: browsers would add a Content-Type that is not signed", () => {
    const { body } = putPartRequest(upload, 7, bytes, digest);

    expect(body).toMatchObject({ type: "", size: 3 });
  });

  test("of a whole object names its Content-Type itself: browsers then leave the body's alone", () => {
    const { body, headers } = putObjectRequest({ key: "a" }, bytes, digest);

    expect(body).toBe(bytes);
    expect(headers["content-type"]).toBe("application/octet-stream");
  });

  test("of CompleteMultipartUpload names the parts in XML, as bytes", () => {
    const { body } = completeRequest(upload, [part, { ...part, number: 8, etag: "C" as ETag }], {});

    expect(new TextDecoder().decode(body as Uint8Array)).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>7</PartNumber><ETag>"A&amp;B&lt;"</ETag></Part>' +
        '<Part><PartNumber>8</PartNumber><ETag>"C"</ETag></Part></CompleteMultipartUpload>',
    );
  });

  test("has longer for an answer to a part than to a question, and minutes for joining them", () => {
    const patience = [headRequest("a"), putPartRequest(upload, 7, bytes, digest), completeRequest(upload, [part], {})];

    expect(patience.map((request) => request.answerTimeoutMs)).toEqual([30_000, 60_000, 600_000]);
  });
});
