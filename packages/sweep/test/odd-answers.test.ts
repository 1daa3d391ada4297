/** Whoever answers in the service's place cannot make the sweep abort anything, nor go on for ever. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sweep } from "../src/index.js";
import { account, bucket } from "./swept-bucket.js";

/** A server that answers every GET so. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const methods: string[] = [];
  const server = http.createServer((request, response) => {
    methods.push(request.method ?? "");
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, methods };
}

const upload = "<Upload><Key>k</Key><UploadId>U</UploadId><Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>";
const list = (content: string, of = bucket) =>
  `<ListMultipartUploadsResult><Bucket>${of}</Bucket><EncodingType>url</EncodingType>${content}</ListMultipartUploadsResult>`;
const whole = (uploads: string) => list(`<IsTruncated>false</IsTruncated>${uploads}`);

test.each<[string, number, string, RegExp, Record<string, string>?]>([
  ["a page of HTML", 200, "<html>Log in</html>", /is no list of uploads/],
  ["nothing", 200, "", /is no list of uploads/],
  ["a list that breaks off", 200, whole(upload).slice(0, -10), /is no list of uploads/],
  [
    "the list of another bucket",
    200,
    list(`<IsTruncated>false</IsTruncated>${upload}`, "other"),
    /is of the bucket other/,
  ],
  ["keys that are not encoded", 200, whole(upload).replace("<EncodingType>url</EncodingType>", ""), /not encoded/],
  ["a key that is no UTF-8", 200, whole(upload.replace("k<", "%ff<")), /no UTF-8/],
  [
    "an upload without an id, which would delete the object",
    200,
    whole(upload.replace("U<", "<")),
    /without key, id or date/,
  ],
  ["an upload without a key", 200, whole(upload.replace("k<", "<")), /without key, id or date/],
  ["an upload without a date", 200, whole(upload.replace("2020", "x")), /without key, id or date/],
  ["an upload that is not closed", 200, whole(upload.replace("</Upload>", "")), /is broken/],
  ["a list without an end", 200, list(upload), /does not say how it goes on/],
  ["a list that goes on nowhere", 200, list(`<IsTruncated>true</IsTruncated>${upload}`), /does not say how it goes on/],
  [
    "a list that goes on where it was",
    200,
    list("<IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>"),
    /does not advance/,
  ],
  ["a redirect", 302, "", /was answered 302/, { location: "https://evil.example/" }],
  ["an error of a proxy", 502, "<html>", /was answered 502/],
])("%s is refused, and nothing is aborted", async (_, status, body, message, headers) => {
  const { endpoint, methods } = await answering(status, body, headers);
  const options = { ...account, bucket, region: "cn-hangzhou", endpoint, olderThanMs: 0, restMs: 1, abort: true };

  await expect(sweep(options)).rejects.toThrow(message);
  expect(new Set(methods)).toEqual(new Set(["GET"]));
  expect(methods.length).toBeLessThan(6);
});
