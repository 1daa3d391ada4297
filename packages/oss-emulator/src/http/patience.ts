/**
 * Ends the connection of a client that is silent for too long in the middle of a request: each would be kept for ever otherwise.
 * A slow body is not silent, and while nobody listens (a fault holds the request, the line is throttled) no time counts.
 */
import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";

export class Patience {
  readonly #request: IncomingMessage;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #waits = 0;

  /** @param ms 0: for ever */
  constructor(request: IncomingMessage, ms: number) {
    this.#request = request;
    this.#ms = ms;
  }

  /** From now on it is the client's turn. */
  wait(): void {
    if (this.#ms === 0) return;
    this.#isWaiting = true;
    this.#waits += 1;
    this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#onSilence(), this.#ms).unref();
  }

  /** It has said something, or is not listened to. */
  rest(): void {
    this.#isWaiting = false;
  }

  end(): void {
    this.rest();
    clearTimeout(this.#timer);
  }

  #onSilence(): void {
    const waits = this.#waits;
    // After a sleep of this machine timers come first: what the client has sent meanwhile is heard before it is judged.
    setImmediate(() => {
      if (this.#isWaiting && this.#waits === waits) this.#request.socket.destroy();
    });
  }

  /** Reads what is left of the body. @throws Error when the connection ends first */
  async drain(onPiece: (piece: Buffer) => void = () => {}): Promise<void> {
    const request = this.#request;
    if (request.readableEnded) return;
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    // A request whose answer is out is not told when its connection ends.
    request.socket.once("close", onClose);
    if (request.socket.destroyed) gone.abort();
    request.on("data", (piece: Buffer) => {
      onPiece(piece);
      this.wait();
    });
    this.wait();
    request.resume();
    try {
      await finished(request, { writable: false, signal: gone.signal });
    } finally {
      this.rest();
      request.socket.off("close", onClose);
    }
  }

  /** The pieces of the body as they come. Does not destroy the request when it is left early: an answer may follow. */
  async *pieces(): AsyncGenerator<Buffer> {
    const pieces = this.#request.iterator({ destroyOnReturn: false });
    try {
      for (;;) {
        this.wait();
        const { done, value } = await pieces.next();
        this.rest();
        if (done === true) return;
        yield value as Buffer;
      }
    } finally {
      this.rest();
      await pieces.return?.();
    }
  }
}
