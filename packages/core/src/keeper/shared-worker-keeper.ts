/** A page's keeper in a shared worker that outlives its pages, where the browser knows such. It is started when the page is left, not before. */
import { orLate } from "../or-late.js";
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import { type Broadcast, channelName, isBroadcast, keepersAmong, openChannel, tellKeepers } from "./broadcast.js";
import type { Keeper, KeptFile } from "./keeper.js";
import { type Asked, readAnswer, sealed } from "./messages.js";

const patienceMs = 1_000;

/** What starts such a worker. */
export interface Starter {
  readonly isReady: boolean;
  /** Finds out whether and how one starts here. Never rejects. */
  look(): Promise<void>;
  /** undefined where none can be started. Never throws. */
  start(): { readonly port: Pick<MessagePort, "postMessage"> } | undefined;
}

interface Tools {
  readonly clock: Pick<Clock, "sleep">;
  readonly locks: Pick<Locks, "held">;
  readonly open?: typeof openChannel;
}

export class SharedWorkerKeeper implements Keeper {
  readonly #scope: string;
  readonly #starter: Starter;
  readonly #tools: Tools;

  constructor(scope: string, starter: Starter, tools: Tools) {
    this.#scope = scope;
    this.#starter = starter;
    this.#tools = tools;
  }

  get isThere(): boolean {
    return this.#starter.isReady;
  }

  async look(): Promise<boolean> {
    await this.#starter.look();
    return this.isThere;
  }

  keep(files: readonly KeptFile[]): void {
    if (files.length === 0) return;
    try {
      this.#starter.start()?.port.postMessage(sealed({ act: "keep", scope: this.#scope, files }));
    } catch {
      // A file that this browser cannot pass on: the user picks it again.
    }
  }

  async kept(ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    const files = await this.#ask({ act: "kept", scope: this.#scope, ids });
    return new Map(files.map(({ id, file }) => [id, file] as const));
  }

  async queued(): Promise<readonly KeptFile[]> {
    return await this.#ask({ act: "queued", scope: this.#scope });
  }

  async release(ids?: readonly string[]): Promise<void> {
    tellKeepers({ act: "release", scope: this.#scope, ids }, this.#tools.open);
  }

  /** @returns what keepers have answered in time. Never rejects */
  async #ask(said: Asked): Promise<readonly KeptFile[]> {
    const { clock, locks, open = openChannel } = this.#tools;
    const heard: KeptFile[] = [];
    let answers = 0;
    let channel: ReturnType<typeof openChannel> | undefined;
    try {
      const keepers = keepersAmong(await locks.held());
      if (keepers === 0) return heard;
      const asked = open(channelName);
      channel = asked;
      const question = crypto.randomUUID();
      const all = new Promise<void>((resolve) => {
        asked.onmessage = ({ data }: MessageEvent) => {
          if (!isBroadcast(data, "keeper") || data.question !== question) return;
          heard.push(...(readAnswer(data.said)?.files ?? []));
          answers += 1;
          if (answers >= keepers) resolve();
        };
      });
      asked.postMessage({ question, from: "page", said: sealed(said) } satisfies Broadcast);
      await orLate(all, patienceMs, clock, () => silent);
    } catch {
      // Silent, or forbidden here: what has answered has answered.
    } finally {
      channel?.close();
    }
    return heard;
  }
}

const silent = new Error("A keeper is silent");
