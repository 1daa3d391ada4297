/** HttpRequest → XMLHttpRequest → HttpResponse. Only XHR tells how much of a body is out. Nothing throws. */
import type { Failure, HttpRequest, HttpResponse, Outcome } from "./contract.js";
import { isForbidden } from "./forbidden-headers.js";
import { onBlocked } from "./on-blocked.js";
import { orAborted } from "./or-aborted.js";
import { createWatchdog, type Watchdog } from "./watchdog.js";
import { whyUnreadable } from "./why-unreadable.js";
import { parseXml } from "./xml.js";

export interface SendTools {
  readonly newXhr: () => XMLHttpRequest;
  /** Body bytes handed to the network so far; at most 10 times a second, and once when all are. */
  readonly onSent: (bytes: number) => void;
}

const largestAnswer = 8 * 2 ** 20;
const progressEveryMs = 100;
/**
 * No event tells a request that waits for a connection from one in a black hole: `loadstart` fires at once, and neither
 * the wait, nor the handshake, nor the CORS preflight shows. So until the first byte of the body is out the limit is this
 * many times longer. Cutting a request that only waited costs its place in the queue, not a byte.
 */
const patienceBeforeFirstByte = 4;

/** How a file that was edited or lost ends a request: Chromium fails as in a dead network, Firefox falls silent. */
const mayBeTheFile: ReadonlySet<Failure["kind"]> = new Set(["network", "stalled"]);

export async function send(
  request: HttpRequest,
  signal: AbortSignal,
  { newXhr, onSent }: SendTools,
): Promise<Outcome<HttpResponse>> {
  const what = `${request.method} ${withoutQuery(request.url)}`;
  const xhr = newXhr();
  const silence = createWatchdog();
  const ended = new AbortController();
  try {
    signal.throwIfAborted();
    const failure = await orAborted(exchange(xhr, request, { what, silence, onSent, ended: ended.signal }), signal);
    if (failure === undefined) return { ok: true, value: readAnswer(xhr) };
    const reason = mayBeTheFile.has(failure.kind) ? await whyUnreadable(request.body, silence, signal) : undefined;
    if (reason === undefined) return { ok: false, failure };
    return fail("unreadable", `${what}: the body could not be read: ${reason}`);
  } catch (cause) {
    if (signal.aborted) return fail("cancelled", `${what} was cancelled`);
    // Only its name: some browsers repeat in the message what they were given, query and signature too.
    return fail("invalid", `${what} could not be made: ${cause instanceof Error ? cause.name : "refused"}`);
  } finally {
    silence.stop();
    ended.abort();
    xhr.abort();
  }
}

function fail(kind: Failure["kind"], message: string): Outcome<never> {
  return { ok: false, failure: { kind, message } };
}

/** Signatures are secrets. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

interface Watch {
  readonly what: string;
  readonly silence: Watchdog;
  readonly onSent: (bytes: number) => void;
  readonly ended: AbortSignal;
}

/**
 * @returns undefined once the answer is there, else why there is none
 * @throws what the browser throws for a request that it will not begin
 */
function exchange(xhr: XMLHttpRequest, request: HttpRequest, { what, silence, onSent, ended }: Watch) {
  const { body, stallTimeoutMs, answerTimeoutMs } = request;
  return new Promise<Failure | undefined>((settle) => {
    const cutAfter = (ms: number, because: string) =>
      silence.expect(ms, () => settle({ kind: "stalled", message: `${what}: ${because} for ${ms} ms` }));
    const expectAnswer = () => cutAfter(answerTimeoutMs, "no answer came");

    xhr.onload = () => settle(undefined);
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
    for (const [name, value] of Object.entries(request.headers)) {
      if (!isForbidden(name)) xhr.setRequestHeader(name, value);
    }
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

function readAnswer(xhr: XMLHttpRequest): HttpResponse {
  const bytes: ArrayBuffer | null = xhr.response;
  const body = bytes === null ? "" : new TextDecoder().decode(bytes);
  const xml = parseXml(body);
  return { status: xhr.status, headers: readHeaders(xhr), body, ...(xml === undefined ? {} : { xml }) };
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
