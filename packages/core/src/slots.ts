/** A bounded number of slots. A free slot goes to the waiting caller of the highest priority; among equals, to the first. */

/** "first" is for short requests that other requests wait for. An app cannot ask for it. */
export type Priority = "first" | "high" | "normal" | "low";
const order: readonly Priority[] = ["first", "high", "normal", "low"];

export interface Slots {
  /** @returns a function that gives the slot back. @throws the signal's reason if it is aborted while waiting */
  acquire(priority: Priority, signal: AbortSignal): Promise<() => void>;
  /** True if `acquire` would not wait. */
  readonly free: boolean;
  /** New slots go at once to callers that wait. If more are taken than there are now, they stay taken until they are given back. */
  resize(count: number): void;
}

export function createSlots(first: number): Slots {
  let count = first;
  let taken = 0;
  const waiting: Record<Priority, Set<() => void>> = {
    first: new Set(),
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };

  // Counts the slot as taken before its new owner wakes: otherwise a newcomer could take it first.
  const giveOut = () => {
    while (taken < count) {
      const queue = order.map((priority) => waiting[priority]).find(({ size }) => size > 0);
      const [next] = queue ?? [];
      if (next === undefined) return;
      queue?.delete(next);
      taken += 1;
      next();
    }
  };
  const release = () => {
    taken -= 1;
    giveOut();
  };
  const releaseOnce = () => {
    let held = true;
    return () => {
      if (held) release();
      held = false;
    };
  };

  return {
    get free() {
      return taken < count;
    },
    resize(wanted) {
      count = wanted;
      giveOut();
    },
    acquire: (priority, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (taken < count) {
          taken += 1;
          return resolve(releaseOnce());
        }
        const give = () => {
          signal.removeEventListener("abort", leave);
          resolve(releaseOnce());
        };
        const leave = () => {
          waiting[priority].delete(give);
          reject(signal.reason);
        };
        waiting[priority].add(give);
        signal.addEventListener("abort", leave, { once: true });
        return undefined;
      }),
  };
}
