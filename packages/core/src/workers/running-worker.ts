/** One worker behind Comlink: every call ends with the worker's answer, or with the worker. Laws 5 and 7. */
import type { BytesSent, ByteWorker, CallId, Failure, Outcome } from "@ossicle/worker/contract";
import { type Remote, transfer, wrap } from "comlink";
import { UploadError, type UploadErrorCode } from "../errors.js";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onSent?: ((bytes: number) => void) | undefined;
}

interface RunningCall {
  readonly reject: (reason: unknown) => void;
  readonly onSent: ((bytes: number) => void) | undefined;
}

export class RunningWorker {
  readonly #worker: Worker;
  readonly #remote: Remote<ByteWorker>;
  readonly #progress: MessagePort;
  readonly #onDeath: () => void;
  readonly #calls = new Map<CallId, RunningCall>();
  #lastCall = 0;
  #end: { readonly reason: unknown } | undefined;

  /**
   * @param worker has said hello
   * @param onDeath called once if it dies by itself; not by `end`
   */
  constructor(worker: Worker, onDeath: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#worker = worker;
    this.#remote = wrap<ByteWorker>(worker);
    this.#progress = port1;
    this.#onDeath = onDeath;
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(event.message || "it gave no reason");
    });
    worker.addEventListener("messageerror", () => this.#die("its answer could not be read"));
    port1.onmessage = ({ data }: MessageEvent<BytesSent>) => this.#calls.get(data.call)?.onSent?.(data.bytes);
    this.#remote.reportProgressTo(transfer(port2, [port2])).catch((cause) => this.#die(String(cause)));
  }

  /**
   * @param call one call of the worker, under the id it is given
   * @throws the signal's reason once it is aborted and the worker has stopped the call; UploadError for the call's own
   *   failure, and "network" when the worker died
   */
  async run<T>(
    call: (worker: Remote<ByteWorker>, id: CallId) => Promise<Outcome<T>>,
    { signal, onSent }: CallOptions,
  ): Promise<T> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end.reason;
    const id = ++this.#lastCall;
    const cancel = () => {
      this.#remote.cancel(id).catch((cause) => this.#die(String(cause)));
    };
    const outcome = await new Promise<Outcome<T>>((resolve, reject) => {
      this.#calls.set(id, { reject, onSent });
      signal?.addEventListener("abort", cancel);
      // Failures are outcomes; what is thrown all the same comes from a worker that is broken.
      call(this.#remote, id).then(resolve, (cause) => this.#die(String(cause)));
    }).finally(() => {
      this.#calls.delete(id);
      signal?.removeEventListener("abort", cancel);
      signal?.throwIfAborted();
    });
    if (outcome.ok) return outcome.value;
    throw toUploadError(outcome.failure);
  }

  /** Terminates the worker; its calls, and later ones, reject with `reason`. */
  end(reason: unknown): void {
    this.#end ??= { reason };
    this.#worker.terminate();
    this.#progress.close();
    for (const { reject } of this.#calls.values()) reject(reason);
  }

  #die(why: string): void {
    if (this.#end !== undefined) return;
    this.end(new UploadError("network", `The worker died: ${why}`));
    this.#onDeath();
  }
}

const codes: Readonly<Record<Failure["kind"], UploadErrorCode>> = {
  network: "network",
  stalled: "stalled",
  unreadable: "file-unreadable",
  invalid: "invalid-option",
  blocked: "misconfigured",
  // Only a signal cancels, and then its reason is thrown instead.
  cancelled: "network",
};

const hints: Partial<Record<Failure["kind"], string>> = {
  blocked:
    "Allow the store's origin under connect-src in the Content-Security-Policy of the page and of the worker's file",
};

function toUploadError({ kind, message }: Failure): UploadError {
  return new UploadError(codes[kind], message, { hint: hints[kind] });
}
