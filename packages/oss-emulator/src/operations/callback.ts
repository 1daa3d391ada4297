/** The callback: a request to the application server after an object was stored. Its answer becomes the client's answer. */
import http from "node:http";
import https from "node:https";
import type { Answer, Exchange } from "../http/exchange.js";
import { isLoopbackName } from "../loopback.js";
import { invalidArgument, refusal } from "../oss-error.js";
import type { Service } from "../service.js";
import type { StoredObject } from "../storage/records.js";

const maxParameterBytes = 5 * 1024;
const maxAnswerBytes = 1024 ** 2;
const timeoutMs = 5000;

/** The callback that a request asks for. */
export interface Callback {
  /** One to five addresses. The next is tried if one fails. */
  readonly urls: readonly string[];
  readonly host: string | undefined;
  readonly body: string;
  readonly type: "application/x-www-form-urlencoded" | "application/json";
  /** Custom variables. Their names begin with `x:`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads a parameter from the header or the query. @throws OssError if it is in both */
function parameter({ headers, target }: Exchange, name: string): string | undefined {
  const inHeader = headers[`x-oss-${name}`];
  const inQuery = target.query.get(name);
  if (inHeader !== undefined && inQuery !== undefined) {
    throw invalidArgument(`x-oss-${name}`, inHeader, `${name} must not be both in the header and in the query.`);
  }
  return inHeader ?? inQuery;
}

function decode(name: string, text: string): Record<string, unknown> {
  if (text.length > maxParameterBytes) throw invalidArgument(name, text, `The ${name} parameter is too long.`);
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like JSON that is not an object.
  }
  throw invalidArgument(name, text, `The ${name} configuration is not json format.`);
}

/**
 * @returns undefined if the request asks for no callback
 * @throws OssError `InvalidArgument`
 */
export function callbackOf(exchange: Exchange): Callback | undefined {
  const variableText = parameter(exchange, "callback-var");
  const variables = variableText === undefined ? {} : decode("callback-var", variableText);
  return callbackFrom(parameter(exchange, "callback"), variables);
}

/**
 * @param text base64 of JSON
 * @throws OssError `InvalidArgument`
 */
export function callbackFrom(
  text: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): Callback | undefined {
  if (text === undefined) return undefined;
  const { callbackUrl, callbackHost, callbackBody, callbackBodyType } = decode("callback", text);
  const type = callbackBodyType ?? "application/x-www-form-urlencoded";
  if (typeof callbackUrl !== "string" || typeof callbackBody !== "string" || callbackBody === "") {
    throw invalidArgument("callback", text, "callbackUrl and callbackBody are required.");
  }
  if (type !== "application/x-www-form-urlencoded" && type !== "application/json") {
    throw invalidArgument("callback", text, "The callbackBodyType is not supported.");
  }
  const urls = callbackUrl.split(";").filter((url) => url !== "");
  if (urls.length === 0 || urls.length > 5) throw invalidArgument("callback", text, "One to five callbackUrls.");
  for (const [name, value] of Object.entries(variables)) {
    if (!/^x:[^A-Z]+$/.test(name) || typeof value !== "string") {
      throw invalidArgument("callback-var", name, "Names must begin with x: and be in lower case; values are strings.");
    }
  }
  return {
    urls,
    host: typeof callbackHost === "string" ? callbackHost : undefined,
    body: callbackBody,
    type,
    variables: variables as Record<string, string>,
  };
}

/** Fills in the `${…}` of the body: URL-encoded in a form, as JSON values in JSON. A name without a value becomes "". */
export function callbackBody(callback: Callback, values: Readonly<Record<string, string | number>>): string {
  return callback.body.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const known = { ...values, ...callback.variables };
    const value = Object.hasOwn(known, name) ? (known[name] ?? "") : "";
    if (callback.type === "application/json") return JSON.stringify(value);
    // Converts to UTF-8 and back first: `encodeURIComponent` throws at half a surrogate pair, which JSON may hold.
    return encodeURIComponent(Buffer.from(String(value)).toString());
  });
}

function post(
  url: URL,
  callback: Callback,
  body: string,
  signature: Readonly<Record<string, string>>,
  closing: AbortSignal,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method: "POST",
      // A connection of its own that closes after the answer, so that a callback leaves nothing open.
      agent: false,
      headers: {
        "Content-Type": callback.type,
        "Content-Length": Buffer.byteLength(body),
        "User-Agent": "aliyun-oss-callback",
        ...signature,
        ...(callback.host === undefined ? {} : { Host: callback.host }),
      },
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    });
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("error", reject);
      response.on("data", (piece: string) => {
        text += piece;
        if (text.length > maxAnswerBytes) request.destroy(new Error("Response body is too large."));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end(body);
  });
}

/** @param keyUrl where the public half of the service's key is */
async function call(url: string, callback: Callback, body: string, service: Service, keyUrl: string): Promise<string> {
  const target = new URL(url.includes("://") ? url : `http://${url}`);
  if (!isLoopbackName(target.hostname)) throw new Error("The emulator calls back to this machine only.");
  const signature = {
    Authorization: service.callbackKey.sign(target, body),
    "x-oss-pub-key-url": Buffer.from(keyUrl).toString("base64"),
  };
  const { status, text } = await post(target, callback, body, signature, service.closing);
  if (status !== 200) throw new Error(`Error status : ${status}.`);
  try {
    JSON.parse(text);
  } catch {
    throw new Error("Response body is not valid json format.");
  }
  return text;
}

/** Makes the callback and puts the application server's answer, or 203 `CallbackFailed`, in the place of `answer`'s body. */
export async function withCallback(
  service: Service,
  answer: Answer,
  callback: Callback,
  exchange: Exchange,
  bucket: string,
  object: StoredObject,
): Promise<Answer> {
  const body = callbackBody(callback, {
    bucket,
    object: object.key,
    etag: object.etag,
    size: object.size,
    mimeType: object.headers["content-type"] ?? "",
    crc64: object.crc64 ?? "",
    contentMd5: object.md5 ?? "",
    reqId: exchange.requestId,
    clientIp: exchange.socket.remoteAddress ?? "",
    operation: exchange.action,
  });
  const keyUrl = `http://${exchange.target.endpointHost}/_emulator/callback-key`;
  let failure = "";
  for (const url of callback.urls) {
    try {
      const text = await call(url, callback, body, service, keyUrl);
      return { ...answer, status: 200, headers: { ...answer.headers, "Content-Type": "application/json" }, body: text };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  const { "Content-Type": _, ...headers } = answer.headers;
  throw refusal("CallbackFailed", { message: failure, headers });
}
