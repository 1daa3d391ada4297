/** Reads documents as the service writes them, with the real parser. */

import { describe, expect, test } from "vitest";
import { parseXml } from "../../../../worker/src/xml.js";
import {
  errorIn,
  readCompleted,
  readErrorDocument,
  readInitiated,
  readPartsPage,
} from "../../../src/store/bucket/answers.js";
import { readETag } from "../../../src/store/bucket/etag.js";
import { ossDialect } from "../../../src/store/oss/oss-dialect.js";
import { listedCrc64, readCrc64 } from "../../../src/store/oss/read-crc64.js";

const xml = (document: string) => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${document}`);

describe("Initiate's answer", () => {
  test("names the upload and, decoded, the key", () => {
    const document = xml(`<InitiateMultipartUploadResult xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
      <EncodingType>url</EncodingType><Bucket>b</Bucket><Key>%E7%9B%AE%2Fa%20b%2Bc</Key>
      <UploadId>0004B9894A22E5B1888A1E29F8236E2D</UploadId></InitiateMultipartUploadResult>`);

    expect(readInitiated(document)).toEqual({ uploadId: "0004B9894A22E5B1888A1E29F8236E2D", key: "目/a b+c" });
  });

  test("without an encoding gives the key as it is", () => {
    const document = xml(
      "<InitiateMultipartUploadResult><Key>a%20b+c</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>",
    );

    expect(readInitiated(document)?.key).toBe("a%20b+c");
  });

  test.each([
    ["another document", "<Error><Code>InternalError</Code></Error>"],
    ["no upload id", "<InitiateMultipartUploadResult><Key>a</Key></InitiateMultipartUploadResult>"],
    ["an empty upload id", "<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>"],
  ])("that is %s names nothing", (_, document) => {
    expect(readInitiated(xml(document))).toBeUndefined();
  });
});

describe("a page of parts", () => {
  const part = (number: number, more = "") =>
    `<Part><PartNumber>${number}</PartNumber><LastModified>2012-02-23T07:01:34.000Z</LastModified>
     <ETag>&quot;3349DC700140D7F86A078484278075A9&quot;</ETag><Size>102400</Size>${more}</Part>`;
  const page = (content: string) => xml(`<ListPartsResult><Bucket>b</Bucket>${content}</ListPartsResult>`);

  test("gives each part its size, its ETag without quotes and its CRC in full", () => {
    const document = page(
      `<IsTruncated>false</IsTruncated>${part(1, "<HashCrc64ecma>18446744073709551615</HashCrc64ecma>")}`,
    );

    expect(readPartsPage(document, listedCrc64)).toEqual({
      parts: [{ number: 1, size: 102_400, etag: "3349DC700140D7F86A078484278075A9", crc64: 18446744073709551615n }],
      next: undefined,
    });
  });

  test("keeps an ETag of digits as text", () => {
    const digits = "12345678901234567890123456789012";
    const document = page(`<Part><PartNumber>1</PartNumber><ETag>${digits}</ETag><Size>1</Size></Part>`);

    expect(readPartsPage(document, listedCrc64)?.parts[0]?.etag).toBe(digits);
  });

  test("may have no part", () => {
    expect(readPartsPage(page("<IsTruncated>false</IsTruncated>"), listedCrc64)).toEqual({
      parts: [],
      next: undefined,
    });
  });

  test("says where the next one begins", () => {
    const content = `<IsTruncated>true</IsTruncated><NextPartNumberMarker>1000</NextPartNumberMarker>${part(1000)}`;

    expect(readPartsPage(page(content), listedCrc64)?.next).toBe(1000);
  });

  test("without a marker goes on after its last part", () => {
    expect(readPartsPage(page(`<IsTruncated>true</IsTruncated>${part(3)}${part(7)}`), listedCrc64)?.next).toBe(7);
  });

  test.each([
    ["has no number", "<Part><ETag>a</ETag><Size>1</Size></Part>"],
    ["has no ETag", "<Part><PartNumber>1</PartNumber><Size>1</Size></Part>"],
    ["has a size that is no number", "<Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>1e3</Size></Part>"],
  ])("whose part %s is not believed at all", (_, content) => {
    expect(readPartsPage(page(content), listedCrc64)).toBeUndefined();
  });
});

describe("Complete's answer", () => {
  test("names the object's ETag", () => {
    const document = xml(`<CompleteMultipartUploadResult><Location>http://b.oss-cn-hangzhou.aliyuncs.com/a</Location>
      <ETag>"B864DB6A936D376F9F8D3ED3BBE540DD-3"</ETag></CompleteMultipartUploadResult>`);

    expect(readCompleted(document)).toEqual({ etag: "B864DB6A936D376F9F8D3ED3BBE540DD-3" });
  });

  test("may leave it empty", () => {
    expect(readCompleted(xml("<CompleteMultipartUploadResult><ETag/></CompleteMultipartUploadResult>"))).toEqual({
      etag: undefined,
    });
  });

  test("after a callback is the application server's", () => {
    expect(readCompleted(parseXml('{"ok":true}'))).toBeUndefined();
  });
});

describe("an error document", () => {
  test("is read with whatever else is in it", () => {
    const document = xml(`<Error><Code>RequestTimeTooSkewed</Code>
      <Message>The difference between the request time and the current time is too large.</Message>
      <RequestId>5F0000000000000000000001</RequestId><HostId>b.oss-cn-hangzhou.aliyuncs.com</HostId>
      <MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>
      <RequestTime>2026-01-01T00:00:00.000Z</RequestTime><ServerTime>2026-01-01T01:00:00.000Z</ServerTime>
      <EC>0002-00000504</EC></Error>`);

    expect({ ...readErrorDocument(document), ...ossDialect.detailsOf(errorIn(document), {}) }).toEqual({
      code: "RequestTimeTooSkewed",
      message: "The difference between the request time and the current time is too large.",
      requestId: "5F0000000000000000000001",
      hostId: "b.oss-cn-hangzhou.aliyuncs.com",
      ec: "0002-00000504",
      serverTimeMs: Date.UTC(2026, 0, 1, 1),
      endpoint: undefined,
    });
  });

  test("is not any other document", () => {
    expect(readErrorDocument(xml("<html><body>502</body></html>"))).toBeUndefined();
    expect(readErrorDocument(undefined)).toBeUndefined();
  });
});

test.each([
  ['"ABC"', "ABC"],
  ['W/"abc"', "abc"],
  ["ABC-3", "ABC-3"],
  ['""', undefined],
  ["", undefined],
  [undefined, undefined],
])("the ETag %j is %j", (given, expected) => {
  expect(readETag(given)).toBe(expected);
});

test.each([
  ["0", 0n],
  ["18446744073709551615", 18446744073709551615n],
  ["18446744073709551616", undefined],
  ["-1", undefined],
  ["0x1", undefined],
  ["", undefined],
  [undefined, undefined],
])("the CRC-64 %j is %s", (given, expected) => {
  expect(readCrc64(given)).toBe(expected);
});
