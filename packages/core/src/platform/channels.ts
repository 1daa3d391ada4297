/** Tells other tabs of this origin, and the rest of this page, what has just happened. Who does not listen misses it. Seam. */

export interface Channels {
  /** Tells all that listen to this name now. */
  tell(name: string, message: string): void;
  /** @returns what ends it. Until then the page listens, which keeps it out of some browsers' back/forward cache */
  listen(name: string, listener: (message: string) => void): () => void;
}

/** Browsers without BroadcastChannel, pages that may not use it, and what imitates browsers, tell nobody. */
export function broadcastChannels(): Channels {
  const open = (name: string) => {
    try {
      return new BroadcastChannel(name);
    } catch {
      return undefined;
    }
  };
  return {
    tell(name, message) {
      const channel = open(name);
      try {
        channel?.postMessage(message);
      } catch {
        // A document that is going away tells nobody.
      }
      channel?.close();
    },
    listen(name, listener) {
      const channel = open(name);
      channel?.addEventListener("message", ({ data }) => listener(String(data)));
      return () => channel?.close();
    },
  };
}
