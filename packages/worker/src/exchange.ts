/** One XMLHttpRequest, watched: how much of its body is out, and how long nothing has happened. */
import type { Failure, HttpRequest, HttpResponse } from "./contract.js";
import { withoutForbidden } from "./forbidden-headers.js";
import { isElsewhere } from "./is-elsewhere.js";
import { onBlocked } from "./on-blocked.js";
import type { Watchdog } from "./watchdog.js";
import { parseXml } from "./xml.js";

/** Bytes. No answer of the service to an upload is longer. */
export const largestAnswer = 8 * 2 ** 20;
const progressEveryMs = 100;
/**
 * No event tells a request that waits for a connection from one in a black hole: `loadstart` fires at once, and neither
 * the wait, nor the handshake, nor the CORS preflight shows. So until the first byte of the body is out the limit is this
 * many times longer. Cutting a request that only waited costs its place in the queue, not a byte.
 */
const patienceBeforeFirstByte = 4;

export interface Watch {
  /** Method and URL without its query, for messages. */
  readonly what: string;
  readonly silence: Watchdog;
  readonly onSent: (bytes: number) => void;
  /** Aborted when nobody waits for the answer any more: the request is cut. */
  readonly ended: AbortSignal;
}

/**
 * @returns the answer, or why there is none
 * @throws what the browser throws for a request that it will not begin
 */
export function exchange(xhr: XMLHttpRequest, request: HttpRequest, { what, silence, onSent, ended }: Watch) {
  const { body, stallTimeoutMs, answerTimeoutMs } = request;
  ended.addEventListener("abort", () => xhr.abort());
  return new Promise<HttpResponse | Failure>((settle) => {
    const cutAfter = (ms: number, because: string) =>
      silence.expect(ms, () => settle({ kind: "stalled", message: `${what}: ${because} for ${ms} ms` }));
    const expectAnswer = () => cutAfter(answerTimeoutMs, "no answer came");

    xhr.onload = () => settle(readAnswer(xhr, request.url));
    // Offline, DNS, TLS, a reset, a refusal by CORS: the browser keeps the reason from scripts.
    xhr.onerror = () => settle({ kind: "network", message: `${what}: no answer that may be read` });
    xhr.onabort = xhr.onerror;
    onBlocked(request.url, ended, (directive) =>
      settle({ kind: "blocked", message: `${what}: the Content-Security-Policy forbids it (${directive})` }),
    );
    xhr.onprogress = ({ loaded }) => {
      expectAnswer();
      if (loaded <= largestAnswer) return;
      settle({ kind: "network", message: `${what}: the answer is longer than ${largestAnswer} bytes` });
    };

    if (body === undefined) expectAnswer();
    else {
      cutAfter(patienceBeforeFirstByte * stallTimeoutMs, "no byte of the body could be sent");
      const size = body instanceof Blob ? body.size : body.byteLength;
      watchUpload(xhr.upload, size, {
        onMoved: () => cutAfter(stallTimeoutMs, "no byte of the body moved"),
        onOut: expectAnswer,
        onSent,
      });
    }

    xhr.open(request.method, request.url);
    xhr.responseType = "arraybuffer";
    for (const [name, value] of Object.entries(withoutForbidden(request.headers))) xhr.setRequestHeader(name, value);
    xhr.send(body ?? null);
  });
}

interface UploadEvents {
  /** More bytes are out, but not all. */
  readonly onMoved: () => void;
  /** All bytes are out. */
  readonly onOut: () => void;
  readonly onSent: (bytes: number) => void;
}

function watchUpload(upload: XMLHttpRequestUpload, size: number, { onMoved, onOut, onSent }: UploadEvents): void {
  let sent = 0;
  let reported = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const report = () => {
    reported = sent;
    reportedAt = performance.now();
    onSent(sent);
  };
  upload.onprogress = ({ loaded }) => {
    // An event that brings no new byte is no sign of life. Fewer bytes than before are: Chromium sends a whole body again
    // by itself when a connection that it used before dies.
    if (loaded === sent) return;
    sent = Math.min(loaded, size);
    // Not left to `load`, which some engines fire only when the answer begins.
    if (sent === size) onOut();
    else onMoved();
    if (performance.now() - reportedAt >= progressEveryMs) report();
  };
  upload.onload = () => {
    sent = size;
    onOut();
    if (reported !== size) report();
  };
}

function readAnswer(xhr: XMLHttpRequest, url: string): HttpResponse {
  const bytes: ArrayBuffer | null = xhr.response;
  const body = bytes === null ? "" : new TextDecoder().decode(bytes);
  const xml = parseXml(body);
  const elsewhere = isElsewhere(url, xhr.responseURL);
  return { status: xhr.status, headers: readHeaders(xhr), elsewhere, body, ...(xml === undefined ? {} : { xml }) };
}

function readHeaders(xhr: XMLHttpRequest): Record<string, string> {
  const headers = xhr
    .getAllResponseHeaders()
    .split("\r\n")
    .map((line) => /^([^:]+):(.*)$/.exec(line) ?? [])
    .map(([, name = "", value = ""]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => name !== "");
  return Object.fromEntries(headers);
}
