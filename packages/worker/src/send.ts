/**
 * Sends one request: GET and HEAD by `fetch`, which can bypass caches, and all others by XMLHttpRequest, which alone tells how much
 * of a body is sent.
 */
import type { Failure, HttpRequest, HttpResponse, Outcome } from "./contract.js";
import { exchange } from "./exchange.js";
import { orAborted } from "./or-aborted.js";
import { mayBeCached, readFresh } from "./read-fresh.js";
import { createWatchdog } from "./watchdog.js";
import { whyUnreadable } from "./why-unreadable.js";

export interface SendTools {
  readonly newXhr: () => XMLHttpRequest;
  readonly fetch: typeof globalThis.fetch;
  /** Called with the body bytes handed to the network so far, at most 10 times a second, and once when all are. */
  readonly onSent: (bytes: number) => void;
}

/** Failures that a lost or edited file may cause: Chromium then fails as in a dead network, and Firefox falls silent. */
const mayBeTheFile: ReadonlySet<Failure["kind"]> = new Set(["network", "stalled"]);

/** Never throws: every failure is an outcome. */
export async function send(
  request: HttpRequest,
  signal: AbortSignal,
  { newXhr, fetch, onSent }: SendTools,
): Promise<Outcome<HttpResponse>> {
  const label = `${request.method} ${withoutQuery(request.url)}`;
  const silence = createWatchdog();
  const ended = new AbortController();
  const watch = { label, silence, onSent, ended: ended.signal };
  try {
    signal.throwIfAborted();
    const answer = mayBeCached(request) ? readFresh(request, fetch, watch) : exchange(newXhr(), request, watch);
    const value = await orAborted(answer, signal);
    if (!("kind" in value)) return { ok: true, value };
    silence.stop();
    const { body, stallTimeoutMs } = request;
    const why = mayBeTheFile.has(value.kind) ? await whyUnreadable(body, stallTimeoutMs, signal) : undefined;
    if (why === undefined) return { ok: false, failure: value };
    return fail(why.kind, `${label}: the body could not be read: ${why.message}`);
  } catch (cause) {
    if (signal.aborted) return fail("cancelled", `${label} was cancelled`);
    // Only the error's name: in its message some browsers repeat the URL with the signature in its query.
    return fail("invalid", `${label} could not be made: ${cause instanceof Error ? cause.name : "refused"}`);
  } finally {
    silence.stop();
    ended.abort();
  }
}

function fail(kind: Failure["kind"], message: string): Outcome<never> {
  return { ok: false, failure: { kind, message } };
}

/** Removes the query, because a signature in it is a secret. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
