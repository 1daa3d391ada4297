/** The CORS rule that a bucket needs, in the words of the OSS console. Errors, diagnosis and the documents use it. */

/** Response headers that a page must be able to read. OSS takes no wildcard here. */
export const exposedHeaders: readonly string[] = [
  "ETag",
  "x-oss-request-id",
  "x-oss-hash-crc64ecma",
  "x-oss-version-id",
  "x-oss-ec",
  "x-oss-err",
  "x-oss-qos-delay-time",
  "Retry-After",
  "Date",
];

/** @param origin of the page. Default: this page's, if there is a page. @returns a whole rule, ready to copy */
export function corsRule(origin: string = globalThis.location?.origin ?? "https://your.site"): string {
  return [
    `AllowedOrigin: ${origin}`,
    "AllowedMethod: PUT, POST, GET, HEAD, DELETE",
    "AllowedHeader: *",
    `ExposeHeader: ${exposedHeaders.join(", ")}`,
    "MaxAgeSeconds: 3600",
  ].join("\n");
}
