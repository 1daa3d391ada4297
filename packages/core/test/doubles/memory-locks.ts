/** Locks of several "pages" in one process; those of a page that dies are released, as the browser does. */
import type { Locks } from "../../src/platform/locks.js";

interface Claim {
  readonly owner: object;
  readonly grant: () => void;
}

export class LockTable {
  readonly #queues = new Map<string, Claim[]>();
  readonly #dead = new WeakSet<object>();

  readonly #frozen = new WeakSet<object>();

  /** The page is in the back/forward cache: it keeps its locks until another page asks for one. */
  froze(owner: object): void {
    this.#frozen.add(owner);
  }

  get heldNames(): readonly string[] {
    return [...this.#queues.keys()];
  }

  /** One page's view. */
  for(owner: object): Locks {
    const claim = () => {
      let grant: () => void = () => undefined;
      const granted = new Promise<void>((resolve) => {
        grant = resolve;
      });
      return { owner, grant, granted };
    };
    const holding = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } finally {
        this.#release(name, owner);
      }
    };
    return {
      hold: async (name, { signal, onWait }, work) => {
        signal.throwIfAborted();
        if (this.#queues.has(name)) onWait();
        const mine = claim();
        this.#enqueue(name, mine);
        const leave = () => this.#leave(name, (each) => each === mine);
        signal.addEventListener("abort", leave);
        await Promise.race([mine.granted, aborted(signal)]).finally(() => signal.removeEventListener("abort", leave));
        return await holding(name, work);
      },
      holdIfFree: async (name, work) => {
        if (this.#queues.has(name)) return undefined;
        this.#enqueue(name, claim());
        return { value: await holding(name, work) };
      },
      held: async () => new Set(this.#queues.keys()),
      busy: async (names) => {
        for (const name of names) {
          const holder = this.#queues.get(name)?.[0]?.owner;
          if (holder !== undefined && this.#frozen.has(holder)) this.died(holder);
        }
        return new Set(names.filter((name) => this.#queues.has(name)));
      },
    };
  }

  /** The page is gone: the next page that waits gets the lock. */
  died(owner: object): void {
    this.#dead.add(owner);
    for (const name of [...this.#queues.keys()]) {
      this.#leave(name, (claim) => claim.owner === owner);
      this.#release(name, owner);
    }
  }

  #enqueue(name: string, claim: Claim): void {
    // Its code still runs in this process; it gets nothing any more.
    if (this.#dead.has(claim.owner)) return;
    const queue = this.#queues.get(name);
    if (queue !== undefined) {
      queue.push(claim);
      return;
    }
    this.#queues.set(name, [claim]);
    claim.grant();
  }

  /** Only those that still wait: who has the lock gives it back. */
  #leave(name: string, isLeaving: (claim: Claim) => boolean): void {
    const [holder, ...waiting] = this.#queues.get(name) ?? [];
    if (holder !== undefined) this.#queues.set(name, [holder, ...waiting.filter((claim) => !isLeaving(claim))]);
  }

  #release(name: string, owner: object): void {
    const queue = this.#queues.get(name);
    if (queue?.[0]?.owner !== owner) return;
    queue.shift();
    if (queue[0] === undefined) this.#queues.delete(name);
    else queue[0].grant();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
}
