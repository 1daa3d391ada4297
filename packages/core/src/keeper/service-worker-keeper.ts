/** A page's keeper in the app's service worker, or in one of its own that controls no page: where `@ossicle/core/keeper` was imported. */
import type { Clock } from "../platform/clock.js";
import { askKeeper } from "./ask.js";
import type { Keeper, KeptFile } from "./keeper.js";
import { type Asked, sealed } from "./messages.js";

/** The name of the ready file, as the documents have it. */
const readyFile = /[/]ossicle-keeper[.]js$/;

/** What of `navigator.serviceWorker` is used. */
export type Registrations = Pick<ServiceWorkerContainer, "getRegistration" | "getRegistrations">;

export class ServiceWorkerKeeper implements Keeper {
  readonly #scope: string;
  readonly #container: Registrations;
  readonly #clock: Pick<Clock, "sleep">;
  /** Those whose worker has answered. A registration knows its worker of today, also after an update. */
  #registrations: readonly ServiceWorkerRegistration[] = [];

  constructor(scope: string, container: Registrations, clock: Pick<Clock, "sleep">) {
    this.#scope = scope;
    this.#container = container;
    this.#clock = clock;
  }

  get isThere(): boolean {
    return this.#registrations.some(({ active }) => active !== null);
  }

  async look(): Promise<boolean> {
    await this.kept([]);
    return this.isThere;
  }

  keep(files: readonly KeptFile[]): void {
    if (files.length > 0) this.#tell({ act: "keep", scope: this.#scope, files });
  }

  async kept(ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    const files = await this.#ask({ act: "kept", scope: this.#scope, ids });
    return new Map(files.map(({ id, file }) => [id, file]));
  }

  async queued(): Promise<readonly KeptFile[]> {
    return await this.#ask({ act: "queued", scope: this.#scope });
  }

  async release(ids?: readonly string[]): Promise<void> {
    if (!this.isThere) await this.look();
    this.#tell({ act: "release", scope: this.#scope, ids });
  }

  async #ask(question: Parameters<typeof askKeeper>[1]): Promise<readonly KeptFile[]> {
    const asked = (await this.#possible()).map(async (registration) => {
      const { active } = registration;
      const files = active === null ? undefined : await askKeeper(active, question, this.#clock);
      return files && { registration, files };
    });
    const answers = (await Promise.all(asked)).flatMap((answer) => answer ?? []);
    this.#registrations = answers.map(({ registration }) => registration);
    return answers.flatMap(({ files }) => files);
  }

  #tell(said: Asked): void {
    for (const { active } of this.#registrations) {
      try {
        active?.postMessage(sealed(said));
      } catch {
        // A file that this browser cannot pass on: the user picks it again.
      }
    }
  }

  /** The worker of this page, and the ready file wherever it is registered. Other workers of the origin are other apps': they are let sleep. */
  async #possible(): Promise<readonly ServiceWorkerRegistration[]> {
    try {
      const [own, all] = await Promise.all([this.#container.getRegistration(), this.#container.getRegistrations()]);
      const ready = all.filter(({ active }) => active !== null && readyFile.test(new URL(active.scriptURL).pathname));
      // The same registration is the same object, but not in every browser.
      return [...new Map([...(own ? [own] : []), ...ready].map((each) => [each.scope, each])).values()];
    } catch {
      return []; // In private mode, in a sandboxed frame: no page of this origin has any.
    }
  }
}
