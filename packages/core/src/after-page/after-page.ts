/**
 * Hands what is under way over to a worker that outlives the page, when the page is left. Law: crash-only. The worker is as another page:
 * it waits for the same lock, loads the same checkpoint and goes on; the page does not wait for it, and does not know whether it began.
 */
import type { CheckedOptions } from "../check-options.js";
import { tellKeepers } from "../keeper/broadcast.js";
import type { Line } from "../line.js";
import { idOfQueued } from "../run/files-left.js";
import type { ObjectStore } from "../store/object-store.js";
import type { Job } from "../upload/job.js";
import { handleOf } from "../upload/source.js";
import { type HandedOver, type HandedUpload, hello } from "./messages.js";
import type { SharedStarter } from "./shared-worker.js";

interface AfterPageTools {
  readonly checked: CheckedOptions;
  readonly store: ObjectStore;
  readonly line: Line;
  readonly controlled: () => boolean;
  /** Loads the way to a worker that outlives the page. */
  readonly starter: () => Promise<SharedStarter>;
}

export class AfterPage {
  readonly #tools: AfterPageTools;
  #starter: SharedStarter | undefined;

  constructor(tools: AfterPageTools) {
    this.#tools = tools;
  }

  /** Would what is under way go on, if the page was left now? */
  get goesOn(): boolean {
    return this.#starter?.isReady === true && this.#tools.store.portable?.() !== undefined;
  }

  /** Called when an upload begins: a page that uploads nothing loads nothing. */
  prepare(): void {
    if (this.#forbidden() === undefined && !this.#starter?.isReady) this.#find();
  }

  /** @returns why uploads end with the page, as half a sentence; undefined if they go on */
  async look(): Promise<string | undefined> {
    const forbidden = this.#forbidden();
    if (forbidden !== undefined) return forbidden;
    const problem = await this.#find();
    return problem ?? (this.goesOn ? undefined : "nobody could sign without the page: it has no token in hand");
  }

  /** Works while the page unloads, and never throws. */
  leaves(left: readonly Job[]): void {
    // What is queued was not opened: the next page takes it from the keeper, and this worker would send it a second time.
    const jobs = left.filter(({ memory }) => memory.opened !== undefined);
    if (jobs.length === 0 || this.#forbidden() !== undefined) return;
    const { checked, store, line, controlled } = this.#tools;
    const portable = store.portable?.();
    if (portable === undefined) return;
    const { retry, fixedConnections, smallFiles, settings } = checked;
    const handed: HandedOver = {
      ...hello,
      ...{ store: portable, engine: { retry, fixedConnections, smallFiles, settings } },
      ...{ line: line.known, controlled: controlled(), uploads: jobs.map((job) => handedOver(store.location, job)) },
    };
    try {
      this.#starter?.start()?.port.postMessage(handed);
    } catch {
      // Something that cannot be passed on, such as data of the app that cannot be cloned twice: the next page goes on.
    }
  }

  /** @param release true: what goes on of earlier pages is let go of, too */
  close(release: boolean): void {
    this.#starter?.close();
    const { scope } = this.#tools.checked.settings;
    if (release && this.#forbidden() === undefined) tellKeepers({ act: "release", scope });
  }

  /** @returns why no such worker starts here. Never rejects */
  async #find(): Promise<string | undefined> {
    try {
      const starter = await this.#tools.starter();
      // At once: close() ends a look that waits for a worker which never greets.
      this.#starter = starter;
      await starter.look();
      return starter.problem;
    } catch (cause) {
      return String(cause);
    }
  }

  /** @returns why the app's options keep uploads in the page */
  #forbidden(): string | undefined {
    const { afterPage, checkpoints, workers, connection } = this.#tools.checked;
    if (afterPage === "pause") return 'afterPage is "pause"';
    if (checkpoints === false) return "checkpoints: false keeps them in the memory of the page";
    if (checkpoints !== undefined) return "the checkpoints are the app's own";
    if (workers.create !== undefined) return "workers.create is the app's own";
    if (this.#tools.store.portable === undefined) return `a store of the kind "${connection.kind}" needs its page`;
    return undefined;
  }
}

/** With the handle, by which its note is known. */
function handedOver(location: string, job: Job): HandedUpload {
  const { opened, source, checkpointId, note } = job.memory;
  const handle = opened?.handle ?? handleOf(source);
  const file = opened?.file;
  const known = [checkpointId, note?.id, idOfQueued(location, job)].flatMap((id) => id ?? []);
  const { options } = job;
  if (file === undefined || handle === undefined) return { source: file ?? source, options, known };
  return { source: { file: file as File, handle, path: handle.name }, options, known };
}
