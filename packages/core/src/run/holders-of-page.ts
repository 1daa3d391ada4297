/** The runs of this page that hold a checkpoint's lock, for those of the same file that wait for them. */
import type { Progress } from "../api/upload.js";
import type { ObjectTarget } from "../store/object-store.js";
import type { Job } from "../upload/job.js";
import { lockName } from "./checkpoints/checkpoint-id.js";
import type { Reporter } from "./progress/reporter.js";

export interface Holder {
  readonly job: Job;
  readonly reporter: Reporter;
}

export interface Watcher {
  /** A run of this page has taken the lock, or given it back. */
  readonly onHolder: (target: ObjectTarget | undefined) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** One for each page. */
export class HoldersOfPage {
  readonly #holders = new Map<string, Holder>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** @param checkpointId whose lock was given to that run. @returns to be called when it gives it back */
  enter(checkpointId: string, holder: Holder): () => void {
    const id = lockName(checkpointId);
    this.#holders.set(id, holder);
    const unfollow = holder.reporter.follow((progress) => this.#each(id, ({ onProgress }) => onProgress(progress)));
    this.#each(id, (watcher) => tell(watcher, holder));
    return () => {
      unfollow();
      this.#holders.delete(id);
      this.#each(id, ({ onHolder }) => onHolder(undefined));
    };
  }

  has(checkpointId: string): boolean {
    return this.#holders.has(lockName(checkpointId));
  }

  /** Tells at once what is so now. @returns what ends the watch */
  watch(checkpointId: string, watcher: Watcher): () => void {
    const id = lockName(checkpointId);
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    const holder = this.#holders.get(id);
    if (holder === undefined) watcher.onHolder(undefined);
    else tell(watcher, holder);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  #each(id: string, act: (watcher: Watcher) => void): void {
    for (const watcher of [...(this.#watchers.get(id) ?? [])]) act(watcher);
  }
}

function tell({ onHolder, onProgress }: Watcher, { job, reporter }: Holder): void {
  onHolder(job.target);
  onProgress(reporter.progress);
}
