/** A promise and the functions that settle it. Its rejection never counts as unhandled. */

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // An app that only looks at `state` would otherwise get an unhandled rejection.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
