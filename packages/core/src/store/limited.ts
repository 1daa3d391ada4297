/**
 * A layer that sends no more requests at a time than the browser has connections to a host (six with HTTP/1.1). One more would wait in
 * the browser, where its time limits run although nothing of it moves. Where the app leaves the number to us, it follows what line and
 * store bear. The layer also measures the line. Laws: a layer is a store that wraps a store; nothing outlives its run.
 */
import { isUploadError } from "../errors.js";
import type { Line } from "../line.js";
import type { Slots } from "../slots.js";
import type { ConnectionCount } from "./connection-count.js";
import { aroundEachRequest } from "./each-request.js";
import type { CallOptions, ObjectStore } from "./object-store.js";

export interface Connections {
  /** One slot for each request that may be under way. */
  readonly slots: Slots;
  readonly line: Line;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  /** How many there may be; undefined where the app has decided. */
  readonly count: ConnectionCount | undefined;
}

export function limited(store: ObjectStore, connections: Connections): ObjectStore {
  const { slots, line, elapsed, count } = connections;
  return aroundEachRequest(store, async (options, call, body) => {
    // Control requests go first: they are small, and parts wait for them.
    const release = await slots.acquire(body === undefined ? "first" : (options.priority ?? "normal"), options.signal);
    const counted = count && new CountedRequest(count, slots);
    const began = elapsed();
    try {
      options.onSent?.(0);
      const answer = await call(counted === undefined ? options : counted.observe(options));
      const ms = elapsed() - began;
      if (body === undefined) line.answered(ms);
      else line.carried(body.size, ms);
      counted?.succeeded(body, ms);
      return answer;
    } catch (error) {
      if (isUploadError(error) && /^(throttled|stalled)$/.test(error.code)) counted?.choked();
      throw error;
    } finally {
      release();
    }
  });
}

/** Tells the count what became of one request, and makes as many slots as it then allows. */
class CountedRequest {
  readonly #count: ConnectionCount;
  readonly #slots: Slots;
  readonly #request: ReturnType<ConnectionCount["began"]>;

  constructor(count: ConnectionCount, slots: Slots) {
    this.#count = count;
    this.#slots = slots;
    this.#request = count.began();
  }

  /** @returns the options, by which the first bytes that are sent are noticed */
  observe(options: CallOptions): CallOptions {
    const onSent = (bytes: number) => {
      if (bytes > 0) this.#change(() => this.#count.moves(this.#request));
      options.onSent?.(bytes);
    };
    return { ...options, onSent };
  }

  /** @param ms from the beginning to the answer */
  succeeded(body: Blob | undefined, ms: number): void {
    this.#change(() =>
      body === undefined ? this.#count.answered(this.#request, ms) : this.#count.stored(this.#request),
    );
  }

  choked(): void {
    this.#change(() => this.#count.choked(this.#request));
  }

  #change(how: () => void): void {
    how();
    this.#slots.resize(this.#count.allowed);
  }
}
