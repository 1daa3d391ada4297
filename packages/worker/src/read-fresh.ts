/**
 * Sends GET and HEAD by `fetch` past the browser's caches, because they ask what the store has now. A cache may hold an older
 * answer under the same URL: after the page has shown or fetched an object, Chromium 156 answers the next HEAD from its cache
 * and sends no request. `cache: "no-store"` reaches the store. A `cache-control` request header would too, but the preflight
 * would then have to allow it.
 */
import type { Failure, HttpRequest, HttpResponse } from "./contract.js";
import { largestAnswerBytes, type Watch } from "./exchange.js";
import { withoutForbidden } from "./forbidden-headers.js";
import { isElsewhere } from "./is-elsewhere.js";
import { onBlocked } from "./on-blocked.js";
import { nextTask } from "./pause.js";
import { parseXml } from "./xml.js";

/** @returns true for GET and HEAD: a cache may answer them, and they change nothing */
export function mayBeCached({ method, body }: HttpRequest): boolean {
  return (method === "GET" || method === "HEAD") && body === undefined;
}

/**
 * @returns the answer, or the failure that says why there is none
 * @throws what the browser throws when it refuses to begin the request
 */
export async function readFresh(request: HttpRequest, fetch: typeof globalThis.fetch, watch: Watch) {
  const { label, silence, ended } = watch;
  const { method, url, headers, answerTimeoutMs } = request;
  const stop = new AbortController();
  // Throws before anything is sent if the browser refuses the request. `fetch` would reject as it does without an answer.
  const asked = new Request(url, {
    method,
    headers: withoutForbidden(headers),
    cache: "no-store",
    signal: AbortSignal.any([ended, stop.signal]),
  });
  return await new Promise<HttpResponse | Failure>((settle) => {
    const fail = (kind: Failure["kind"], problem: string) => {
      settle({ kind, message: `${label}: ${problem}` });
      stop.abort();
    };
    const expectMore = () =>
      silence.expect(answerTimeoutMs, () => fail("stalled", `no answer came for ${answerTimeoutMs} ms`));
    onBlocked(url, ended, (directive) => fail("blocked", `the Content-Security-Policy forbids it (${directive})`));
    const read = async () => {
      const response = await fetch(asked);
      const body = await textOf(response, expectMore);
      if (body === undefined) return fail("network", `the answer is longer than ${largestAnswerBytes} bytes`);
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
      // If a Content-Security-Policy forbids the URL, the event that says so may come after the rejection.
      await nextTask();
      fail("network", "no answer that a script may read");
    });
  });
}

/** @returns undefined if the body is longer than any answer of the service */
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
    if (size > largestAnswerBytes) return undefined;
    text += decoder.decode(read.value, { stream: true });
  }
}
