/** What every layer does: it wraps each request of a store, and leaves the rest of the store as it is. */
import type { CallOptions, ObjectStore } from "./object-store.js";

/**
 * What a layer does instead of one request.
 *
 * @param call makes the request with the given options; may be called again
 * @param body the bytes of the file that it sends; undefined for a control request
 */
export type AroundRequest = <T>(
  options: CallOptions,
  call: (options: CallOptions) => Promise<T>,
  body?: Blob,
) => Promise<T>;

/** @returns a plain object with methods of its own, because the next layer spreads it. `probe` stays unwrapped */
export function aroundEachRequest(store: ObjectStore, around: AroundRequest): ObjectStore {
  return {
    ...store,
    putObject: (target, body, digest, options) =>
      around(options, (inner) => store.putObject(target, body, digest, inner), body),
    initiate: (target, options) => around(options, (inner) => store.initiate(target, inner)),
    putPart: (upload, number, slice, digest, options) =>
      around(options, (inner) => store.putPart(upload, number, slice, digest, inner), slice),
    listParts: (upload, options) => around(options, (inner) => store.listParts(upload, inner)),
    complete: (upload, parts, finish, options) =>
      around(options, (inner) => store.complete(upload, parts, finish, inner)),
    abort: (upload, options) => around(options, (inner) => store.abort(upload, inner)),
    head: (key, options) => around(options, (inner) => store.head(key, inner)),
  };
}
