/**
 * Ends the connection of a client that sends nothing for too long in the middle of a request; otherwise it would be kept for ever. A
 * slow client is not silent. Time in which the emulator does not read (a fault holds the request, the network is throttled) does
 * not count.
 */
import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";

export class Patience {
  readonly #request: IncomingMessage;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #waits = 0;

  /** @param ms milliseconds without a byte; 0 for no limit */
  constructor(request: IncomingMessage, ms: number) {
    this.#request = request;
    this.#ms = ms;
  }

  /** Starts the time again: the client has to send something. */
  wait(): void {
    if (this.#ms === 0) return;
    this.#isWaiting = true;
    this.#waits += 1;
    this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#onSilence(), this.#ms).unref();
  }

  /** Stops the time: the client has sent something, or the emulator does not read. */
  rest(): void {
    this.#isWaiting = false;
  }

  /** Stops the time for good, at the end of the request. */
  end(): void {
    this.rest();
    clearTimeout(this.#timer);
  }

  #onSilence(): void {
    const waits = this.#waits;
    // After the machine has slept, timers fire before bytes are read that arrived meanwhile. They are read before this.
    setImmediate(() => {
      if (this.#isWaiting && this.#waits === waits) this.#request.socket.destroy();
    });
  }

  /** Reads the rest of the body. @throws Error if the connection ends before */
  async drain(onPiece: (piece: Buffer) => void = () => {}): Promise<void> {
    const request = this.#request;
    if (request.readableEnded) return;
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    // Node does not tell a request whose answer is sent that its connection has ended.
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

  /** Yields the pieces of the body as they come. A consumer may stop early: the connection stays open for the answer. */
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
