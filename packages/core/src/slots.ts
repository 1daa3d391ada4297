/** A bounded number of places, given out by priority and then in order of arrival. Knows not what they are for. */

/** "first": small things that others wait for; an app cannot ask for it. */
export type Priority = "first" | "high" | "normal" | "low";
const order: readonly Priority[] = ["first", "high", "normal", "low"];

export interface Slots {
  /** @returns the release, to be called once. @throws the signal's reason if it is aborted while waiting */
  acquire(priority: Priority, signal: AbortSignal): Promise<() => void>;
  /** Is one free at once? */
  readonly free: boolean;
  /** More are given out at once to who waits; of fewer, what is taken beyond them is taken until it is given back. */
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

  // The place goes from hand to hand: counting it free in between would let a newcomer overtake the line.
  const giveOut = () => {
    while (taken < count) {
      const line = order.map((priority) => waiting[priority]).find(({ size }) => size > 0);
      const [next] = line ?? [];
      if (next === undefined) return;
      line?.delete(next);
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
