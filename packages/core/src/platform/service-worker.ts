/** Tells whether the page has a service worker, which may have its hands in every request. */

/** Its workers have the same. Node, and what imitates browsers, have none. */
export function isControlled(): boolean {
  return (globalThis.navigator?.serviceWorker?.controller ?? null) !== null;
}
