/** One holder of a name over all tabs of this origin. Seam. A lock dies with its tab, so there is no lease and no stale lock. */

export interface Locks {
  /**
   * Runs `work` while holding `name`.
   * @param options.onWait called once if somebody else holds it now
   * @throws the signal's reason if it is aborted while waiting; what `work` throws
   */
  hold<T>(name: string, options: HoldOptions, work: () => Promise<T>): Promise<T>;
  /** Runs `work` if nobody holds `name`. @returns undefined when somebody does */
  holdIfFree<T>(name: string, work: () => Promise<T>): Promise<{ readonly value: T } | undefined>;
  /** Names held by any tab now, this one included. */
  held(): Promise<ReadonlySet<string>>;
}

export interface HoldOptions {
  readonly signal: AbortSignal;
  readonly onWait: () => void;
}

/** The browser's lock manager is looked up at each use: an uploader may be made where there is none, on a server. */
export function webLocks(): Locks {
  const holdIfFree = async <T>(name: string, work: () => Promise<T>) =>
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : { value: await work() },
    );
  return {
    holdIfFree,
    async hold(name, { signal, onWait }, work) {
      signal.throwIfAborted();
      const atOnce = await holdIfFree(name, work);
      if (atOnce !== undefined) return atOnce.value;
      onWait();
      return await navigator.locks.request(name, { signal }, work);
    },
    async held() {
      const { held = [] } = await navigator.locks.query();
      return new Set(held.flatMap((lock) => lock.name ?? []));
    },
  };
}
