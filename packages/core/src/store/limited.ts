/**
 * A layer: no more requests at a time than the browser has connections to a host (six with HTTP/1.1). A request beyond
 * them would only queue in the browser, where its time limits run while nothing of it moves. Where the number is ours to
 * choose it follows what the line and the store bear; and what is measured here of the line is remembered. Laws 6 and 7.
 */
import { isUploadError } from "../errors.js";
import type { Line } from "../line.js";
import type { Priority, Slots } from "../slots.js";
import type { ConnectionCount, Counted } from "./connection-count.js";
import type { CallOptions, ObjectStore } from "./object-store.js";

export interface Connections {
  readonly slots: Slots;
  readonly line: Line;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  /** How many there may be; undefined where the app has decided. */
  readonly count: ConnectionCount | undefined;
}

/** Calls about an upload go before parts: they are small, and parts wait for them. */
export function limited(store: ObjectStore, { slots, line, elapsed, count }: Connections): ObjectStore {
  const inSlot = async <T>(
    priority: Priority,
    options: CallOptions,
    bytes: number | undefined,
    call: (options: CallOptions) => Promise<T>,
  ): Promise<T> => {
    const release = await slots.acquire(priority, options.signal);
    const request = count?.began();
    const began = elapsed();
    try {
      options.onSent?.(0);
      const answer = await call(request === undefined ? options : { ...options, onSent: observed(request, options) });
      const ms = elapsed() - began;
      if (bytes === undefined) line.answered(ms);
      else line.carried(bytes, ms);
      if (request !== undefined) {
        change(() => (bytes === undefined ? count?.answered(request, ms) : count?.stored(request)));
      }
      return answer;
    } catch (error) {
      const choked = isUploadError(error) && (error.code === "throttled" || error.code === "stalled");
      if (request !== undefined && choked) change(() => count?.choked(request));
      throw error;
    } finally {
      release();
    }
  };
  const change = (how: () => void) => {
    how();
    if (count !== undefined) slots.resize(count.allowed);
  };
  const observed =
    (request: Counted, { onSent }: CallOptions) =>
    (bytes: number) => {
      if (bytes > 0) change(() => count?.moves(request));
      onSent?.(bytes);
    };
  const body = <T>(options: CallOptions, bytes: number, call: (options: CallOptions) => Promise<T>): Promise<T> =>
    inSlot(options.priority ?? "normal", options, bytes, call);
  const word = <T>(options: CallOptions, call: (options: CallOptions) => Promise<T>): Promise<T> =>
    inSlot("first", options, undefined, call);
  return {
    ...store,
    putObject: (target, blob, digest, options) =>
      body(options, blob.size, (observing) => store.putObject(target, blob, digest, observing)),
    putPart: (upload, number, slice, digest, options) =>
      body(options, slice.size, (observing) => store.putPart(upload, number, slice, digest, observing)),
    initiate: (target, options) => word(options, (observing) => store.initiate(target, observing)),
    listParts: (upload, options) => word(options, (observing) => store.listParts(upload, observing)),
    complete: (upload, parts, finish, options) =>
      word(options, (observing) => store.complete(upload, parts, finish, observing)),
    abort: (upload, options) => word(options, (observing) => store.abort(upload, observing)),
    head: (key, options) => word(options, (observing) => store.head(key, observing)),
  };
}
