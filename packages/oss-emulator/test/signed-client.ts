/** An HTTP client that signs with the emulator's own functions, so that a test can send requests that no SDK sends. */
import http from "node:http";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { encodePath, encodeStrictly } from "../src/auth/encoding.js";
import { signatureV1, stringToSignV1 } from "../src/auth/v1.js";
import {
  additionalHeaders,
  algorithmV4,
  canonicalRequest,
  scopeText,
  signatureV4,
  stringToSignV4,
  timestampV4,
  unsignedPayload,
} from "../src/auth/v4.js";
import { defaultAccount, type Emulator, type TokenCredentials } from "../src/index.js";

export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface Call {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Default: "v4". */
  readonly sign?: "v4" | "v1" | "v4-url" | "v1-url" | "none";
  readonly agent?: http.Agent;
  /** Milliseconds since the epoch. Default: now. */
  readonly time?: number;
  readonly additional?: readonly string[];
  /** Seconds until a presigned URL expires. Default: 60. */
  readonly expires?: number;
  readonly region?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The children of the root element, all strings; undefined if the body is not complete XML. */
  readonly xml: Readonly<Record<string, string>> | undefined;
}

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true });

function parseXml(text: string): Record<string, string> | undefined {
  if (XMLValidator.validate(text) !== true) return undefined;
  const { "?xml": _, ...document } = parser.parse(text) as Record<string, Record<string, string>>;
  return Object.values(document)[0];
}

export function fromToken(token: TokenCredentials): Credentials {
  const { AccessKeyId, AccessKeySecret, SecurityToken } = token;
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
}

/** Signs a call. @returns its URL and headers */
export function signed(call: Call, credentials: Credentials): { path: string; headers: Record<string, string> } {
  const { method, bucket, key, sign = "v4", time = Date.now(), expires = 60, region = "cn-hangzhou" } = call;
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const query: Record<string, string> = { ...call.query };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.headers ?? {})) headers[name.toLowerCase()] = value;
  const timestamp = timestampV4(time);
  const scope = { date: timestamp.slice(0, 8), region, product: "oss" };
  const request = () => ({ method, bucket, key, query: Object.entries(query), headers });
  if (sign === "v4") {
    headers["x-oss-date"] ??= timestamp;
    headers["x-oss-content-sha256"] ??= unsignedPayload;
    if (securityToken !== undefined) headers["x-oss-security-token"] = securityToken;
    const additional = additionalHeaders(call.additional ?? [], headers);
    const text = stringToSignV4(headers["x-oss-date"], scope, canonicalRequest(request(), additional));
    const names = additional.length === 0 ? "" : `,AdditionalHeaders=${additional.join(";")}`;
    const signature = signatureV4(accessKeySecret, scope, text);
    headers.authorization = `${algorithmV4} Credential=${accessKeyId}/${scopeText(scope)}${names},Signature=${signature}`;
  }
  if (sign === "v4-url") {
    const additional = additionalHeaders(call.additional ?? [], headers);
    query["x-oss-signature-version"] = algorithmV4;
    query["x-oss-credential"] = `${accessKeyId}/${scopeText(scope)}`;
    query["x-oss-date"] = timestamp;
    query["x-oss-expires"] ??= String(expires);
    if (securityToken !== undefined) query["x-oss-security-token"] = securityToken;
    if (additional.length > 0) query["x-oss-additional-headers"] = additional.join(";");
    const text = stringToSignV4(timestamp, scope, canonicalRequest(request(), additional));
    query["x-oss-signature"] = signatureV4(accessKeySecret, scope, text);
  }
  if (sign === "v1") {
    const date = new Date(time).toUTCString();
    headers["x-oss-date"] ??= date;
    if (securityToken !== undefined) headers["x-oss-security-token"] = securityToken;
    const signature = signatureV1(accessKeySecret, stringToSignV1(request(), headers["x-oss-date"]));
    headers.authorization = `OSS ${accessKeyId}:${signature}`;
  }
  if (sign === "v1-url") {
    const until = String(Math.floor(time / 1000) + expires);
    if (securityToken !== undefined) query["security-token"] = securityToken;
    const signature = signatureV1(accessKeySecret, stringToSignV1(request(), until));
    Object.assign(query, { OSSAccessKeyId: accessKeyId, Expires: until, Signature: signature });
  }
  const search = Object.entries(query).map(([name, value]) =>
    value === "" ? encodeStrictly(name) : `${encodeStrictly(name)}=${encodeStrictly(value)}`,
  );
  const path = encodePath(`/${bucket === undefined ? "" : `${bucket}/`}${key ?? ""}`);
  return { path: search.length === 0 ? path : `${path}?${search.join("&")}`, headers };
}

/** Sends a request as it is. Rejects if the connection ends before the answer. */
export function send(port: number, options: http.RequestOptions, body?: Buffer | string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, agent: false, ...options });
    request.on("error", reject);
    request.on("response", (response) => {
      const pieces: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => {
        const bytes = Buffer.concat(pieces);
        const text = bytes.toString("utf8");
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: bytes, text, xml: parseXml(text) });
      });
    });
    request.end(body);
  });
}

export interface SignedClient {
  call(call: Call): Promise<Reply>;
  put(key: string, body: Buffer | string, headers?: Record<string, string>): Promise<Reply>;
  initiate(key: string, headers?: Record<string, string>): Promise<string>;
  part(key: string, uploadId: string, number: number, body: Buffer, headers?: Record<string, string>): Promise<Reply>;
  list(key: string, uploadId: string, query?: Record<string, string>): Promise<Reply>;
  complete(key: string, uploadId: string, parts: readonly [number, string][], more?: Partial<Call>): Promise<Reply>;
  abort(key: string, uploadId: string): Promise<Reply>;
  head(key: string, headers?: Record<string, string>): Promise<Reply>;
  get(key: string, headers?: Record<string, string>): Promise<Reply>;
}

export function completeXml(parts: readonly (readonly [number, string])[]): string {
  const children = parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  return `<CompleteMultipartUpload>${children.join("")}</CompleteMultipartUpload>`;
}

/** @param bucket default: "demo" */
export function createClient(
  emulator: Pick<Emulator, "port">,
  credentials: Credentials = defaultAccount,
  bucket = "demo",
): SignedClient {
  const call = (one: Call): Promise<Reply> => {
    const { path, headers } = signed({ bucket, ...one }, credentials);
    const hasBody = one.body !== undefined || one.method === "PUT" || one.method === "POST";
    const length =
      hasBody && !("transfer-encoding" in headers) ? { "content-length": Buffer.byteLength(one.body ?? "") } : {};
    const options = { method: one.method, path, headers: { ...length, ...headers } };
    return send(emulator.port, one.agent === undefined ? options : { ...options, agent: one.agent }, one.body);
  };
  return {
    call,
    put: (key, body, headers = {}) => call({ method: "PUT", key, body, headers }),
    async initiate(key, headers = {}) {
      const { xml } = await call({ method: "POST", key, query: { uploads: "" }, headers });
      return xml?.UploadId ?? "";
    },
    part: (key, uploadId, number, body, headers = {}) =>
      call({ method: "PUT", key, query: { partNumber: String(number), uploadId }, body, headers }),
    list: (key, uploadId, query = {}) => call({ method: "GET", key, query: { uploadId, ...query } }),
    complete: (key, uploadId, parts, more = {}) =>
      call({ method: "POST", key, query: { uploadId }, body: completeXml(parts), ...more }),
    abort: (key, uploadId) => call({ method: "DELETE", key, query: { uploadId } }),
    head: (key, headers = {}) => call({ method: "HEAD", key, headers }),
    get: (key, headers = {}) => call({ method: "GET", key, headers }),
  };
}
