/** A promise and the means to settle it. Not handling its rejection is no mistake. */

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
  // An app that only looks at `state` must not be punished with an unhandled rejection.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
