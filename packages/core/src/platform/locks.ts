/** Locks by name, shared by all tabs of this origin. A lock ends with its tab, so no lock is ever stale. Seam. */

export interface Locks {
  /**
   * Runs `work` while holding `name`.
   * @param options.onWait called once if the lock is held already
   * @throws the signal's reason if it is aborted while waiting; what `work` throws
   */
  hold<T>(name: string, options: HoldOptions, work: () => Promise<T>): Promise<T>;
  /** Runs `work` if `name` is free. @returns undefined if it is held */
  holdIfFree<T>(name: string, work: () => Promise<T>): Promise<{ readonly value: T } | undefined>;
  /** @returns the names that any tab holds now, this one included */
  held(): Promise<ReadonlySet<string>>;
  /**
   * A page that the user left takes its locks along into Chromium's back/forward cache. It loses them, and its place there, when another page
   * asks for one of them.
   *
   * @returns those of `names` that a tab holds which runs, this one included
   */
  busy(names: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface HoldOptions {
  readonly signal: AbortSignal;
  readonly onWait: () => void;
}

/** Some milliseconds are enough. */
const evictedWithinMs = 300;

/** Looks up the browser's lock manager at each use: an uploader may be made on a server, which has none. */
export function webLocks(): Locks {
  const holdIfFree = async <T>(name: string, work: () => Promise<T>) =>
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : { value: await work() },
    );
  const held = sharingAnswers(async () => {
    // A page that has no locks holds none.
    const asked = await globalThis.navigator?.locks?.query();
    return new Set(asked?.held?.flatMap((lock) => lock.name ?? []));
  });
  const isBusy = async (name: string) =>
    await navigator.locks
      .request(name, { signal: AbortSignal.timeout(evictedWithinMs) }, () => false)
      .catch(() => true);
  return {
    holdIfFree,
    async hold(name, { signal, onWait }, work) {
      signal.throwIfAborted();
      const atOnce = await holdIfFree(name, work);
      if (atOnce !== undefined) return atOnce.value;
      onWait();
      return await navigator.locks.request(name, { signal }, work);
    },
    held,
    async busy(names) {
      const all = await held();
      const asked = names.filter((name) => all.has(name));
      const busy = await Promise.all(asked.map(isBusy));
      return new Set(asked.filter((_, index) => busy[index]));
    },
  };
}

/**
 * Asks one question at a time: who comes while one is under way shares the next one with all that come until then. An answer names every lock
 * of every tab, and a page that resumes thousands of files asks for each of them.
 *
 * @returns `ask`; what it answers was looked up after the call
 */
function sharingAnswers<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    next = undefined;
    const asked = ask().finally(() => {
      if (underWay === asked) underWay = undefined;
    });
    underWay = asked;
    return asked;
  };
  return () => {
    if (underWay === undefined) return start();
    next ??= underWay.then(start, start);
    return next;
  };
}
