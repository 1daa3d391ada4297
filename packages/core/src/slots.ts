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

export function createSlots(count: number): Slots {
  return new PrioritySlots(count);
}

class PrioritySlots implements Slots {
  #count: number;
  #taken = 0;
  readonly #waiting: Record<Priority, Set<() => void>> = {
    first: new Set(),
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };

  constructor(count: number) {
    this.#count = count;
  }

  get free(): boolean {
    return this.#taken < this.#count;
  }

  resize(count: number): void {
    this.#count = count;
    this.#giveOut();
  }

  acquire(priority: Priority, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.free) {
        this.#taken += 1;
        return resolve(this.#releaseOnce());
      }
      const queue = this.#waiting[priority];
      const give = () => {
        signal.removeEventListener("abort", leave);
        resolve(this.#releaseOnce());
      };
      const leave = () => {
        queue.delete(give);
        reject(signal.reason);
      };
      queue.add(give);
      signal.addEventListener("abort", leave, { once: true });
      return undefined;
    });
  }

  /** Counts a slot as taken before its new owner wakes: otherwise a newcomer could take it first. */
  #giveOut(): void {
    while (this.free) {
      const queue = order.map((priority) => this.#waiting[priority]).find(({ size }) => size > 0);
      const [next] = queue ?? [];
      if (next === undefined) return;
      queue?.delete(next);
      this.#taken += 1;
      next();
    }
  }

  #releaseOnce(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#giveOut();
    };
  }
}
