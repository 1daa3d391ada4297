/** Tells whether the browser believes it is online. Only a hint: `onLine` may be wrong, e.g. in tunnels and behind proxies. Seam. */

export interface NetworkStatus {
  online(): boolean;
  /** Resolves when the browser says it is online; at once if it already does. @throws the signal's reason once it is aborted */
  whenOnline(signal: AbortSignal): Promise<void>;
}

/** Node, and what imitates browsers, do not say. */
export function online(): boolean {
  return globalThis.navigator?.onLine !== false;
}

export function browserNetworkStatus(): NetworkStatus {
  return {
    online,
    whenOnline: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (online()) return resolve();
        const settle = () => {
          removeEventListener("online", settle);
          signal.removeEventListener("abort", settle);
          if (signal.aborted) reject(signal.reason);
          else resolve();
        };
        addEventListener("online", settle);
        signal.addEventListener("abort", settle);
        return undefined;
      }),
  };
}
