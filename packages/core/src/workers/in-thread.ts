/**
 * Does on its own thread what the workers of a page do: for the worker that goes on after the page, in which no browser but Firefox can
 * start another one. Law: the worker only hashes and sends.
 */
import type { BytesSent, ByteWorker, CallId, Outcome } from "@ossicle/worker/contract";
import { createSlots } from "../slots.js";
import type { ByteWorkers } from "./byte-workers.js";
import { inTurn } from "./digests-in-turn.js";
import { toUploadError } from "./failure.js";

/** Two: the browser opens one Blob while the other is hashed. */
const digestsAtOnce = 2;

export function inThread(worker: ByteWorker, stallTimeoutMs: number): ByteWorkers {
  const digests = createSlots(digestsAtOnce);
  const fours = createSlots(1);
  const closing = new AbortController();
  const sending = new Map<CallId, (bytes: number) => void>();
  const progress = { postMessage: ({ call, bytes }: BytesSent) => sending.get(call)?.(bytes) };
  let lastCall = 0;
  let told: Promise<void> | undefined;

  async function run<T>(
    call: (id: CallId) => Promise<Outcome<T>>,
    given: AbortSignal,
    onSent?: ((bytes: number) => void) | undefined,
  ): Promise<T> {
    const signal = AbortSignal.any([given, closing.signal]);
    signal.throwIfAborted();
    const id = ++lastCall;
    const cancel = () => void worker.cancel(id);
    signal.addEventListener("abort", cancel);
    if (onSent !== undefined) sending.set(id, onSent);
    try {
      const outcome = await call(id);
      signal.throwIfAborted();
      if (outcome.ok) return outcome.value;
      throw toUploadError(outcome.failure);
    } finally {
      sending.delete(id);
      signal.removeEventListener("abort", cancel);
    }
  }

  return {
    digest: (bytes, wanted, options) =>
      inTurn(digests, options, () => run((id) => worker.digest(id, bytes, wanted, stallTimeoutMs), options.signal)),
    digestFour: (four, wanted, options) =>
      inTurn(fours, options, () => run((id) => worker.digestFour(id, four, wanted, stallTimeoutMs), options.signal)),
    async send(request, { signal, onSent }) {
      told ??= worker.reportProgressTo(progress as unknown as MessagePort);
      await told;
      return await run((id) => worker.send(id, request), signal, onSent);
    },
    async parseXml(text) {
      const outcome = await worker.parseXml(text);
      return outcome.ok ? outcome.value : undefined;
    },
    // It runs already.
    warm: () => undefined,
    close: () => closing.abort(new DOMException("The workers were ended", "AbortError")),
  };
}
