/**
 * A layer that sends no more requests at a time than the browser has connections to a host (six with HTTP/1.1). One more would wait in
 * the browser, where its time limits run although nothing of it moves: two may, where all are brief. Where the app leaves the number to us, it
 * follows what line and store bear. The layer also measures the line. Laws: a layer is a store that wraps a store; nothing outlives its run.
 */
import { isUploadError } from "../errors.js";
import type { Line, UnderWay } from "../line.js";
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
    let control = line.begins(undefined);
    let sending: UnderWay | undefined;
    // What comes before, the app's signature, says nothing of the line.
    const onSigned = () => {
      control = line.begins(undefined);
    };
    const onSent = (bytes: number) => {
      if (body !== undefined && (sending === undefined || bytes === 0)) {
        if (sending !== undefined) line.ended(sending);
        sending = line.begins(body.size);
      }
      if (bytes > 0) line.moves();
      options.onSent?.(bytes);
    };
    try {
      options.onSent?.(0);
      const answer = await call({ ...options, onSent, onSigned });
      // Without a body that was sent the store was only asked whether it has these bytes.
      if (body === undefined) line.answered(control);
      else if (sending !== undefined) line.answered(sending);
      if (sending !== undefined) onLearnt?.();
      return answer;
    } catch (error) {
      if (isUploadError(error) && /^(throttled|stalled)$/.test(error.code)) line.choked(control);
      if (isUploadError(error) && error.tooLarge === "refused" && body !== undefined) line.toldTooLarge(body.size);
      throw error;
    } finally {
      if (sending !== undefined) line.ended(sending);
      slots.resize(line.connections + line.waiting);
      release();
    }
  });
}
