/** OSS signature V4 in headers, for requests without a body. */
import { createHash, createHmac } from "node:crypto";
import type { BucketOptions } from "./place.js";

export interface RequestToSign {
  readonly method: "GET" | "DELETE";
  /** "" for the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

/** @returns the headers to send @see https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4 */
export function signed(request: RequestToSign, options: BucketOptions, at: Date): Record<string, string> {
  const timestamp = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [timestamp.slice(0, 8), options.region, "oss", "aliyun_v4_request"];
  const headers: Record<string, string> = { "x-oss-content-sha256": "UNSIGNED-PAYLOAD", "x-oss-date": timestamp };
  if (options.securityToken !== undefined) headers["x-oss-security-token"] = options.securityToken;
  const canonical = [
    request.method,
    `/${options.bucket}/${encodeKey(request.key)}`,
    queryString(request.query),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    "",
    "",
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const start: string | Buffer = `aliyun_v4${options.accessKeySecret}`;
  const key = scope.reduce<string | Buffer>(
    (secret, piece) => createHmac("sha256", secret).update(piece).digest(),
    start,
  );
  const text = ["OSS4-HMAC-SHA256", timestamp, scope.join("/"), hash].join("\n");
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = [options.accessKeyId, ...scope].join("/");
  return { ...headers, authorization: `OSS4-HMAC-SHA256 Credential=${credential},Signature=${signature}` };
}

/** In byte order of the names, as it is signed and sent. An empty value has no "=". */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => (value === "" ? encode(name) : `${encode(name)}=${encode(value)}`))
    .sort()
    .join("&");
}

export function encodeKey(key: string): string {
  return encode(key).replaceAll("%2F", "/");
}

/** Percent-encoding of RFC 3986: `encodeURIComponent` leaves five characters unencoded that have to be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
