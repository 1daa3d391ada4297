/** Tells whether the page has a service worker, which may have its hands in every request. */

/** Its workers have the same. Node, and what imitates browsers, have none. */
export function isControlled(): boolean {
  return (globalThis.navigator?.serviceWorker?.controller ?? null) !== null;
}

/** Does any page of this origin have one? In private mode, in sandboxed frames and outside of browsers there are none. */
export async function isRegistered(): Promise<boolean> {
  try {
    const registrations = await globalThis.navigator?.serviceWorker?.getRegistrations();
    return registrations !== undefined && registrations.length > 0;
  } catch {
    return false;
  }
}
