/** The hands on Node: `node:http(s)` as a page would ask, digests by `node:crypto`; remembers the last answer as it came. */

import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { crc64 } from "../../packages/core/src/crc64-ecma.js";
import { UploadError } from "../../packages/core/src/errors.js";
import type { ByteWorkers, HttpRequest, HttpResponse } from "../../packages/core/src/workers/byte-workers.js";
import { parseXml } from "../../packages/worker/src/xml.js";

export interface NodeHands extends ByteWorkers {
  /** The newest answer with every header, whatever a CORS rule says of it. */
  readonly last: HttpResponse | undefined;
}

/** @param origin the page that we pretend to be, so that the bucket's CORS rule has something to answer */
export function nodeHands(origin: string): NodeHands {
  let last: HttpResponse | undefined;
  return {
    get last() {
      return last;
    },
    async digest(blob, wanted, { signal }) {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      signal.throwIfAborted();
      return {
        md5: wanted.md5 ? Uint8Array.from(createHash("md5").update(bytes).digest()) : undefined,
        crc64: wanted.crc64 ? crc64(bytes) : undefined,
        size: bytes.length,
      };
    },
    async digestFour([a, b, c, d], ...rest) {
      return [
        await this.digest(a, ...rest),
        await this.digest(b, ...rest),
        await this.digest(c, ...rest),
        await this.digest(d, ...rest),
      ];
    },
    async send(request, { signal }) {
      const body = request.body instanceof Blob ? new Uint8Array(await request.body.arrayBuffer()) : request.body;
      signal.throwIfAborted();
      try {
        last = await exchange(request, body, { origin, signal });
        return last;
      } catch (cause) {
        signal.throwIfAborted();
        // Without its query, which may hold a signature.
        const place = request.url.replace(/[?].*$/, "");
        throw new UploadError("network", `${request.method} ${place}: ${(cause as Error).message}`, { cause });
      }
    },
    parseXml: async (text) => parseXml(text),
    warm: () => undefined,
    close: () => undefined,
  };
}

async function exchange(
  { method, url, headers, answerTimeoutMs }: HttpRequest,
  body: Uint8Array | undefined,
  { origin, signal }: { readonly origin: string; readonly signal: AbortSignal },
): Promise<HttpResponse> {
  const length = body === undefined && method !== "POST" ? {} : { "content-length": String(body?.length ?? 0) };
  const { request } = url.startsWith("https:") ? https : http;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    // A connection of its own: Node repeats nothing by itself.
    const sent = request(url, { method, headers: { ...headers, origin, ...length }, agent: false, signal }, resolve);
    sent.once("error", reject);
    sent.setTimeout(answerTimeoutMs, () => sent.destroy(new Error(`silent for ${answerTimeoutMs} ms`)));
    sent.end(body);
  });
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  const xml = parseXml(text);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
    elsewhere: false,
    body: text,
    ...(xml === undefined ? {} : { xml }),
  };
}
