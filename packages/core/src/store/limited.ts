/**
 * A layer that sends no more requests at a time than the browser has connections to a host (six with HTTP/1.1). One more would wait in
 * the browser, where its time limits run although nothing of it moves. Where the app leaves the number to us, it follows what line and
 * store bear. The layer also measures the line. Laws: a layer is a store that wraps a store; nothing outlives its run.
 */
import { isUploadError } from "../errors.js";
import type { Line } from "../line.js";
import type { Slots } from "../slots.js";
import { aroundEachRequest } from "./each-request.js";
import type { ObjectStore } from "./object-store.js";

export interface Connections {
  /** One slot for each request that may be under way. */
  readonly slots: Slots;
  readonly line: Line;
  /** Called when a body was stored, which says something of the line. */
  readonly onLearnt?: () => void;
}

export function limited(store: ObjectStore, { slots, line, onLearnt }: Connections): ObjectStore {
  return aroundEachRequest(store, async (options, call, body) => {
    // Control requests go first: they are small, and parts wait for them.
    const release = await slots.acquire(body === undefined ? "first" : (options.priority ?? "normal"), options.signal);
    const request = line.begins(body?.size);
    const onSent = (bytes: number) => {
      if (bytes > 0) line.moves();
      options.onSent?.(bytes);
    };
    try {
      options.onSent?.(0);
      const answer = await call({ ...options, onSent });
      line.answered(request);
      if (body !== undefined) onLearnt?.();
      return answer;
    } catch (error) {
      if (isUploadError(error) && /^(throttled|stalled)$/.test(error.code)) line.choked(request);
      throw error;
    } finally {
      line.ended(request);
      slots.resize(line.connections);
      release();
    }
  });
}
