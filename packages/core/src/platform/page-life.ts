/**
 * When a page leaves and when it comes back. A page that leaves may be frozen in the back/forward cache, with its memory; while
 * it unloads, browsers break its requests (Firefox) or hold them (Chromium). Seam.
 */

export interface PageLife {
  /** @returns what ends the watch */
  watch(watcher: {
    /** The page goes, for good or into the cache. */
    readonly leaving: () => void;
    /** It has come back from the cache. */
    readonly back: () => void;
  }): () => void;
}

/** `pagehide` costs a page nothing, unlike `unload`, which keeps it out of the cache. */
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
