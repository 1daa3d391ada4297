/** A Worker that answers, fails and dies when a test says so. Its messages are cloned by real ports. */
import type { BytesSent, ByteWorker, CallId, DigestKinds, Four, HttpRequest, Outcome } from "@ossicle/worker/contract";
import { contractVersion } from "@ossicle/worker/contract";
import { expose } from "comlink";

/** A call as it arrived inside the worker. */
export interface ArrivedCall {
  readonly kind: "digest" | "digestFour" | "send";
  readonly id: CallId;
  readonly body: Blob | undefined;
  /** Every call ends when the test says so. */
  end(outcome: Outcome<never>): void;
  /** Breaks the contract: nothing may be thrown. */
  breakDown(): void;
}

export interface FakeWorkerOptions {
  /** What it says when it has started. Default: the hello of today's contract; undefined: nothing. */
  readonly hello?: unknown;
  /** Does a cancelled call end? Default true. */
  readonly obeys?: boolean;
}

export class FakeWorker extends EventTarget {
  terminated = false;
  readonly calls: ArrivedCall[] = [];
  readonly cancelled: CallId[] = [];
  readonly #page: MessagePort;
  readonly #inside: MessagePort;
  #progress: MessagePort | undefined;
  #watchers: (() => void)[] = [];

  constructor(options: FakeWorkerOptions = {}) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#page = port1;
    this.#inside = port2;
    port1.onmessage = ({ data }) => this.#fire(new MessageEvent("message", { data }));
    expose(this.#hands(options.obeys ?? true), port2);
    const hello = "hello" in options ? options.hello : { ossicle: contractVersion };
    if (hello !== undefined) port2.postMessage(hello);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#page.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    for (const port of [this.#page, this.#inside, this.#progress]) port?.close();
  }

  /** Resolves with the calls once there are `count`. */
  async arrived(count: number): Promise<readonly ArrivedCall[]> {
    while (this.calls.length < count) await this.#change();
    return this.calls;
  }

  /** Resolves once `id` was asked to be cancelled. */
  async cancelOf(id: CallId): Promise<void> {
    while (!this.cancelled.includes(id)) await this.#change();
  }

  reportSent(sent: BytesSent): void {
    this.#progress?.postMessage(sent);
  }

  /** As an uncaught error inside does, and a script that cannot be loaded (then without a message). */
  fail(message = ""): void {
    this.#fire(Object.assign(new Event("error", { cancelable: true }), { message }));
  }

  garble(): void {
    this.#fire(new Event("messageerror"));
  }

  get asWorker(): Worker {
    return this as unknown as Worker;
  }

  #fire(event: Event): void {
    if (!this.terminated) this.dispatchEvent(event);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  #changed(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  #hands(obeys: boolean): ByteWorker {
    const arrive = <T>(kind: ArrivedCall["kind"], id: CallId, body: Blob | undefined) =>
      new Promise<Outcome<T>>((resolve, reject) => {
        this.calls.push({ kind, id, body, end: resolve, breakDown: () => reject(new Error("a bug")) });
        this.#changed();
      });
    return {
      digest: (id: CallId, bytes: Blob, _wanted: DigestKinds) => arrive("digest", id, bytes),
      digestFour: (id: CallId, [first]: Four<Blob>) => arrive("digestFour", id, first),
      send: (id: CallId, request: HttpRequest) => arrive("send", id, request.body as Blob | undefined),
      parseXml: async (text) =>
        text.startsWith("<")
          ? { ok: true, value: { parsed: [text] } }
          : { ok: false, failure: { kind: "invalid", message: "the text is not well-formed XML" } },
      cancel: async (id) => {
        this.cancelled.push(id);
        const call = this.calls.find((candidate) => candidate.id === id);
        if (obeys) call?.end({ ok: false, failure: { kind: "cancelled", message: "cancelled" } });
        this.#changed();
      },
      reportProgressTo: async (port) => {
        this.#progress = port;
      },
    };
  }
}
