/** Computes signature V4. Pure. Header values are Latin-1 strings, one char per byte, as Node gives them. */
import { createHash, createHmac } from "node:crypto";
import { byByte, encodePath, encodeStrictly } from "./encoding.js";

export const algorithmV4 = "OSS4-HMAC-SHA256";
export const unsignedPayload = "UNSIGNED-PAYLOAD";

/** The parts of a request that either signature version covers. */
export interface SignableRequest {
  readonly method: string;
  /** Undefined for ListBuckets. */
  readonly bucket: string | undefined;
  /** Undefined for an operation on the whole bucket. */
  readonly key: string | undefined;
  /** Decoded names and values, in any order. */
  readonly query: readonly (readonly [string, string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The pieces of `date/region/product/aliyun_v4_request`. */
export interface Scope {
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly product: string;
}

function isAlwaysSigned(name: string): boolean {
  return name === "content-type" || name === "content-md5" || name.startsWith("x-oss-");
}

/** The names of the additional headers that are signed: those that are there and not always signed, in lower case, each once, sorted by bytes. */
export function additionalHeaders(names: readonly string[], headers: SignableRequest["headers"]): readonly string[] {
  const wanted = names.map((name) => name.trim().toLowerCase());
  return [...new Set(wanted)].filter((name) => !isAlwaysSigned(name) && (headers[name] ?? "") !== "").sort(byByte);
}

/** The query without `x-oss-signature`, sorted by encoded name. A name with an empty value has no `=`. */
export function canonicalQuery(query: SignableRequest["query"]): string {
  return query
    .filter(([name]) => name !== "x-oss-signature")
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a, aValue], [b, bValue]) => byByte(a, b) || byByte(aValue, bValue))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join("&");
}

/** The canonical request, which has six fields. @param additional the result of `additionalHeaders` */
export function canonicalRequest(request: SignableRequest, additional: readonly string[]): string {
  const bucket = request.bucket === undefined ? "" : `${request.bucket}/`;
  const names = [...Object.keys(request.headers).filter(isAlwaysSigned), ...additional].sort(byByte);
  return [
    request.method.toUpperCase(),
    encodePath(`/${bucket}${request.key ?? ""}`),
    canonicalQuery(request.query),
    names.map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`).join(""),
    additional.join(";"),
    request.headers["x-oss-content-sha256"] ?? unsignedPayload,
  ].join("\n");
}

export function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/${scope.product}/aliyun_v4_request`;
}

/** The text that is signed. @param timestamp in the form 20250731T000000Z */
export function stringToSignV4(timestamp: string, scope: Scope, canonical: string): string {
  const hash = createHash("sha256").update(canonical, "latin1").digest("hex");
  return [algorithmV4, timestamp, scopeText(scope), hash].join("\n");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function signingKeyV4(secret: string, scope: Scope): Buffer {
  const dated = hmac(`aliyun_v4${secret}`, scope.date);
  return hmac(hmac(hmac(dated, scope.region), scope.product), "aliyun_v4_request");
}

/** @returns lower-case hex */
export function signatureV4(secret: string, scope: Scope, stringToSign: string): string {
  return createHmac("sha256", signingKeyV4(secret, scope)).update(stringToSign, "latin1").digest("hex");
}

/** Reads a time such as 20250731T000000Z. @returns milliseconds since the epoch; undefined for any other text */
export function parseTimestampV4(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Writes milliseconds since the epoch as 20250731T000000Z. */
export function timestampV4(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}
