/**
 * The object that a worker exposes to the page. Tests use it in their own thread. By the law "the worker is a pair of hands" it
 * hashes bytes and sends requests, and knows nothing of OSS, parts or checkpoints.
 */
import type { ByteWorker, CallId, Outcome } from "./contract.js";
import { digest, digestFour } from "./digest.js";
import { send } from "./send.js";
import { parseXml } from "./xml.js";

export interface ByteWorkerTools {
  /** Default: the worker's own XMLHttpRequest, looked up at each request. */
  readonly newXhr?: () => XMLHttpRequest;
  /** Default: the worker's own fetch. */
  readonly fetch?: typeof globalThis.fetch;
}

export function createByteWorker({
  newXhr = () => new XMLHttpRequest(),
  fetch = (...asked) => globalThis.fetch(...asked),
}: ByteWorkerTools = {}): ByteWorker {
  const running = new Map<CallId, AbortController>();
  let progress: MessagePort | undefined;

  /** Runs `work` with a signal that `cancel(call)` aborts. */
  async function run<T>(call: CallId, work: (signal: AbortSignal) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const stop = new AbortController();
    running.set(call, stop);
    try {
      return await work(stop.signal);
    } finally {
      running.delete(call);
    }
  }

  return {
    digest: (call, bytes, wanted, silenceMs) => run(call, (signal) => digest(bytes, wanted, { signal, silenceMs })),
    digestFour: (call, four, wanted, silenceMs) =>
      run(call, (signal) => digestFour(four, wanted, { signal, silenceMs })),
    send: (call, request) =>
      run(call, (signal) =>
        send(request, signal, { newXhr, fetch, onSent: (bytes) => progress?.postMessage({ call, bytes }) }),
      ),
    async parseXml(text) {
      const value = parseXml(text);
      if (value !== undefined) return { ok: true, value };
      return { ok: false, failure: { kind: "invalid", message: "the text is not well-formed XML" } };
    },
    async cancel(call) {
      running.get(call)?.abort();
    },
    async reportProgressTo(port) {
      progress = port;
    },
  };
}
