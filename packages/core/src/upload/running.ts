/** A run under way, and why it is being stopped if it is. */
import { abortError, type Stop, stronger } from "./stop.js";

export class Running {
  readonly #controller = new AbortController();
  readonly #key: string;
  #ended: Promise<void> = Promise.resolve();
  #stop: Stop | undefined;
  #again = false;

  /** @param key for the words of the reason with which it is aborted */
  constructor(key: string) {
    this.#key = key;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** resume() came while it was being stopped: another run starts when this one has ended. */
  get again(): boolean {
    return this.#again;
  }

  /** It will be settled, or is going to be: an upload() of the file that comes now is another upload. */
  get isSettling(): boolean {
    return this.#stop === "stopped" || this.#stop === "cancelled";
  }

  /** @param ended the end of the run and all that is said of it; never rejects */
  started(ended: Promise<void>): void {
    this.#ended = ended;
  }

  /** @returns when it has ended */
  async end(stop: Stop): Promise<void> {
    this.#stop = stronger(this.#stop, stop);
    this.#again = false;
    this.#controller.abort(abortError(this.#key, stop));
    await this.#ended;
  }

  /** @returns `again`: false for one that is not being stopped, or that nothing brings back */
  goOn(): boolean {
    this.#again = this.#stop !== undefined && this.#stop !== "cancelled";
    return this.#again;
  }
}
