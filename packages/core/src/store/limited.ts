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
import type { ObjectStore } from "./object-store.js";

export interface Connections {
  /** One slot for each request that may be under way. */
  readonly slots: Slots;
  readonly line: Line;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  /** How many there may be; undefined where the app has decided. */
  readonly count: ConnectionCount | undefined;
}

export function limited(store: ObjectStore, { slots, line, elapsed, count }: Connections): ObjectStore {
  return aroundEachRequest(store, async (options, call, body) => {
    // Control requests go first: they are small, and parts wait for them.
    const release = await slots.acquire(body === undefined ? "first" : (options.priority ?? "normal"), options.signal);
    const request = count?.began();
    const began = elapsed();
    const tell = (what: "moves" | "stored" | "choked" | "answered", ms = 0) => {
      if (count === undefined || request === undefined) return;
      count[what](request, ms);
      slots.resize(count.allowed);
    };
    const onSent = (bytes: number) => {
      if (bytes > 0) tell("moves");
      options.onSent?.(bytes);
    };
    try {
      options.onSent?.(0);
      const answer = await call(count === undefined ? options : { ...options, onSent });
      const ms = elapsed() - began;
      if (body === undefined) line.answered(ms);
      else line.carried(body.size, ms);
      tell(body === undefined ? "answered" : "stored", ms);
      return answer;
    } catch (error) {
      if (isUploadError(error) && /^(throttled|stalled)$/.test(error.code)) tell("choked");
      throw error;
    } finally {
      release();
    }
  });
}
