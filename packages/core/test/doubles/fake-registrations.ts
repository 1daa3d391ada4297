/** Service workers of an origin in one process. Messages are cloned, and arrive at once; answers arrive in a later turn. */
import { answer } from "../../src/keeper/answering.js";
import { KeptFiles } from "../../src/keeper/kept-files.js";
import type { Registrations } from "../../src/keeper/service-worker-keeper.js";
import type { ManualClock } from "./manual-clock.js";

type Hears = (data: unknown, ports: readonly MessagePort[]) => void;

export class FakeServiceWorker {
  readonly registration: ServiceWorkerRegistration;
  /** What it was told, by its own clone. */
  readonly heard: unknown[] = [];
  readonly #begin: () => Hears;
  #hears: Hears | undefined;

  /** @param begin runs its script: at its first message, and at the first after each end */
  constructor(scriptURL: string, begin: () => Hears) {
    this.#begin = begin;
    const active = { scriptURL, postMessage: (data: unknown, ports: MessagePort[]) => this.#arrives(data, ports) };
    this.registration = { scope: new URL(".", scriptURL).href, active } as unknown as ServiceWorkerRegistration;
  }

  get isRunning(): boolean {
    return this.#hears !== undefined;
  }

  end(): void {
    this.#hears = undefined;
  }

  #arrives(data: unknown, ports: readonly MessagePort[] = []): void {
    // Node's structuredClone makes plain Blobs of Files, as good for this.
    const clone: unknown = structuredClone(data);
    this.heard.push(clone);
    this.#hears ??= this.#begin();
    this.#hears(clone, ports);
  }
}

/** One that has imported the keeper. */
export function keepingWorker(scriptURL: string, clock: ManualClock): FakeServiceWorker {
  return new FakeServiceWorker(scriptURL, () => {
    const kept = new KeptFiles(clock);
    return (data, ports) => void answer(kept, { data, ports });
  });
}

/** @param own the worker whose scope the page is in */
export function registrationsOf(
  own: FakeServiceWorker | undefined,
  others: readonly FakeServiceWorker[] = [],
): Registrations {
  const all = [...(own ? [own] : []), ...others].map(({ registration }) => registration);
  return {
    getRegistration: async () => own?.registration,
    getRegistrations: async () => all,
  };
}
