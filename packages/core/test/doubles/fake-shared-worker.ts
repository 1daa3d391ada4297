/** A shared worker that keeps files, and the channel by which pages meet it, in one process. Messages are cloned, and arrive in a later turn. */
import type { OpenChannel } from "../../src/keeper/broadcast.js";
import type { Starter } from "../../src/keeper/shared-worker-keeper.js";
import { SharedWorkerKeeping } from "../../src/keeper/shared-worker-keeping.js";
import type { ManualClock } from "./manual-clock.js";
import { LockTable } from "./memory-locks.js";

type Channel = ReturnType<OpenChannel>;

export class FakeSharedWorker implements Starter {
  isReady = false;
  readonly locks = new LockTable();
  readonly #clock: ManualClock;
  readonly #channels = new Set<Channel>();
  #running: { readonly keeping: SharedWorkerKeeping; readonly owner: object } | undefined;

  readonly #isKnown: boolean;

  /** @param isKnown does the browser know workers that outlive their pages? */
  constructor(clock: ManualClock, isKnown = true) {
    this.#clock = clock;
    this.#isKnown = isKnown;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async look(): Promise<void> {
    this.isReady = this.#isKnown;
  }

  start() {
    if (!this.isReady) return undefined;
    return { port: { postMessage: (data: unknown) => void this.#run().take(structuredClone(data)) } };
  }

  /** The browser ends it. */
  end(): void {
    if (this.#running === undefined) return;
    this.locks.died(this.#running.owner);
    this.#running.keeping.close();
    this.#running = undefined;
  }

  readonly open: OpenChannel = () => {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data: unknown) => {
        for (const other of this.#channels) if (other !== channel) this.#tell(other, structuredClone(data));
      },
      close: () => void this.#channels.delete(channel),
    };
    this.#channels.add(channel);
    return channel;
  };

  #tell(channel: Channel, data: unknown): void {
    setImmediate(() => {
      if (this.#channels.has(channel)) channel.onmessage?.call(channel as never, new MessageEvent("message", { data }));
    });
  }

  #run(): SharedWorkerKeeping {
    const owner = {};
    this.#running ??= {
      owner,
      keeping: new SharedWorkerKeeping({ clock: this.#clock, locks: this.locks.for(owner), open: this.open }),
    };
    return this.#running.keeping;
  }
}
