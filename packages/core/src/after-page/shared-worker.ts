/**
 * Starts the shared worker that outlives its page, wherever a bundler or CDN put the library, and whatever the Content-Security-Policy
 * allows. Which way works is found out while the page is there: while it unloads nothing can be waited for.
 */
import type { Starter } from "../keeper/shared-worker-keeper.js";
import { loading } from "../not-loaded.js";
import type { Clock } from "../platform/clock.js";
import { withTrustedUrl } from "../workers/trusted-url.js";
import { knowsExtendedLifetime } from "./extended-lifetime.js";
import { isHello } from "./messages.js";

/** The time that a worker has to load and say hello. */
const helloTimeoutMs = 20_000;

type Way = () => SharedWorker;

/** A script that such workers are started from. */
interface Script {
  readonly fromFile: Way;
  readonly text: () => Promise<string>;
}

// Bundlers look for exactly these expressions, and for the files beside the built module. One worker serves all pages of a version: those that
// would start it with other options of the same name get an error, so version and option are in its name.

/** Keeps files and goes on with uploads. */
const goingOn: Script = {
  fromFile: () =>
    new SharedWorker(new URL("./after-page.js", import.meta.url), {
      type: "module",
      name: "ossicle-after-page-0.1.0-extended",
      extendedLifetime: true,
    } as WorkerOptions),
  text: async () => (await loading("worker for after the page", import("./after-page-text.js"))).afterPageText,
};

/** Keeps files. */
const keeping: Script = {
  fromFile: () =>
    new SharedWorker(new URL("./keep-files.js", import.meta.url), {
      type: "module",
      name: "ossicle-keep-files-0.1.0-extended",
      extendedLifetime: true,
    } as WorkerOptions),
  text: async () => (await loading("keeper of files", import("./keep-files-text.js"))).keepFilesText,
};

async function wayOfText({ text }: Script): Promise<Way> {
  // Never revoked while the page is there: it is started from when the page is left.
  const url = URL.createObjectURL(new Blob([await text()], { type: "text/javascript" }));
  const options = { type: "module", name: "ossicle-text-0.1.0-extended", extendedLifetime: true } as WorkerOptions;
  return () => withTrustedUrl(url, (trusted) => new SharedWorker(trusted, options));
}

/** @param afterPage whether uploads go on in it, too */
export function starterFor(afterPage: "pause" | "finish", clock: Pick<Clock, "sleep">): SharedStarter {
  return new SharedStarter(afterPage === "finish" ? goingOn : keeping, clock);
}

export class SharedStarter implements Starter {
  readonly #script: Script;
  readonly #clock: Pick<Clock, "sleep">;
  readonly #closing = new AbortController();
  #way: Way | undefined;
  #looking: Promise<void> | undefined;
  /** Why none can be started. */
  problem: string | undefined;

  constructor(script: Script, clock: Pick<Clock, "sleep">) {
    this.#script = script;
    this.#clock = clock;
  }

  get isReady(): boolean {
    return this.#way !== undefined;
  }

  /** Finds out how it starts here, once. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look();
    return this.#looking;
  }

  /** @returns a worker, or the one that other pages have started; undefined where none can be */
  start(): SharedWorker | undefined {
    try {
      return this.#way?.();
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #look(): Promise<void> {
    if (!knowsExtendedLifetime()) {
      this.problem = "this browser ends shared workers with their last page";
      return;
    }
    const problems: string[] = [];
    for (const find of [async () => this.#script.fromFile, () => wayOfText(this.#script)]) {
      try {
        const way = await find();
        await this.#greeted(way);
        this.#way = way;
        this.problem = undefined;
        return;
      } catch (cause) {
        problems.push(cause instanceof Error ? cause.message : String(cause));
      }
    }
    this.problem = `no such worker could be started: ${problems.join("; ")}`;
  }

  /** @throws Error that says why it did not start. One that did ends by itself, as it has nothing to do */
  async #greeted(way: Way): Promise<void> {
    const worker = way();
    const settled = new AbortController();
    const { signal } = settled;
    const stop = this.#closing.signal;
    try {
      await new Promise<void>((resolve, reject) => {
        worker.port.onmessage = ({ data }) =>
          isHello(data) ? resolve() : reject(new Error("it is of another version"));
        const onError = (event: Event) => {
          event.preventDefault();
          reject(new Error("its script could not be loaded or is forbidden"));
        };
        worker.addEventListener("error", onError, { signal });
        stop.addEventListener("abort", () => reject(stop.reason), { signal });
        if (stop.aborted) reject(stop.reason);
        this.#clock.sleep(helloTimeoutMs, signal).then(
          () => reject(new Error(`it did not say hello within ${helloTimeoutMs} ms`)),
          () => {},
        );
      });
    } finally {
      settled.abort();
      worker.port.close();
    }
  }
}
