/** The object that a worker exposes; also used in-thread by tests. Law 5. */
import type { ByteWorker, CallId, Outcome } from "./contract.js";
import { digest, digestFour } from "./digest.js";
import { send } from "./send.js";
import { parseXml } from "./xml.js";

export interface ByteWorkerTools {
  /** Default: the scope's own, looked up when the first request is sent. */
  readonly newXhr?: () => XMLHttpRequest;
  /** Default: the scope's own. */
  readonly fetch?: typeof globalThis.fetch;
}

export function createByteWorker({
  newXhr = () => new XMLHttpRequest(),
  fetch = (...asked) => globalThis.fetch(...asked),
}: ByteWorkerTools = {}): ByteWorker {
  const running = new Map<CallId, AbortController>();
  let progress: MessagePort | undefined;

  /** Makes a call stoppable for as long as it runs. */
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
    digest: (call, bytes, wanted) => run(call, (signal) => digest(bytes, wanted, signal)),
    digestFour: (call, four, wanted) => run(call, (signal) => digestFour(four, wanted, signal)),
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
