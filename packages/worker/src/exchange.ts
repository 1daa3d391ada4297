/** Sends one request by XMLHttpRequest, reports how much of its body is sent, and cuts it when nothing happens for too long. */
import type { Failure, HttpRequest, HttpResponse } from "./contract.js";
import { withoutForbidden } from "./forbidden-headers.js";
import { isElsewhere } from "./is-elsewhere.js";
import { onBlocked } from "./on-blocked.js";
import type { Watchdog } from "./watchdog.js";
import { parseXml } from "./xml.js";

/** Bytes. No answer of the service to an upload is longer. */
export const largestAnswerBytes = 8 * 2 ** 20;
const progressEveryMs = 100;
/**
 * Until the first byte of the body is sent, the stall timeout is this many times longer. No event tells a request that waits
 * for a free connection from one in a dead network: `loadstart` fires at once, and the wait, the handshake and the CORS
 * preflight fire nothing. To cut a request that only waited costs its position in the browser's queue, but no byte.
 */
const patienceBeforeFirstByte = 4;

export interface Watch {
  /** Method and URL without its query, for messages. */
  readonly label: string;
  readonly silence: Watchdog;
  readonly onSent: (bytes: number) => void;
  /** Aborted when the outcome is known or the caller cancelled. A request that still runs is then cut. */
  readonly ended: AbortSignal;
}

/**
 * @returns the answer, or the failure that says why there is none
 * @throws what the browser throws when it refuses to begin the request
 */
export function exchange(xhr: XMLHttpRequest, request: HttpRequest, { label, silence, onSent, ended }: Watch) {
  const { body, form, stallTimeoutMs, answerTimeoutMs } = request;
  const { unseenTimeoutMs = patienceBeforeFirstByte * stallTimeoutMs } = request;
  const size = body instanceof Blob ? body.size : (body?.byteLength ?? 0);
  let unseen = form === undefined && size > 0;
  ended.addEventListener("abort", () => xhr.abort());
  return new Promise<HttpResponse | Failure>((settle) => {
    const cutAfter = (ms: number, because: string) =>
      silence.expect(ms, () => settle({ kind: "stalled", message: `${label}: ${because} for ${ms} ms` }));
    const expectAnswer = () => cutAfter(answerTimeoutMs, "no answer came");

    xhr.onload = () => settle({ ...readAnswer(xhr, request.url), ...(unseen && { unseen }) });
    // The browser hides the reason from scripts: offline, DNS, TLS, a reset, a refusal by CORS.
    xhr.onerror = () => settle({ kind: "network", message: `${label}: no answer that a script may read` });
    xhr.onabort = xhr.onerror;
    onBlocked(request.url, ended, (directive) =>
      settle({ kind: "blocked", message: `${label}: the Content-Security-Policy forbids it (${directive})` }),
    );
    xhr.onprogress = ({ loaded }) => {
      expectAnswer();
      if (loaded <= largestAnswerBytes) return;
      settle({ kind: "network", message: `${label}: the answer is longer than ${largestAnswerBytes} bytes` });
    };

    if (body === undefined) expectAnswer();
    else if (form !== undefined) cutAfter(unseenTimeoutMs, "no answer came");
    else {
      cutAfter(unseenTimeoutMs, "no byte of the body could be sent");
      watchUpload(xhr.upload, size, {
        onMoved: () => {
          unseen = false;
          cutAfter(stallTimeoutMs, "no byte of the body moved");
        },
        onOut: () => {
          unseen = false;
          expectAnswer();
        },
        onSent,
      });
    }

    xhr.open(request.method, request.url);
    xhr.responseType = "arraybuffer";
    for (const [name, value] of Object.entries(withoutForbidden(request.headers))) xhr.setRequestHeader(name, value);
    xhr.send(body !== undefined && form !== undefined ? formOf(form, body) : (body ?? null));
  });
}

/** A Blob in it goes to the network by reference, as it does without a form. */
function formOf(fields: Readonly<Record<string, string>>, body: Blob | Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", body instanceof Blob ? body : new Blob([body]));
  return form;
}

interface UploadEvents {
  /** The number of sent bytes changed, and some are still to come. */
  readonly onMoved: () => void;
  /** All bytes are sent. */
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
    // An event without a new byte is no sign of life. Fewer bytes than before are one: Chromium sends the whole body again
    // on its own when a reused connection dies.
    if (loaded === sent) return;
    sent = Math.min(loaded, size);
    // Does not wait for `load`, which some browsers fire only when the answer begins.
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
