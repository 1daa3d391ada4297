/**
 * Tells that the user is about to leave the page, or may be: there the page still runs as ever. A message to a service worker that Chromium
 * takes from a page's `pagehide` into its back/forward cache arrives when the page comes back, or never; one from `beforeunload` arrives at once
 * (measured). The other engines need no such thing, and Firefox keeps no page in its cache that listens. Seam.
 */

/** @returns a function that ends the watch */
export type WatchBeforeLeaving = (leaving: () => void) => () => void;

export const watchBeforeLeaving: WatchBeforeLeaving = (leaving) => {
  // Chromium alone says so of itself.
  if (!("userAgentData" in navigator)) return () => undefined;
  addEventListener("beforeunload", leaving);
  return () => removeEventListener("beforeunload", leaving);
};
