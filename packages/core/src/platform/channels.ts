/** Tells other tabs of this origin, and the rest of this page, what has just happened. Who does not listen misses it. Seam. */

export interface Channels {
  /** Tells all that listen to this name now. */
  tell(name: string, message: string): void;
  /**
   * Whoever is going to tell calls it: to open a channel a browser asks another process, and the page stands still until it answers.
   * @returns to be called once, when nothing more is told
   */
  keepOpen(): () => void;
  /** @returns what ends it. Until then the page listens, which keeps it out of some browsers' back/forward cache */
  listen(name: string, listener: (message: string) => void): () => void;
}

/** One for all names: a page may tell of a hundred files in a second. */
const channelName = "ossicle:files";

/** Browsers without BroadcastChannel, pages that may not use it, and what imitates browsers, tell nobody. */
export function broadcastChannels(): Channels {
  let telling: BroadcastChannel | undefined;
  let users = 0;
  const closeUnused = () => {
    if (users > 0) return;
    telling?.close();
    telling = undefined;
  };
  return {
    tell(name, message) {
      telling ??= openChannel();
      try {
        telling?.postMessage([name, message]);
      } catch {
        // A document that is going away tells nobody.
      }
      closeUnused();
    },
    keepOpen() {
      users += 1;
      return () => {
        users -= 1;
        closeUnused();
      };
    },
    listen(name, listener) {
      // Not the one that tells: nobody hears himself.
      const channel = openChannel();
      channel?.addEventListener("message", ({ data }) => {
        if (data?.[0] === name) listener(String(data[1]));
      });
      return () => channel?.close();
    },
  };
}

function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(channelName);
  } catch {
    return undefined;
  }
}
