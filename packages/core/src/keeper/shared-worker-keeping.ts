/** The side of a keeper that is a shared worker, which outlives the pages that leave their files with it. */
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import { answer } from "./answering.js";
import { type Broadcast, channelName, isBroadcast, keeperLock, openChannel } from "./broadcast.js";
import { KeptFiles } from "./kept-files.js";
import { type Asked, readAsked } from "./messages.js";

interface KeepingTools {
  readonly clock: Pick<Clock, "elapsed" | "sleep">;
  readonly locks: Locks;
  readonly open?: typeof openChannel;
  /** Called for each message to let go of files, and when a file is kept or let go. */
  readonly onReleased?: (released: Extract<Asked, { readonly act: "release" }>) => void;
  readonly onChange?: () => void;
}

export class SharedWorkerKeeping {
  readonly #kept: KeptFiles;
  readonly #tools: KeepingTools;
  readonly #channel: ReturnType<typeof openChannel>;
  #isHolding = false;

  constructor(tools: KeepingTools) {
    this.#tools = tools;
    this.#kept = new KeptFiles(tools.clock);
    this.#channel = (tools.open ?? openChannel)(channelName);
    this.#channel.onmessage = ({ data }: MessageEvent) => {
      if (!isBroadcast(data, "page")) return;
      const { question, said } = data;
      const answered: Broadcast = { question, from: "keeper", said: undefined };
      this.take(said, { postMessage: (said) => this.#channel.postMessage({ ...answered, said }) });
    };
  }

  /** Files are kept: the worker is needed. */
  get isNeeded(): boolean {
    return this.#kept.size > 0;
  }

  /** @returns false for a message that is not for a keeper */
  take(data: unknown, port?: { readonly postMessage: (message: unknown) => void }): boolean {
    const asked = readAsked(data);
    if (asked === undefined) return false;
    answer(this.#kept, { data, ports: port === undefined ? [] : [port] });
    if (asked.act === "release") this.#tools.onReleased?.(asked);
    if (this.isNeeded && !this.#isHolding) this.#hold();
    this.#tools.onChange?.();
    return true;
  }

  /** What goes on in this worker is completed: nobody needs its file any more. */
  release(scope: string, ids: readonly string[]): void {
    this.#kept.release(scope, ids);
    this.#tools.onChange?.();
  }

  close(): void {
    this.#channel.close();
  }

  /** Pages see by the lock that there is somebody to ask. */
  async #hold(): Promise<void> {
    this.#isHolding = true;
    await this.#tools.locks.holdIfFree(keeperLock(), () => this.#kept.untilEmpty());
    this.#isHolding = false;
    this.#tools.onChange?.();
  }
}
