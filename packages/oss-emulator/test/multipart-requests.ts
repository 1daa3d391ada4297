/** Requests of a multipart upload, whose signatures the vendor's JavaScript SDK has computed too. */

export const uploadId = "0004B9894A22E5B1888A1E29F8236E2D";
export const multipart = { bucket: "examplebucket", key: "目录/文件 a+b.bin" };
export const octets = { "content-type": "application/octet-stream" };
export const part = [
  ["partNumber", "1"],
  ["uploadId", uploadId],
] as const;
export const listing = [
  ["uploadId", uploadId],
  ["max-parts", "1000"],
  ["part-number-marker", "5"],
  ["encoding-type", "url"],
] as const;
