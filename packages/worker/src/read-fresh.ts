/**
 * GET and HEAD, past every cache. They ask what the store has now, and a page's browser may keep an older answer under the same
 * URL: an object that the page has shown or fetched answers the next HEAD from the browser's cache, and no request leaves
 * (seen in Chromium 156). `cache: "no-store"` reaches the store and asks for no further header in the preflight, which a
 * `cache-control` request header would.
 */
import type { Failure, HttpRequest, HttpResponse } from "./contract.js";
import { largestAnswer, type Watch } from "./exchange.js";
import { withoutForbidden } from "./forbidden-headers.js";
import { isElsewhere } from "./is-elsewhere.js";
import { nextTask } from "./listen.js";
import { onBlocked } from "./on-blocked.js";
import { parseXml } from "./xml.js";

/** @returns true for requests that change nothing, and that a cache may answer */
export function mayBeCached({ method, body }: HttpRequest): boolean {
  return (method === "GET" || method === "HEAD") && body === undefined;
}

/** @throws what the browser throws for a request that it will not begin */
export async function readFresh(request: HttpRequest, fetch: typeof globalThis.fetch, watch: Watch) {
  const { what, silence, ended } = watch;
  const { method, url, headers, answerTimeoutMs } = request;
  const stop = new AbortController();
  // Throws what is no request at all before anything is sent: a failed fetch looks the same as a refused one.
  const asked = new Request(url, {
    method,
    headers: withoutForbidden(headers),
    cache: "no-store",
    signal: AbortSignal.any([ended, stop.signal]),
  });
  return await new Promise<HttpResponse | Failure>((settle) => {
    const fail = (kind: Failure["kind"], problem: string) => {
      settle({ kind, message: `${what}: ${problem}` });
      stop.abort();
    };
    const expectMore = () =>
      silence.expect(answerTimeoutMs, () => fail("stalled", `no answer came for ${answerTimeoutMs} ms`));
    onBlocked(url, ended, (directive) => fail("blocked", `the Content-Security-Policy forbids it (${directive})`));
    const read = async () => {
      const response = await fetch(asked);
      const body = await textOf(response, expectMore);
      if (body === undefined) return fail("network", `the answer is longer than ${largestAnswer} bytes`);
      const xml = parseXml(body);
      settle({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        elsewhere: response.redirected || isElsewhere(url, response.url),
        body,
        ...(xml === undefined ? {} : { xml }),
      });
    };
    expectMore();
    read().catch(async () => {
      // A policy that forbids the place says so in an event that may come after the failure.
      await nextTask();
      fail("network", "no answer that may be read");
    });
  });
}

/** @returns undefined when there is more than an answer of the service can have */
async function textOf({ body }: Response, onMoved: () => void): Promise<string | undefined> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    onMoved();
    const read = await reader?.read();
    if (read === undefined || read.done) return text + decoder.decode();
    size += read.value.byteLength;
    if (size > largestAnswer) return undefined;
    text += decoder.decode(read.value, { stream: true });
  }
}
