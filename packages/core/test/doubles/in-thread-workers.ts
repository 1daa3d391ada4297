/** Workers without threads, for Node: the worker's own XML reader and Node's HTTP. Answers are cut to what a page may read. */
import http from "node:http";
import { parseXml } from "../../../worker/src/xml.js";
import { UploadError } from "../../src/errors.js";
import type { ByteWorkers, HttpRequest, HttpResponse, SendOptions } from "../../src/workers/byte-workers.js";
import { bytesOf } from "./memory-file.js";
import { memoryWorkers } from "./memory-workers.js";

export interface InThreadWorkersOptions {
  /** The page that asks: CORS decides what it may read. Without it everything is readable. */
  readonly origin?: string;
}

export function inThreadWorkers({ origin }: InThreadWorkersOptions = {}): ByteWorkers {
  return {
    ...memoryWorkers(),
    send: async (request, options) => await send(request, options, origin),
    parseXml: async (text) => parseXml(text),
  };
}

const pieceSize = 64 * 1024;

async function send(given: HttpRequest, options: SendOptions, origin: string | undefined): Promise<HttpResponse> {
  const { signal, onSent } = options;
  signal.throwIfAborted();
  const request = given.form === undefined ? given : await asForm(given);
  const body = request.body instanceof Blob ? await readBody(request.body) : request.body;
  signal.throwIfAborted();
  const exchange = http.request(request.url, {
    method: request.method,
    headers: {
      ...typeOf(request.body),
      ...request.headers,
      ...(origin === undefined ? {} : { origin }),
      ...lengthOf(request.method, body),
    },
    // A connection of its own: nothing is left open, and Node repeats nothing by itself.
    agent: false,
  });
  const closed = new Promise<void>((resolve) => exchange.once("close", resolve));
  const silence = new Silence(() => {
    exchange.destroy(new UploadError("stalled", `${request.method}: silence`));
  });
  const stop = () => exchange.destroy();
  signal.addEventListener("abort", stop);
  try {
    return await new Promise<HttpResponse>((resolve, reject) => {
      exchange.once("error", reject);
      exchange.once("response", (response) => collect(response).then(resolve, reject));
      silence.expect(body === undefined ? request.answerTimeoutMs : request.stallTimeoutMs);
      const report = (bytes: number) => {
        silence.expect(bytes === body?.length ? request.answerTimeoutMs : request.stallTimeoutMs);
        onSent?.(bytes);
      };
      write(exchange, body, report).catch(reject);
    }).then((response) => asSeenBy(origin, response));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof UploadError) throw cause;
    throw new UploadError("network", `${request.method}: no answer`, { cause });
  } finally {
    silence.end();
    signal.removeEventListener("abort", stop);
    exchange.destroy();
    await closed;
  }
}

/** As a browser writes a form. */
async function asForm(request: HttpRequest): Promise<HttpRequest> {
  const form = new FormData();
  for (const [name, value] of Object.entries(request.form ?? {})) form.append(name, value);
  const bytes = request.body instanceof Blob ? await readBody(request.body) : request.body;
  form.append("file", new Blob(bytes === undefined ? [] : [Uint8Array.from(bytes)]));
  const written = new Response(form);
  const headers = { ...request.headers, "content-type": written.headers.get("content-type") ?? "" };
  return { ...request, headers, body: new Uint8Array(await written.arrayBuffer()) };
}

async function readBody(body: Blob): Promise<Uint8Array> {
  try {
    return await bytesOf(body);
  } catch (cause) {
    throw new UploadError("file-unreadable", "the body could not be read", { cause });
  }
}

/** What browsers add to a Blob that has a type, unless the request says otherwise. */
function typeOf(body: HttpRequest["body"]): Record<string, string> {
  return body instanceof Blob && body.type !== "" ? { "content-type": body.type } : {};
}

function lengthOf(method: string, body: Uint8Array | undefined): Record<string, string> {
  if (body !== undefined) return { "content-length": String(body.length) };
  return method === "POST" || method === "PUT" ? { "content-length": "0" } : {};
}

async function write(exchange: http.ClientRequest, body: Uint8Array | undefined, report: (bytes: number) => void) {
  for (let at = 0; at < (body?.length ?? 0); at += pieceSize) {
    const piece = body?.subarray(at, at + pieceSize);
    await new Promise<void>((resolve, reject) => {
      exchange.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    report(at + (piece?.length ?? 0));
  }
  exchange.end();
}

async function collect(response: http.IncomingMessage): Promise<HttpResponse> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString("utf8");
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  const xml = parseXml(body);
  return { status: response.statusCode ?? 0, headers, elsewhere: false, body, ...(xml === undefined ? {} : { xml }) };
}

const alwaysReadable = [
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
];

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response-cors */
function asSeenBy(origin: string | undefined, response: HttpResponse): HttpResponse {
  if (origin === undefined) return response;
  const allowed = response.headers["access-control-allow-origin"];
  if (allowed !== "*" && allowed !== origin) throw new UploadError("network", `${origin} may not read the answer`);
  const exposed = (response.headers["access-control-expose-headers"] ?? "").toLowerCase().split(/\s*,\s*/);
  const readable = new Set([...alwaysReadable, ...exposed]);
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => readable.has(name)));
  return { ...response, headers };
}

class Silence {
  readonly #onTooLong: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTooLong: () => void) {
    this.#onTooLong = onTooLong;
  }

  expect(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTooLong, ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
