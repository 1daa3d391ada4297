/** HttpRequest → HttpResponse: by `fetch` what a cache might answer, all else by XHR, which alone tells how much of a body is out. */
import type { Failure, HttpRequest, HttpResponse, Outcome } from "./contract.js";
import { exchange } from "./exchange.js";
import { orAborted } from "./or-aborted.js";
import { mayBeCached, readFresh } from "./read-fresh.js";
import { createWatchdog } from "./watchdog.js";
import { whyUnreadable } from "./why-unreadable.js";

export interface SendTools {
  readonly newXhr: () => XMLHttpRequest;
  readonly fetch: typeof globalThis.fetch;
  /** Body bytes handed to the network so far; at most 10 times a second, and once when all are. */
  readonly onSent: (bytes: number) => void;
}

/** How a file that was edited or lost ends a request: Chromium fails as in a dead network, Firefox falls silent. */
const mayBeTheFile: ReadonlySet<Failure["kind"]> = new Set(["network", "stalled"]);

/** Nothing throws. */
export async function send(
  request: HttpRequest,
  signal: AbortSignal,
  { newXhr, fetch, onSent }: SendTools,
): Promise<Outcome<HttpResponse>> {
  const what = `${request.method} ${withoutQuery(request.url)}`;
  const silence = createWatchdog();
  const ended = new AbortController();
  const watch = { what, silence, onSent, ended: ended.signal };
  try {
    signal.throwIfAborted();
    const answer = mayBeCached(request) ? readFresh(request, fetch, watch) : exchange(newXhr(), request, watch);
    const value = await orAborted(answer, signal);
    if (!("kind" in value)) return { ok: true, value };
    const reason = mayBeTheFile.has(value.kind) ? await whyUnreadable(request.body, silence, signal) : undefined;
    if (reason === undefined) return { ok: false, failure: value };
    return fail("unreadable", `${what}: the body could not be read: ${reason}`);
  } catch (cause) {
    if (signal.aborted) return fail("cancelled", `${what} was cancelled`);
    // Only its name: some browsers repeat in the message what they were given, query and signature too.
    return fail("invalid", `${what} could not be made: ${cause instanceof Error ? cause.name : "refused"}`);
  } finally {
    silence.stop();
    ended.abort();
  }
}

function fail(kind: Failure["kind"], message: string): Outcome<never> {
  return { ok: false, failure: { kind, message } };
}

/** Signatures are secrets. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
