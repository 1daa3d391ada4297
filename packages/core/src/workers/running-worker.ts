/**
 * One worker behind Comlink. Each call settles with the worker's answer, or when the worker dies. Laws: the worker only hashes and sends;
 * nothing outlives its run.
 */
import type { BytesSent, ByteWorker, CallId, Outcome } from "@ossicle/worker/contract";
import { type Remote, transfer, wrap } from "comlink";
import { UploadError } from "../errors.js";
import { toUploadError } from "./failure.js";

export interface WorkerCallOptions {
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
   * @param worker  must have said hello
   * @param onDeath called once if the worker dies by itself, not by `end`
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
   * @param call calls the worker, and passes on the id
   * @throws the signal's reason once it is aborted and the worker has stopped the call; UploadError for a failure of the call, with the
   *   code "network" if the worker died
   */
  async run<T>(
    call: (worker: Remote<ByteWorker>, id: CallId) => Promise<Outcome<T>>,
    { signal, onSent }: WorkerCallOptions,
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
      // A failed call resolves with an outcome. A call that rejects means that the worker is broken.
      call(this.#remote, id).then(resolve, (cause) => this.#die(String(cause)));
    }).finally(() => {
      this.#calls.delete(id);
      signal?.removeEventListener("abort", cancel);
      signal?.throwIfAborted();
    });
    if (outcome.ok) return outcome.value;
    throw toUploadError(outcome.failure);
  }

  /** Terminates the worker. Its running and later calls reject with `reason`. */
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
