/**
 * Tells when the user leaves the page and comes back. The browser may keep a page that was left in its back/forward cache, frozen with
 * its memory. While the page unloads Firefox breaks its requests and Chromium holds them. Seam.
 */

export interface PageLife {
  /** @returns a function that ends the watch */
  watch(watcher: {
    /** The user leaves the page, for good or into the cache. */
    readonly leaving: () => void;
    /** The page has come back from the cache. */
    readonly back: () => void;
  }): () => void;
}

/** Listens to `pagehide`, not `unload`: an `unload` listener keeps the page out of the cache. */
export function browserPageLife(): PageLife {
  return {
    watch({ leaving, back }) {
      const shown = ({ persisted }: PageTransitionEvent) => {
        if (persisted) back();
      };
      addEventListener("pagehide", leaving);
      addEventListener("pageshow", shown);
      return () => {
        removeEventListener("pagehide", leaving);
        removeEventListener("pageshow", shown);
      };
    },
  };
}
