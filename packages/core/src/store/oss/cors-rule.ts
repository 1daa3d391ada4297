/** The one list of what a bucket's CORS rule has to allow, in the words of the OSS console. Used by errors and diagnosis. */

/** Response headers that a page must be able to read: none of them can be a wildcard. */
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

/** A whole rule, ready to be copied. @param origin of the page; default: this page's, where there is one */
export function corsRule(origin: string = globalThis.location?.origin ?? "https://your.site"): string {
  return [
    `AllowedOrigin: ${origin}`,
    "AllowedMethod: PUT, POST, GET, HEAD, DELETE",
    "AllowedHeader: *",
    `ExposeHeader: ${exposedHeaders.join(", ")}`,
    "MaxAgeSeconds: 3600",
  ].join("\n");
}
