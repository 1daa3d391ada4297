/**
 * A layer: no more requests at a time than the browser has connections to a host (six with HTTP/1.1). A request beyond
 * them would only queue in the browser, where its time limits run while nothing of it moves. Laws 6 and 7.
 */
import type { Priority, Slots } from "../slots.js";
import type { CallOptions, ObjectStore } from "./object-store.js";

/** Calls about an upload go before parts: they are small, and parts wait for them. */
export function limited(store: ObjectStore, slots: Slots): ObjectStore {
  const inSlot = async <T>(priority: Priority, options: CallOptions, call: () => Promise<T>): Promise<T> => {
    const release = await slots.acquire(priority, options.signal);
    try {
      options.onSent?.(0);
      return await call();
    } finally {
      release();
    }
  };
  const part = (options: CallOptions): Priority => options.priority ?? "normal";
  return {
    ...store,
    putObject: (target, body, digest, options) =>
      inSlot(part(options), options, () => store.putObject(target, body, digest, options)),
    putPart: (upload, number, slice, digest, options) =>
      inSlot(part(options), options, () => store.putPart(upload, number, slice, digest, options)),
    initiate: (target, options) => inSlot("high", options, () => store.initiate(target, options)),
    listParts: (upload, options) => inSlot("high", options, () => store.listParts(upload, options)),
    complete: (upload, parts, finish, options) =>
      inSlot("high", options, () => store.complete(upload, parts, finish, options)),
    abort: (upload, options) => inSlot("high", options, () => store.abort(upload, options)),
    head: (key, options) => inSlot("high", options, () => store.head(key, options)),
  };
}
